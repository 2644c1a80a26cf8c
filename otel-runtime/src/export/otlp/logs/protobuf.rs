//! A log record, straight into the bytes of `opentelemetry.proto.logs.v1.LogRecord`.
//!
//! As the span encoder beside it, and with the bytes that every canonical encoder gives. Follows [logs.proto] of OTLP 1.x.
//!
//! [logs.proto]: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto

use super::{body, place};
use crate::export::log_view::LogView;
use crate::export::otlp::encode::{put_attributes, put_text, put_value, value_len};
use crate::export::otlp::protobuf::{
    fixed64_tag, length_tag, put_delimited, put_header, put_message, put_optional_varint,
    varint_tag,
};

const FLAGS_TAG: u8 = 8 << 3 | 5;

/// Appends the record as an element of `ScopeLogs.log_records`.
pub(super) fn put_record(out: &mut Vec<u8>, log: &LogView<'_>) {
    put_message(out, length_tag(2), |out| put_fields(out, log));
}

fn put_fields(out: &mut Vec<u8>, log: &LogView<'_>) {
    put_fixed64(out, 1, log.unix_ns);
    out.extend_from_slice(&[varint_tag(2), log.severity.number()]);
    put_text(out, 3, log.severity.as_str());
    if let Some(body) = body(log) {
        put_header(out, length_tag(5), value_len(body));
        put_value(out, body);
    }
    put_attributes(out, 6, log.attributes);
    for attribute in place(log) {
        put_attributes(out, 6, &[attribute]);
    }
    put_optional_varint(out, varint_tag(7), log.dropped_attributes);
    if let Some(flags) = flags(log) {
        out.push(FLAGS_TAG);
        out.extend_from_slice(&flags.to_le_bytes());
    }
    if let Some(trace_id) = log.trace_id {
        put_delimited(out, length_tag(9), &trace_id.to_bytes());
    }
    if let Some(span_id) = log.span_id {
        put_delimited(out, length_tag(10), &span_id.to_bytes());
    }
    put_fixed64(out, 11, log.observed_unix_ns);
    put_text(out, 12, log.event_name);
}

/// The flags, if any is set.
fn flags(log: &LogView<'_>) -> Option<u32> {
    let flags = u32::from(log.trace_flags.bits());
    (flags != 0).then_some(flags)
}

/// A field of eight bytes, left out when it is zero.
fn put_fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        out.push(fixed64_tag(field));
        out.extend_from_slice(&value.to_le_bytes());
    }
}
