//! A finished span, straight into the bytes of `opentelemetry.proto.trace.v1.Span`.
//!
//! Protobuf wants lengths in front of what they measure. Those of bare spans and of attributes are
//! added up before, where that is quick; other messages are written behind room for their length,
//! and moved if it takes another. Nothing is allocated once the buffer has its size.
//!
//! Fields stand in the order of their numbers and are left out when they hold
//! the default, so the bytes are the ones every canonical encoder gives.
//! Follows [trace.proto] and [common.proto] of OTLP 1.x.
//!
//! [trace.proto]: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
//! [common.proto]: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto

use super::protobuf::{
    delimited_len, fixed64_tag, length_tag, put_delimited, put_header, put_message,
    put_optional_varint, put_varint, varint_len, varint_tag,
};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::export::view::{Array, Attribute, EventView, LinkView, Scope, SpanView, Status, Value};
use crate::resource::{Resource, ResourceValue};

/// `SPAN_FLAGS_CONTEXT_HAS_IS_REMOTE_MASK`: the next bit means something.
const HAS_IS_REMOTE: u32 = 0x100;
/// `SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK`.
const IS_REMOTE: u32 = 0x200;

/// The tag of a span in `ScopeSpans`.
pub(super) const SPANS_TAG: u8 = length_tag(2);
/// Bytes of a span that are always there: both ids, kind, both times, flags.
const SPAN_FIXED_LEN: usize = IDS_LEN + KIND_TIMES_LEN + FLAGS_LEN;
const IDS_LEN: usize = 2 + 16 + 2 + 8;
const PARENT_LEN: usize = 2 + 8;
const KIND_TIMES_LEN: usize = 2 + 9 + 9;
const FLAGS_LEN: usize = 2 + 4;

/// The bits of a span's or link's `flags` field.
pub(super) fn flags(trace_flags: TraceFlags, is_remote: bool) -> u32 {
    let remote = if is_remote { IS_REMOTE } else { 0 };
    u32::from(trace_flags.bits()) | HAS_IS_REMOTE | remote
}

/// Appends the span as an element of `ScopeSpans.spans`.
///
/// In few pieces, because each is a look at the capacity: most spans are two pieces and a name.
#[inline]
pub(super) fn put_span(out: &mut Vec<u8>, span: &SpanView<'_>) {
    if is_bare(span) {
        let len = bare_len(span);
        out.reserve(delimited_len(len));
        put_header(out, SPANS_TAG, len);
        put_ids_and_name(out, span);
        let mut fields = [0; KIND_TIMES_LEN + FLAGS_LEN];
        fields[..KIND_TIMES_LEN].copy_from_slice(&kind_and_times(span));
        fields[KIND_TIMES_LEN..].copy_from_slice(&flags_field(span));
        out.extend_from_slice(&fields);
    } else {
        put_message(out, SPANS_TAG, |out| {
            put_ids_and_name(out, span);
            out.extend_from_slice(&kind_and_times(span));
            put_all_but_bare(out, span);
            out.extend_from_slice(&flags_field(span));
        });
    }
}

#[inline]
fn put_ids_and_name(out: &mut Vec<u8>, span: &SpanView<'_>) {
    let ids = ids(span.trace_id, span.span_id);
    if !span.trace_state.is_empty() {
        put_ids_and_state(out, span, &ids);
    } else if let Some(parent) = span.parent_span_id {
        let mut fields = [0; IDS_LEN + PARENT_LEN];
        fields[..IDS_LEN].copy_from_slice(&ids);
        fields[IDS_LEN] = length_tag(4);
        fields[IDS_LEN + 1] = 8;
        fields[IDS_LEN + 2..].copy_from_slice(&parent.to_bytes());
        out.extend_from_slice(&fields);
    } else {
        out.extend_from_slice(&ids);
    }
    put_text(out, 5, span.name);
}

