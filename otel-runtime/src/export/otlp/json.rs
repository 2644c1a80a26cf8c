//! A finished span as OTLP/JSON.
//!
//! The [mapping] is protobuf's own with four turns: ids are lowercase hex,
//! enums are numbers, names are lowerCamelCase, 64-bit whole numbers are texts.
//! Control characters are escaped, so that a request is always one line.
//!
//! [mapping]: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

use super::encode::flags;
use crate::export::json::{put, put_double, put_text};
use crate::export::view::{Attribute, EventView, LinkView, Scope, SpanView, Status, Value};
use crate::resource::{Resource, ResourceValue};

/// Appends the span as one object.
pub(super) fn put_span(out: &mut Vec<u8>, span: &SpanView<'_>) {
    put(out, format_args!("{{\"traceId\":\"{}\"", span.trace_id));
    put(out, format_args!(",\"spanId\":\"{}\"", span.span_id));
    put_trace_state(out, span.trace_state);
    if let Some(parent) = span.parent_span_id {
        put(out, format_args!(",\"parentSpanId\":\"{parent}\""));
    }
    out.extend_from_slice(b",\"name\":");
    put_text(out, span.name);
    put(out, format_args!(",\"kind\":{}", span.kind as u8));
    put(
        out,
        format_args!(",\"startTimeUnixNano\":\"{}\"", span.start_unix_ns),
    );
    put(
        out,
        format_args!(",\"endTimeUnixNano\":\"{}\"", span.end_unix_ns),
    );
    put_attributes(out, span.attributes, span.dropped_attributes);
    put_list(out, "events", span.events, put_event);
    put_count(out, "droppedEventsCount", span.dropped_events);
    put_list(out, "links", span.links, put_link);
    put_count(out, "droppedLinksCount", span.dropped_links);
    match span.status {
        Status::Unset => {}
        Status::Ok => out.extend_from_slice(b",\"status\":{\"code\":1}"),
        Status::Error(message) => {
            out.extend_from_slice(b",\"status\":{\"message\":");
            put_text(out, message);
            out.extend_from_slice(b",\"code\":2}");
        }
    }
    let flags = flags(span.trace_flags, span.parent_is_remote);
    put(out, format_args!(",\"flags\":{flags}}}"));
}

/// Appends the resource as one object.
pub(super) fn put_resource(out: &mut Vec<u8>, resource: &Resource) {
    out.extend_from_slice(b"{\"attributes\":[");
    for (index, (key, value)) in resource.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let value = match value {
            ResourceValue::Bool(value) => Value::Bool(*value),
            ResourceValue::Int(value) => Value::Int(*value),
            ResourceValue::Double(value) => Value::Double(*value),
            ResourceValue::Str(value) => Value::Str(value),
        };
        put_attribute(out, &Attribute { key, value });
    }
    out.extend_from_slice(b"]}");
}

/// Appends the instrumentation scope as one object.
pub(super) fn put_scope(out: &mut Vec<u8>, scope: Scope<'_>) {
    out.extend_from_slice(b"{\"name\":");
    put_text(out, scope.name);
    if !scope.version.is_empty() {
        out.extend_from_slice(b",\"version\":");
        put_text(out, scope.version);
    }
    out.push(b'}');
}

fn put_event(out: &mut Vec<u8>, event: &EventView<'_>) {
    put(
        out,
        format_args!("{{\"timeUnixNano\":\"{}\",\"name\":", event.unix_ns),
    );
    put_text(out, event.name);
    put_attributes(out, event.attributes, event.dropped_attributes);
    out.push(b'}');
}

fn put_link(out: &mut Vec<u8>, link: &LinkView<'_>) {
    put(out, format_args!("{{\"traceId\":\"{}\"", link.trace_id));
    put(out, format_args!(",\"spanId\":\"{}\"", link.span_id));
    put_trace_state(out, link.trace_state);
    put_attributes(out, link.attributes, link.dropped_attributes);
    let flags = flags(link.trace_flags, link.is_remote);
    put(out, format_args!(",\"flags\":{flags}}}"));
}

fn put_trace_state(out: &mut Vec<u8>, trace_state: &str) {
    if !trace_state.is_empty() {
        out.extend_from_slice(b",\"traceState\":");
        put_text(out, trace_state);
    }
}

fn put_attributes(out: &mut Vec<u8>, attributes: &[Attribute<'_>], dropped: u32) {
    put_list(out, "attributes", attributes, put_attribute);
    put_count(out, "droppedAttributesCount", dropped);
}

pub(super) fn put_attribute(out: &mut Vec<u8>, attribute: &Attribute<'_>) {
    out.extend_from_slice(b"{\"key\":");
    put_text(out, attribute.key);
    out.extend_from_slice(b",\"value\":");
    put_value(out, attribute.value);
    out.push(b'}');
}

pub(super) fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Bool(value) => put(out, format_args!("{{\"boolValue\":{value}}}")),
        Value::Int(value) => put(out, format_args!("{{\"intValue\":\"{value}\"}}")),
        Value::Double(value) => {
            out.extend_from_slice(b"{\"doubleValue\":");
            put_double(out, value);
            out.push(b'}');
        }
        Value::Str(value) => {
            out.extend_from_slice(b"{\"stringValue\":");
            put_text(out, value);
            out.push(b'}');
        }
        Value::Array(array) => {
            out.extend_from_slice(b"{\"arrayValue\":{\"values\":[");
            for (index, value) in array.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_value(out, value);
            }
            out.extend_from_slice(b"]}}");
        }
    }
}

pub(super) fn put_list<T>(
    out: &mut Vec<u8>,
    name: &str,
    items: &[T],
    put_item: impl Fn(&mut Vec<u8>, &T),
) {
    if items.is_empty() {
        return;
    }
    put(out, format_args!(",\"{name}\":["));
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put_item(out, item);
    }
    out.push(b']');
}

pub(super) fn put_count(out: &mut Vec<u8>, name: &str, count: u32) {
    if count != 0 {
        put(out, format_args!(",\"{name}\":{count}"));
    }
}
