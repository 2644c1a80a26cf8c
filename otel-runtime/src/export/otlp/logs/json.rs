//! A log record as OTLP/JSON: as the span encoder beside it has it, one line, no control character.

use super::{body, place};
use crate::export::json::{put, put_text};
use crate::export::log_view::LogView;
use crate::export::otlp::json::{put_attribute, put_count, put_value};

/// Appends the record as one object.
pub(super) fn put_record(out: &mut Vec<u8>, log: &LogView<'_>) {
    let (number, text) = (log.severity.number(), log.severity.as_str());
    put(
        out,
        format_args!(
            "{{\"timeUnixNano\":\"{}\",\"observedTimeUnixNano\":\"{}\",\
             \"severityNumber\":{number},\"severityText\":\"{text}\"",
            log.unix_ns, log.observed_unix_ns
        ),
    );
    if let Some(body) = body(log) {
        out.extend_from_slice(b",\"body\":");
        put_value(out, body);
    }
    let attributes = log.attributes.iter().copied().chain(place(log));
    for (index, attribute) in attributes.clone().enumerate() {
        let before: &[u8] = if index == 0 {
            b",\"attributes\":["
        } else {
            b","
        };
        out.extend_from_slice(before);
        put_attribute(out, &attribute);
    }
    if attributes.count() > 0 {
        out.push(b']');
    }
    put_count(out, "droppedAttributesCount", log.dropped_attributes);
    put_count(out, "flags", log.trace_flags.bits().into());
    if let Some(trace_id) = log.trace_id {
        put(out, format_args!(",\"traceId\":\"{trace_id}\""));
    }
    if let Some(span_id) = log.span_id {
        put(out, format_args!(",\"spanId\":\"{span_id}\""));
    }
    if !log.event_name.is_empty() {
        out.extend_from_slice(b",\"eventName\":");
        put_text(out, log.event_name);
    }
    out.push(b'}');
}