/// What a bare span has in one piece, with the trace state in between.
#[cold]
fn put_ids_and_state(out: &mut Vec<u8>, span: &SpanView<'_>, ids: &[u8]) {
    out.extend_from_slice(ids);
    put_text(out, 3, span.trace_state);
    if let Some(parent) = span.parent_span_id {
        put_delimited(out, length_tag(4), &parent.to_bytes());
    }
}

/// Appends the `resource` field of `ResourceSpans`.
pub(super) fn put_resource(out: &mut Vec<u8>, resource: &Resource) {
    let mut content = Vec::new();
    for (key, value) in resource.iter() {
        let value = match value {
            ResourceValue::Bool(value) => Value::Bool(*value),
            ResourceValue::Int(value) => Value::Int(*value),
            ResourceValue::Double(value) => Value::Double(*value),
            ResourceValue::Str(value) => Value::Str(value),
        };
        put_attributes(&mut content, 1, &[Attribute { key, value }]);
    }
    put_delimited(out, length_tag(1), &content);
}

/// Appends the `scope` field of `ScopeSpans`.
pub(super) fn put_scope(out: &mut Vec<u8>, scope: Scope<'_>) {
    put_header(
        out,
        length_tag(1),
        text_len(scope.name) + text_len(scope.version),
    );
    put_text(out, 1, scope.name);
    put_text(out, 2, scope.version);
}

/// True if the span has only what every span has.
#[inline]
fn is_bare(span: &SpanView<'_>) -> bool {
    span.attributes.is_empty()
        && span.events.is_empty()
        && span.links.is_empty()
        && span.dropped_attributes | span.dropped_events | span.dropped_links == 0
        && span.status == Status::Unset
        && span.trace_state.is_empty()
}

#[inline]
fn bare_len(span: &SpanView<'_>) -> usize {
    let parent_len = match span.parent_span_id {
        Some(_) => PARENT_LEN,
        None => 0,
    };
    SPAN_FIXED_LEN + parent_len + text_len(span.name)
}

fn put_all_but_bare(out: &mut Vec<u8>, span: &SpanView<'_>) {
    put_attributes(out, 9, span.attributes);
    put_optional_varint(out, varint_tag(10), span.dropped_attributes);
    for event in span.events {
        put_event(out, event);
    }
    put_optional_varint(out, varint_tag(12), span.dropped_events);
    for link in span.links {
        put_link(out, link);
    }
    put_optional_varint(out, varint_tag(14), span.dropped_links);
    put_status(out, span.status);
}

fn ids(trace_id: TraceId, span_id: SpanId) -> [u8; IDS_LEN] {
    let mut fields = [0; IDS_LEN];
    fields[0] = length_tag(1);
    fields[1] = 16;
    fields[2..18].copy_from_slice(&trace_id.to_bytes());
    fields[18] = length_tag(2);
    fields[19] = 8;
    fields[20..].copy_from_slice(&span_id.to_bytes());
    fields
}

fn kind_and_times(span: &SpanView<'_>) -> [u8; KIND_TIMES_LEN] {
    let mut fields = [0; KIND_TIMES_LEN];
    fields[0] = varint_tag(6);
    fields[1] = span.kind as u8;
    fields[2] = fixed64_tag(7);
    fields[3..11].copy_from_slice(&span.start_unix_ns.to_le_bytes());
    fields[11] = fixed64_tag(8);
    fields[12..].copy_from_slice(&span.end_unix_ns.to_le_bytes());
    fields
}

fn flags_field(span: &SpanView<'_>) -> [u8; FLAGS_LEN] {
    let flags = flags(span.trace_flags, span.parent_is_remote);
    let mut field = [0x85, 0x01, 0, 0, 0, 0]; // number 16, four bytes
    field[2..].copy_from_slice(&flags.to_le_bytes());
    field
}

fn put_event(out: &mut Vec<u8>, event: &EventView<'_>) {
    put_message(out, length_tag(11), |out| {
        out.push(fixed64_tag(1));
        out.extend_from_slice(&event.unix_ns.to_le_bytes());
        put_text(out, 2, event.name);
        put_attributes(out, 3, event.attributes);
        put_optional_varint(out, varint_tag(4), event.dropped_attributes);
    });
}

