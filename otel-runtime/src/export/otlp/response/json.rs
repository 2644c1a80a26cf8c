//! Just enough JSON to read an `ExportTraceServiceResponse`, or one of metrics or logs.
//!
//! Reads any document, keeps two values of it, and gives up rather than
//! recurse deeply or panic.

use super::printable;
use crate::export::otlp::transport::Accepted;

/// `{"partialSuccess":{"rejectedSpans":"1","errorMessage":"why"}}`, or nothing of it.
pub(super) fn accepted(body: &[u8]) -> Option<Accepted> {
    let mut accepted = Accepted::default();
    let mut reader = Reader { input: body };
    reader.object(&mut |name, reader| {
        if name != "partialSuccess" || reader.peek()? != b'{' {
            return reader.skip(0);
        }
        reader.object(&mut |name, reader| match name {
            // as good as left out
            _ if reader.peek()? == b'n' => reader.skip(0),
            // 64-bit numbers are texts in OTLP/JSON, but a plain number is understood as well
            "rejectedSpans" | "rejectedDataPoints" | "rejectedLogRecords"
                if reader.peek()? == b'"' =>
            {
                accepted.rejected = reader.text()?.parse().ok()?;
                Some(())
            }
            "rejectedSpans" | "rejectedDataPoints" | "rejectedLogRecords" => {
                accepted.rejected = std::str::from_utf8(reader.word()?).ok()?.parse().ok()?;
                Some(())
            }
            "errorMessage" => {
                accepted.message = printable(reader.text()?.as_bytes());
                Some(())
            }
            _ => reader.skip(0),
        })
    })?;
    reader.blank();
    reader.input.is_empty().then_some(accepted)
}

/// What to do with a member of an object: its name, and the reader in front of its value.
type Member<'m> = dyn FnMut(&str, &mut Reader<'_>) -> Option<()> + 'm;

struct Reader<'a> {
    input: &'a [u8],
}

const DEEPEST: usize = 32;

impl Reader<'_> {
    fn blank(&mut self) {
        self.input = self.input.trim_ascii_start();
    }

    fn peek(&mut self) -> Option<u8> {
        self.blank();
        self.input.first().copied()
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.input.split_first()?;
        self.input = rest;
        Some(byte)
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.input = &self.input[1..])
    }

    fn object(&mut self, member: &mut Member<'_>) -> Option<()> {
        self.expect(b'{')?;
        if self.expect(b'}').is_some() {
            return Some(());
        }
        loop {
            let name = self.text()?;
            self.expect(b':')?;
            member(&name, self)?;
            if self.expect(b'}').is_some() {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.expect(b'[')?;
        if self.expect(b']').is_some() {
            return Some(());
        }
        loop {
            self.skip(depth)?;
            if self.expect(b']').is_some() {
                return Some(());
            }
            self.expect(b',')?;
        }
    }

    fn skip(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'{' => self.object(&mut |_, reader| reader.skip(depth + 1)),
            b'[' => self.array(depth + 1),
            b'"' => self.text().map(|_| ()),
            _ => self.word().map(|_| ()),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Option<&[u8]> {
        self.blank();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let len = self.input.iter().take_while(|byte| is_part(byte)).count();
        let (word, rest) = self.input.split_at(len);
        self.input = rest;
        (len > 0).then_some(word)
    }

    fn text(&mut self) -> Option<String> {
        self.expect(b'"')?;
        let mut text = Vec::new();
        loop {
            match self.byte()? {
                b'"' => return String::from_utf8(text).ok(),
                b'\\' => self.escape(&mut text)?,
                byte => text.push(byte),
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let byte = match self.byte()? {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let (digits, rest) = self.input.split_at_checked(4)?;
                self.input = rest;
                let digits = std::str::from_utf8(digits).ok()?;
                let code = u32::from_str_radix(digits, 16).ok()?;
                // halves of a pair are not worth the trouble in an error message
                let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Some(());
            }
            byte => byte,
        };
        text.push(byte);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_success_is_read_from_json() {
        let read = |text: &str| {
            accepted(text.as_bytes()).map(|accepted| (accepted.rejected, accepted.message))
        };
        assert_eq!(read("{}"), Some((0, String::new())));
        assert_eq!(read(r#"{"partialSuccess":{}}"#), Some((0, String::new())));
        assert_eq!(read(r#"{"partialSuccess":null}"#), Some((0, String::new())));
        let text = r#" { "x": [1, {"y": "z"}, []], "partialSuccess" : { "rejectedSpans": "12",
            "errorMessage": "a\u0041\"b", "other": -1.5e3 } } "#;
        assert_eq!(read(text), Some((12, "aA\"b".to_owned())));
        let points = r#"{"partialSuccess":{"rejectedDataPoints":"4"}}"#;
        assert_eq!(read(points), Some((4, String::new())));
        let nulls = r#"{"partialSuccess":{"rejectedSpans":null,"errorMessage":null}}"#;
        assert_eq!(read(nulls), Some((0, String::new())));
        let number = r#"{"partialSuccess":{"rejectedSpans":3}}"#;
        assert_eq!(read(number), Some((3, String::new())));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        for text in [
            "",
            "ok",
            "[]",
            "<html>",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            "{}{}",
            r#"{"partialSuccess":{"rejectedSpans":"-1"}}"#,
            &deep,
        ] {
            assert_eq!(accepted(text.as_bytes()), None, "{text:.20}");
        }
    }
}
