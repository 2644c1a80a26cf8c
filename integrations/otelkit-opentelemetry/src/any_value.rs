//! Values of log records, which can lie in each other, as they are recorded.
//!
//! Numbers, truth values and texts keep their type, and so do lists of one of these. What is deeper, a
//! map, bytes or a list of several types, becomes JSON: texts and numbers as they are, bytes in Base64,
//! what is no finite number as a text, keys in their order.

use std::fmt::{self, Write};

use opentelemetry::logs::AnyValue;
use otel_runtime::value::{Capture, Sink};

/// A value of the API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded<'a>(pub(crate) &'a AnyValue);

impl Capture for Recorded<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        match self.0 {
            AnyValue::Int(value) => sink.int(*value),
            AnyValue::Double(value) => sink.double(*value),
            AnyValue::String(value) => sink.str(value.as_str()),
            AnyValue::Boolean(value) => sink.bool(*value),
            AnyValue::ListAny(values) => list(values, sink),
            other => sink.display(Json(other)),
        }
    }
}

fn list(values: &[AnyValue], sink: &mut Sink<'_>) {
    let is_all = |is: fn(&AnyValue) -> bool| values.iter().all(is);
    if is_all(|value| matches!(value, AnyValue::String(_))) {
        sink.strs(values.iter().filter_map(|value| match value {
            AnyValue::String(value) => Some(value.as_str()),
            _ => None,
        }));
    } else if is_all(|value| matches!(value, AnyValue::Int(_))) {
        sink.ints(values.iter().filter_map(|value| match value {
            AnyValue::Int(value) => Some(*value),
            _ => None,
        }));
    } else if is_all(|value| matches!(value, AnyValue::Double(_))) {
        sink.doubles(values.iter().filter_map(|value| match value {
            AnyValue::Double(value) => Some(*value),
            _ => None,
        }));
    } else if is_all(|value| matches!(value, AnyValue::Boolean(_))) {
        sink.bools(values.iter().filter_map(|value| match value {
            AnyValue::Boolean(value) => Some(*value),
            _ => None,
        }));
    } else {
        sink.display(JsonList(values, 0));
    }
}

/// Deeper than this nothing is shown: a value of a million lists in each other would end the stack.
const DEEPEST: usize = 64;

/// A value as JSON.
struct Json<'a>(&'a AnyValue);

/// A list as JSON, so deep in other values.
struct JsonList<'a>(&'a [AnyValue], usize);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_value(f, self.0, 0)
    }
}

impl fmt::Display for JsonList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        for (index, value) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write_value(f, value, self.1 + 1)?;
        }
        f.write_char(']')
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &AnyValue, depth: usize) -> fmt::Result {
    match value {
        _ if depth > DEEPEST => f.write_str("null"),
        AnyValue::Int(value) => write!(f, "{value}"),
        // Rust writes the shortest digits that read as the same number, without an exponent.
        AnyValue::Double(value) if value.is_finite() => write!(f, "{value:?}"),
        AnyValue::Double(value) => write_text(f, &value.to_string()),
        AnyValue::String(value) => write_text(f, value.as_str()),
        AnyValue::Boolean(value) => write!(f, "{value}"),
        AnyValue::Bytes(bytes) => write_base64(f, bytes),
        AnyValue::ListAny(values) => write!(f, "{}", JsonList(values, depth)),
        AnyValue::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            f.write_char('{')?;
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    f.write_char(',')?;
                }
                write_text(f, key.as_str())?;
                f.write_char(':')?;
                write_value(f, value, depth + 1)?;
            }
            f.write_char('}')
        }
        _ => f.write_str("null"),
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

fn write_base64(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    f.write_char('"')?;
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            match digit <= chunk.len() {
                true => {
                    let index = bits >> (18 - 6 * digit) & 0x3f;
                    f.write_char(char::from(DIGITS[index as usize]))?;
                }
                false => f.write_char('=')?,
            }
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use opentelemetry::Key;

    fn json(value: AnyValue) -> String {
        Json(&value).to_string()
    }

    #[test]
    fn values_are_json_whatever_is_in_them() {
        let list = |values: Vec<AnyValue>| AnyValue::ListAny(Box::new(values));
        for (value, expected) in [
            (AnyValue::Int(-7), "-7"),
            (AnyValue::Double(0.1), "0.1"),
            (AnyValue::Double(1e300), "1e300"),
            (AnyValue::Double(f64::NAN), "\"NaN\""),
            (
                AnyValue::from("a\"b\\c\n\u{1}ü"),
                "\"a\\\"b\\\\c\\n\\u0001ü\"",
            ),
            (AnyValue::from(&b""[..]), "\"\""),
            (AnyValue::from(&b"f"[..]), "\"Zg==\""),
            (AnyValue::from(&b"fo"[..]), "\"Zm8=\""),
            (AnyValue::from(&b"foo"[..]), "\"Zm9v\""),
            (AnyValue::from(&[0xfb, 0xff][..]), "\"+/8=\""),
            (list(vec![AnyValue::Int(1), list(vec![])]), "[1,[]]"),
        ] {
            assert_eq!(json(value), expected);
        }
    }

    #[test]
    fn maps_have_their_keys_in_order_and_an_end() {
        let mut map = HashMap::new();
        for key in ["b", "a", "c"] {
            map.insert(Key::from(key), AnyValue::Boolean(true));
        }
        let mut value = AnyValue::Map(Box::new(map));
        assert_eq!(json(value.clone()), r#"{"a":true,"b":true,"c":true}"#);
        for _ in 0..1000 {
            value = AnyValue::ListAny(Box::new(vec![value]));
        }
        assert!(json(value).contains("null"));
    }
}
