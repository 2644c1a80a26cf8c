//! A log record as one JSON object.

use super::keys::{SERVICE, ServiceKeys, prefix};
use super::time::Timestamps;
use crate::export::digits::{put_hex, put_whole};
use crate::export::json::{put_double, put_escaped, put_text};
use crate::export::log_view::LogView;
use crate::export::view::Value;
use crate::resource::{Resource, ResourceValue};

#[derive(Debug)]
pub(super) struct JsonLines {
    time: Timestamps,
    /// The service as members of an object, a comma before each.
    service: Vec<u8>,
    service_keys: ServiceKeys,
}

/// What a line without fields takes, or more.
const USUAL_BYTES: usize = 512;

impl JsonLines {
    pub(super) fn new(resource: &Resource) -> Self {
        let mut service = Vec::new();
        for key in SERVICE {
            if let Some(value) = resource.value(key) {
                service.push(b',');
                put_text(&mut service, key);
                service.push(b':');
                put_value(&mut service, of_resource(value));
            }
        }
        Self {
            time: Timestamps::new(),
            service,
            service_keys: ServiceKeys::of(resource),
        }
    }

    /// Appends the record, and a line break.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, log: &LogView<'_>) {
        out.reserve(USUAL_BYTES);
        out.extend_from_slice(b"{\"time\":\"");
        self.time.put(out, log.unix_ns, 9);
        out.extend_from_slice(b"\",\"severity\":\"");
        out.extend_from_slice(log.severity.as_str().as_bytes());
        out.extend_from_slice(b"\",\"message\":");
        put_value(out, log.body);
        if !log.event_name.is_empty() {
            out.extend_from_slice(b",\"event_name\":");
            put_text(out, log.event_name);
        }
        out.extend_from_slice(b",\"target\":");
        put_text(out, log.target);
        if let Some(file) = log.file {
            out.extend_from_slice(b",\"file\":");
            put_text(out, file);
        }
        if log.line > 0 {
            out.extend_from_slice(b",\"line\":");
            put_whole(out, log.line.into());
        }
        out.extend_from_slice(&self.service);
        if let Some(trace_id) = log.trace_id {
            out.extend_from_slice(b",\"trace_id\":");
            put_hex(out, trace_id.to_bytes());
        }
        if let Some(span_id) = log.span_id {
            out.extend_from_slice(b",\"span_id\":");
            put_hex(out, span_id.to_bytes());
        }
        for attribute in log.attributes {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(prefix(attribute.key, &self.service_keys).as_bytes());
            put_escaped(out, attribute.key);
            out.extend_from_slice(b"\":");
            put_value(out, attribute.value);
        }
        if log.dropped_attributes > 0 {
            out.extend_from_slice(b",\"dropped_attributes\":");
            put_whole(out, log.dropped_attributes.into());
        }
        out.extend_from_slice(b"}\n");
    }
}

#[inline]
fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Str(text) => put_text(out, text),
        Value::Int(number) => put_whole(out, number),
        Value::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        Value::Double(number) => put_double(out, number),
        Value::Array(array) => {
            out.push(b'[');
            for (index, value) in array.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_value(out, value);
            }
            out.push(b']');
        }
    }
}

fn of_resource(value: &ResourceValue) -> Value<'_> {
    match value {
        ResourceValue::Bool(value) => Value::Bool(*value),
        ResourceValue::Int(value) => Value::Int(*value),
        ResourceValue::Double(value) => Value::Double(*value),
        ResourceValue::Str(value) => Value::Str(value),
    }
}
