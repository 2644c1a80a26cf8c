//! Compares a decoded request with what was recorded.

mod values;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status, status};
use otel_runtime::export::{SpanData, StatusData, ValueData};
use otel_runtime::{Resource, ResourceValue};
use values::key_value;

/// The request is of this resource, and holds these spans, in order within each scope.
pub(crate) fn assert_is(
    request: &ExportTraceServiceRequest,
    resource: &Resource,
    spans: &[SpanData],
) {
    let [resource_spans] = &request.resource_spans[..] else {
        panic!("one resource");
    };
    let decoded = resource_spans.resource.as_ref().expect("a resource");
    let expected: Vec<_> = resource
        .iter()
        .map(|(key, value)| key_value(key, &resource_value(value)))
        .collect();
    assert_eq!(decoded.attributes, expected);
    assert_eq!(resource_spans.schema_url, resource.schema_url());
    assert_holds(request, spans);
}

/// The request holds these spans, in order within each scope, and each scope once.
pub(crate) fn assert_holds(request: &ExportTraceServiceRequest, spans: &[SpanData]) {
    let mut scopes: Vec<(&str, &str)> = Vec::new();
    let mut count = 0;
    for scope_spans in &request.resource_spans[0].scope_spans {
        let scope = scope_spans.scope.as_ref().expect("a scope");
        let (name, version) = (scope.name.as_str(), scope.version.as_str());
        assert!(!scopes.contains(&(name, version)), "each scope once");
        scopes.push((name, version));
        let expected: Vec<_> = spans
            .iter()
            .filter(|span| span.scope_name == name && span.scope_version == version)
            .map(expected)
            .collect();
        count += expected.len();
        // NaN is equal to nothing, but looks the same
        assert_eq!(format!("{:?}", scope_spans.spans), format!("{expected:?}"));
    }
    assert_eq!(count, spans.len());
}

/// The request in OTLP/JSON, with odd doubles as zero.
pub(crate) fn read_json(body: &[u8]) -> ExportTraceServiceRequest {
    serde_json::from_value(values::read_json(body)).expect("a request")
}

/// The span with zero for NaN and the infinities.
pub(crate) fn without_odd_doubles(span: &SpanData) -> SpanData {
    let mut span = span.clone();
    let events = span.events.iter_mut().map(|event| &mut event.attributes);
    let links = span.links.iter_mut().map(|link| &mut link.attributes);
    let lists = std::iter::once(&mut span.attributes)
        .chain(events)
        .chain(links);
    for (_, value) in lists.flatten() {
        values::make_doubles_plain(value);
    }
    span
}

fn expected(span: &SpanData) -> Span {
    Span {
        trace_id: span.trace_id.to_bytes().to_vec(),
        span_id: span.span_id.to_bytes().to_vec(),
        trace_state: span.trace_state.clone(),
        parent_span_id: span
            .parent_span_id
            .map_or_else(Vec::new, |id| id.to_bytes().to_vec()),
        flags: flags(span.trace_flags.bits(), span.parent_is_remote),
        name: span.name.clone(),
        kind: match span.kind {
            otel_runtime::SpanKind::Internal => 1,
            otel_runtime::SpanKind::Server => 2,
            otel_runtime::SpanKind::Client => 3,
            otel_runtime::SpanKind::Producer => 4,
            otel_runtime::SpanKind::Consumer => 5,
        },
        start_time_unix_nano: span.start_unix_ns,
        end_time_unix_nano: span.end_unix_ns,
        attributes: key_values(&span.attributes),
        dropped_attributes_count: span.dropped_attributes,
        events: span
            .events
            .iter()
            .map(|event| Event {
                time_unix_nano: event.unix_ns,
                name: event.name.clone(),
                attributes: key_values(&event.attributes),
                dropped_attributes_count: event.dropped_attributes,
            })
            .collect(),
        dropped_events_count: span.dropped_events,
        links: span
            .links
            .iter()
            .map(|link| Link {
                trace_id: link.trace_id.to_bytes().to_vec(),
                span_id: link.span_id.to_bytes().to_vec(),
                trace_state: link.trace_state.clone(),
                attributes: key_values(&link.attributes),
                dropped_attributes_count: link.dropped_attributes,
                flags: flags(link.trace_flags.bits(), link.is_remote),
            })
            .collect(),
        dropped_links_count: span.dropped_links,
        status: match &span.status {
            StatusData::Unset => None,
            StatusData::Ok => Some(Status {
                message: String::new(),
                code: status::StatusCode::Ok as i32,
            }),
            StatusData::Error(message) => Some(Status {
                message: message.clone(),
                code: status::StatusCode::Error as i32,
            }),
        },
    }
}

fn flags(trace_flags: u8, is_remote: bool) -> u32 {
    u32::from(trace_flags) + 256 + if is_remote { 512 } else { 0 }
}

fn key_values(attributes: &[(String, ValueData)]) -> Vec<KeyValue> {
    attributes
        .iter()
        .map(|(key, value)| key_value(key, value))
        .collect()
}

fn resource_value(value: &ResourceValue) -> ValueData {
    match value {
        ResourceValue::Bool(value) => ValueData::Bool(*value),
        ResourceValue::Int(value) => ValueData::Int(*value),
        ResourceValue::Double(value) => ValueData::Double(*value),
        ResourceValue::Str(value) => ValueData::Str(value.to_string()),
    }
}
