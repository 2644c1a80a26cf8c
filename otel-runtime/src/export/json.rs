//! The pieces of JSON: texts and numbers, appended to a buffer that is reused.
//!
//! Texts hold no control character, and nothing that breaks lines or that a terminal would obey.

use std::io::Write;

use super::scan::{next_odd, odd_at};

/// Appends a text in quotation marks.
#[inline]
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    put_escaped(out, text);
    out.push(b'"');
}

/// Appends a text as it stands between quotation marks.
#[inline]
pub(super) fn put_escaped(out: &mut Vec<u8>, text: &str) {
    let odd = next_odd(text.as_bytes(), 0);
    out.extend_from_slice(&text.as_bytes()[..odd]);
    if odd < text.len() {
        put_odd(out, text, odd);
    }
}

/// The same from a byte on that may have to be escaped.
fn put_odd(out: &mut Vec<u8>, text: &str, from: usize) {
    let mut plain_from = from;
    let mut index = from;
    while let Some(odd) = odd_at(text, index) {
        let next = index + odd.char.len_utf8();
        let escape: &[u8] = match odd.char {
            '"' => b"\\\"",
            '\\' => b"\\\\",
            '\n' => b"\\n",
            '\r' => b"\\r",
            '\t' => b"\\t",
            _ if odd.is_harmful => b"",
            _ => {
                index = next_odd(text.as_bytes(), next);
                continue;
            }
        };
        out.extend_from_slice(&text.as_bytes()[plain_from..index]);
        if escape.is_empty() {
            // all of them have four digits
            put(out, format_args!("\\u{:04x}", u32::from(odd.char)));
        } else {
            out.extend_from_slice(escape);
        }
        plain_from = next;
        index = next_odd(text.as_bytes(), next);
    }
    out.extend_from_slice(&text.as_bytes()[plain_from..]);
}

/// Appends a number. JSON has no name for three of them; protobuf's mapping writes those as texts.
pub(super) fn put_double(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        out.extend_from_slice(b"\"NaN\"");
    } else if value.is_infinite() {
        let text: &[u8] = if value > 0.0 {
            b"\"Infinity\""
        } else {
            b"\"-Infinity\""
        };
        out.extend_from_slice(text);
    } else {
        put(out, format_args!("{value:?}"));
    }
}

pub(super) fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // writing to a vector cannot fail
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_do_harm_is_escaped_and_nothing_else_is() {
        let escaped = |it: &str| {
            let mut out = Vec::new();
            put_text(&mut out, it);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(escaped("a\"b\\c\n\r\t"), r#""a\"b\\c\n\r\t""#);
        assert_eq!(
            escaped("\u{0}\u{1b}[31m\u{7f}\u{9b}"),
            r#""\u0000\u001b[31m\u007f\u009b""#
        );
        assert_eq!(
            escaped("\u{2028}\u{202e}\u{2066}"),
            r#""\u2028\u202e\u2066""#
        );
        assert_eq!(
            escaped("“a” – €20 §1 ©\u{a0}😀"),
            "\"“a” – €20 §1 ©\u{a0}😀\""
        );
    }
}