fn put_link(out: &mut Vec<u8>, link: &LinkView<'_>) {
    put_message(out, length_tag(13), |out| {
        out.extend_from_slice(&ids(link.trace_id, link.span_id));
        put_text(out, 3, link.trace_state);
        put_attributes(out, 4, link.attributes);
        put_optional_varint(out, varint_tag(5), link.dropped_attributes);
        out.push(6 << 3 | 5);
        out.extend_from_slice(&flags(link.trace_flags, link.is_remote).to_le_bytes());
    });
}

fn put_status(out: &mut Vec<u8>, status: Status<'_>) {
    let (message, code) = match status {
        Status::Unset => return,
        Status::Ok => ("", 1),
        Status::Error(message) => (message, 2),
    };
    put_header(out, length_tag(15), text_len(message) + 2);
    put_text(out, 2, message);
    out.extend_from_slice(&[varint_tag(3), code]);
}

/// A text field, left out when empty.
#[inline]
pub(super) fn text_len(text: &str) -> usize {
    if text.is_empty() {
        0
    } else {
        delimited_len(text.len())
    }
}

#[inline]
pub(super) fn put_text(out: &mut Vec<u8>, field: u8, text: &str) {
    if !text.is_empty() {
        put_delimited(out, length_tag(field), text.as_bytes());
    }
}

/// Attributes as `KeyValue` messages in this field.
#[inline]
pub(super) fn put_attributes(out: &mut Vec<u8>, field: u8, attributes: &[Attribute<'_>]) {
    for attribute in attributes {
        put_attribute(out, field, attribute);
    }
}

/// Of most attributes each length takes one byte, and goes out with others.
#[inline]
fn put_attribute(out: &mut Vec<u8>, field: u8, attribute: &Attribute<'_>) {
    /// What stands around a key and a text, besides the tag and the length of the whole.
    const AROUND: usize = 6;
    let key = attribute.key;
    match attribute.value {
        Value::Str(text) if key.len() + text.len() < 0x80 - AROUND && !key.is_empty() => {
            let (key_len, text_len) = (key.len() as u8, text.len() as u8);
            let len = key_len + text_len + AROUND as u8;
            out.extend_from_slice(&[length_tag(field), len, length_tag(1), key_len]);
            out.extend_from_slice(key.as_bytes());
            out.extend_from_slice(&[length_tag(2), text_len + 2, length_tag(1), text_len]);
            out.extend_from_slice(text.as_bytes());
        }
        value => {
            let value_len = value_len(value);
            put_header(
                out,
                length_tag(field),
                text_len(key) + delimited_len(value_len),
            );
            put_text(out, 1, key);
            put_header(out, length_tag(2), value_len);
            put_value(out, value);
        }
    }
}

/// The length of an `AnyValue`; a chosen value is written even when it is the default.
#[inline]
pub(super) fn value_len(value: Value<'_>) -> usize {
    match value {
        Value::Bool(_) => 2,
        Value::Int(value) => 1 + varint_len(value as u64),
        Value::Double(_) => 9,
        Value::Str(text) => delimited_len(text.len()),
        Value::Array(array) => delimited_len(array_len(array)),
    }
}

fn array_len(array: Array<'_>) -> usize {
    array
        .iter()
        .map(|value| delimited_len(value_len(value)))
        .sum()
}

pub(super) fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Str(text) => put_delimited(out, length_tag(1), text.as_bytes()),
        Value::Bool(value) => out.extend_from_slice(&[varint_tag(2), u8::from(value)]),
        Value::Int(value) => {
            out.push(varint_tag(3));
            put_varint(out, value as u64);
        }
        Value::Double(value) => {
            out.push(fixed64_tag(4));
            out.extend_from_slice(&value.to_le_bytes());
        }
        Value::Array(array) => {
            put_header(out, length_tag(5), array_len(array));
            for value in array.iter() {
                put_header(out, length_tag(1), value_len(value));
                put_value(out, value);
            }
        }
    }
}
