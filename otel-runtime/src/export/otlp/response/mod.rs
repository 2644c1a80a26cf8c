//! What a receiver answers, read without trusting it.

mod fields;
#[cfg(all(fuzzing, feature = "otlp-http", feature = "otlp-grpc"))]
pub mod fuzzed;
#[cfg(feature = "otlp-http")]
mod json;
#[cfg(feature = "otlp-http")]
mod retry_after;

use self::fields::{Field, Fields};
use super::transport::Accepted;

pub(super) use fields::Malformed;
#[cfg(feature = "otlp-http")]
pub(super) use retry_after::retry_after;

/// An `ExportTraceServiceResponse` in protobuf, or one of metrics or logs, which has the same fields.
pub(super) fn accepted_protobuf(body: &[u8]) -> Result<Accepted, Malformed> {
    let mut accepted = Accepted::default();
    let mut fields = Fields::new(body);
    while let Some((number, field)) = fields.next_field()? {
        if let (1, Field::Delimited(partial_success)) = (number, field) {
            let mut fields = Fields::new(partial_success);
            while let Some((number, field)) = fields.next_field()? {
                match (number, field) {
                    // a negative count is nonsense
                    (1, Field::Varint(rejected)) => {
                        accepted.rejected =
                            u64::try_from(rejected as i64).map_err(|_| Malformed)?;
                    }
                    (2, Field::Delimited(message)) => accepted.message = printable(message),
                    _ => {}
                }
            }
        }
    }
    Ok(accepted)
}

/// The same in OTLP/JSON.
#[cfg(feature = "otlp-http")]
pub(super) fn accepted_json(body: &[u8]) -> Result<Accepted, Malformed> {
    json::accepted(body).ok_or(Malformed)
}

/// The message of a `google.rpc.Status` in protobuf.
#[cfg(feature = "otlp-http")]
pub(super) fn status_message(body: &[u8]) -> Option<String> {
    let mut fields = Fields::new(body);
    while let Ok(Some((number, field))) = fields.next_field() {
        if let (2, Field::Delimited(message)) = (number, field) {
            return Some(printable(message));
        }
    }
    None
}

/// How long a `google.rpc.RetryInfo` among the details of a `google.rpc.Status` asks to wait.
#[cfg(feature = "otlp-grpc")]
pub(super) fn retry_delay(status: &[u8]) -> Option<std::time::Duration> {
    const TYPE: &[u8] = b"type.googleapis.com/google.rpc.RetryInfo";
    let mut details = Fields::new(status);
    while let Ok(Some((number, field))) = details.next_field() {
        if let (3, Field::Delimited(any)) = (number, field)
            && delimited(any, 1) == Some(TYPE)
        {
            let delay = delimited(delimited(any, 2).unwrap_or_default(), 1).unwrap_or_default();
            return Some(std::time::Duration::new(
                varint(delay, 1).try_into().unwrap_or(0).min(1 << 32),
                varint(delay, 2).try_into().unwrap_or(0).min(999_999_999),
            ));
        }
    }
    None
}

#[cfg(feature = "otlp-grpc")]
fn delimited(message: &[u8], wanted: u64) -> Option<&[u8]> {
    let mut fields = Fields::new(message);
    while let Ok(Some((number, field))) = fields.next_field() {
        match field {
            Field::Delimited(content) if number == wanted => return Some(content),
            _ => {}
        }
    }
    None
}

#[cfg(feature = "otlp-grpc")]
fn varint(message: &[u8], wanted: u64) -> i64 {
    let mut fields = Fields::new(message);
    while let Ok(Some((number, field))) = fields.next_field() {
        match field {
            // protobuf keeps negative numbers as their two's complement
            Field::Varint(value) if number == wanted => return value as i64,
            _ => {}
        }
    }
    0
}

/// A text of others as part of a line: cut, and without control characters.
pub(super) fn printable(text: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if shown.len() < text.len() {
        shown.push_str("..");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_success_is_read_from_protobuf() {
        let accepted = |rejected, message: &str| {
            Ok(Accepted {
                rejected,
                message: message.to_owned(),
            })
        };
        assert_eq!(accepted_protobuf(b""), accepted(0, ""));
        assert_eq!(accepted_protobuf(b"\x0a\x00"), accepted(0, ""));
        assert_eq!(
            accepted_protobuf(b"\x0a\x06\x08\x03\x12\x02no"),
            accepted(3, "no")
        );
        let unknown_fields_too = b"\x0a\x08\x08\x03\x12\x02no\x18\x01\x10\x05";
        assert_eq!(accepted_protobuf(unknown_fields_too), accepted(3, "no"));
        let negative = b"\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
        assert_eq!(accepted_protobuf(negative), Err(Malformed));
        assert_eq!(accepted_protobuf(b"<html>"), Err(Malformed));
    }

    #[cfg(feature = "otlp-grpc")]
    #[test]
    fn the_wait_is_read_from_the_details_of_a_status() {
        use std::time::Duration;

        let mut any = vec![0x0a, 40];
        any.extend_from_slice(b"type.googleapis.com/google.rpc.RetryInfo");
        any.extend_from_slice(b"\x12\x08\x0a\x06\x08\x02\x10\x80\xe1\xeb");
        assert_eq!(retry_delay(&any), None);
        let mut status = vec![0x08, 8, 0x1a, any.len() as u8];
        status.extend_from_slice(&any);
        // the nanoseconds above are cut short, so they count as none
        assert_eq!(retry_delay(&status), Some(Duration::from_secs(2)));
    }

    #[test]
    fn texts_of_others_are_cut_and_stay_on_their_line() {
        assert_eq!(printable(b" a\nb\x1b[31m\xff "), "a b [31m\u{fffd}");
        assert_eq!(printable(&[b'x'; 300]).len(), 202);
    }
}
