//! Numbers in headers, in hexadecimal digits of either case.

use crate::context::{SpanId, TraceId};

/// The number in these digits, between one and `most` of them.
pub(super) fn number(digits: &str, most: usize) -> Option<u128> {
    let is_number =
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u128::from_str_radix(digits, 16).ok())?
}

/// A trace id of up to 32 digits; shorter ones stand for the lower half or less.
pub(super) fn trace_id(digits: &str) -> Option<TraceId> {
    TraceId::new(number(digits, 32)?)
}

/// A span id of up to 16 digits.
pub(super) fn span_id(digits: &str) -> Option<SpanId> {
    SpanId::new(u64::try_from(number(digits, 16)?).ok()?)
}
