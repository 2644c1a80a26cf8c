//! What the fuzzer calls; compiled for it alone.

use std::time::{Duration, SystemTime};

use crate::export::otlp::transport::Accepted;

/// An `ExportTraceServiceResponse` in protobuf, unless the bytes are none.
#[must_use]
pub fn accepted_protobuf(body: &[u8]) -> Option<Accepted> {
    super::accepted_protobuf(body).ok()
}

/// An `ExportTraceServiceResponse` in OTLP/JSON, unless the bytes are none.
#[must_use]
pub fn accepted_json(body: &[u8]) -> Option<Accepted> {
    super::accepted_json(body).ok()
}

/// The message of a `google.rpc.Status` in protobuf.
#[must_use]
pub fn status_message(body: &[u8]) -> Option<String> {
    super::status_message(body)
}

/// The wait in the `RetryInfo` of a `google.rpc.Status`.
#[must_use]
pub fn retry_delay(status: &[u8]) -> Option<Duration> {
    super::retry_delay(status)
}

/// The wait in a `Retry-After` header.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    super::retry_after(value, now)
}
