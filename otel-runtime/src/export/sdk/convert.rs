//! A finished span as the SDK's own data.

use std::mem::size_of;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{self, Event, Link, SpanContext, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, StringValue, Value as SdkValue};
use opentelemetry_sdk::Resource as SdkResource;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use crate::context::{SpanId, TraceFlags, TraceId};
use crate::export::view::{Array, Attribute, EventView, LinkView, Scope, SpanView, Status, Value};
use crate::resource::{Resource, ResourceValue};
use crate::site::SpanKind;

/// The scope of the span before, which is usually that of the next one.
#[derive(Debug, Default)]
pub(super) struct ScopeCache(Option<InstrumentationScope>);

impl ScopeCache {
    pub(super) fn of(&mut self, scope: Scope<'_>) -> InstrumentationScope {
        match &self.0 {
            Some(known)
                if known.name() == scope.name && known.version().unwrap_or("") == scope.version =>
            {
                known.clone()
            }
            _ => {
                let mut builder = InstrumentationScope::builder(scope.name.to_owned());
                if !scope.version.is_empty() {
                    builder = builder.with_version(scope.version.to_owned());
                }
                self.0.insert(builder.build()).clone()
            }
        }
    }
}

pub(super) fn span(view: &SpanView<'_>, instrumentation_scope: InstrumentationScope) -> SpanData {
    let mut events = SpanEvents::default();
    events.events = view.events.iter().map(event).collect();
    events.dropped_count = view.dropped_events;
    let mut links = SpanLinks::default();
    links.links = view.links.iter().map(link).collect();
    links.dropped_count = view.dropped_links;
    SpanData {
        span_context: context(
            view.trace_id,
            view.span_id,
            view.trace_flags,
            false,
            view.trace_state,
        ),
        parent_span_id: view.parent_span_id.map_or(trace::SpanId::INVALID, span_id),
        parent_span_is_remote: view.parent_is_remote,
        span_kind: match view.kind {
            SpanKind::Internal => trace::SpanKind::Internal,
            SpanKind::Server => trace::SpanKind::Server,
            SpanKind::Client => trace::SpanKind::Client,
            SpanKind::Producer => trace::SpanKind::Producer,
            SpanKind::Consumer => trace::SpanKind::Consumer,
        },
        name: view.name.to_owned().into(),
        start_time: time(view.start_unix_ns),
        end_time: time(view.end_unix_ns),
        attributes: attributes(view.attributes),
        dropped_attributes_count: view.dropped_attributes,
        events,
        links,
        status: match view.status {
            Status::Unset => trace::Status::Unset,
            Status::Ok => trace::Status::Ok,
            Status::Error(reason) => trace::Status::error(reason.to_owned()),
        },
        instrumentation_scope,
    }
}

pub(super) fn resource(resource: &Resource) -> SdkResource {
    let attributes = resource.iter().map(|(key, value)| {
        let value = match value {
            ResourceValue::Bool(value) => SdkValue::Bool(*value),
            ResourceValue::Int(value) => SdkValue::I64(*value),
            ResourceValue::Double(value) => SdkValue::F64(*value),
            ResourceValue::Str(value) => SdkValue::String(value.to_string().into()),
        };
        KeyValue::new(key.to_owned(), value)
    });
    SdkResource::builder_empty()
        .with_attributes(attributes)
        .build()
}

pub(super) fn trace_id(id: TraceId) -> trace::TraceId {
    trace::TraceId::from_bytes(id.to_bytes())
}

/// About how much memory the span will take.
pub(super) fn estimated_bytes(view: &SpanView<'_>) -> usize {
    let of_attributes = |attributes: &[Attribute<'_>]| -> usize {
        attributes
            .iter()
            .map(|attribute| {
                size_of::<KeyValue>() + attribute.key.len() + text_len(attribute.value)
            })
            .sum()
    };
    let events = view
        .events
        .iter()
        .map(|event| size_of::<Event>() + event.name.len() + of_attributes(event.attributes));
    let links = view
        .links
        .iter()
        .map(|link| size_of::<Link>() + of_attributes(link.attributes));
    size_of::<SpanData>()
        + view.name.len()
        + of_attributes(view.attributes)
        + events.sum::<usize>()
        + links.sum::<usize>()
}

pub(super) fn text_len(value: Value<'_>) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Array(array) => array
            .iter()
            .map(|value| size_of::<StringValue>() + text_len(value))
            .sum(),
        _ => 0,
    }
}

pub(super) fn span_id(id: SpanId) -> trace::SpanId {
    trace::SpanId::from_bytes(id.to_bytes())
}

fn context(
    trace: TraceId,
    span: SpanId,
    flags: TraceFlags,
    is_remote: bool,
    trace_state: &str,
) -> SpanContext {
    SpanContext::new(
        trace_id(trace),
        span_id(span),
        opentelemetry::TraceFlags::new(flags.bits()),
        is_remote,
        // What the SDK does not know as one is left out.
        trace_state.parse().unwrap_or(TraceState::NONE),
    )
}

pub(super) fn time(unix_ns: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(unix_ns)
}

fn event(view: &EventView<'_>) -> Event {
    Event::new(
        view.name.to_owned(),
        time(view.unix_ns),
        attributes(view.attributes),
        view.dropped_attributes,
    )
}

fn link(view: &LinkView<'_>) -> Link {
    Link::new(
        context(
            view.trace_id,
            view.span_id,
            view.trace_flags,
            view.is_remote,
            view.trace_state,
        ),
        attributes(view.attributes),
        view.dropped_attributes,
    )
}

fn attributes(attributes: &[Attribute<'_>]) -> Vec<KeyValue> {
    attributes
        .iter()
        .map(|attribute| KeyValue::new(attribute.key.to_owned(), value(attribute.value)))
        .collect()
}

fn value(value: Value<'_>) -> SdkValue {
    use opentelemetry::Array as SdkArray;

    match value {
        Value::Bool(value) => SdkValue::Bool(value),
        Value::Int(value) => SdkValue::I64(value),
        Value::Double(value) => SdkValue::F64(value),
        Value::Str(text) => SdkValue::String(text.to_owned().into()),
        Value::Array(array) => SdkValue::Array(match array {
            Array::Bools(values) => SdkArray::Bool(values.to_vec()),
            Array::Ints(values) => SdkArray::I64(values.to_vec()),
            Array::Doubles(values) => SdkArray::F64(values.to_vec()),
            Array::Strs(texts) => {
                SdkArray::String(texts.iter().map(|&text| text.to_owned().into()).collect())
            }
        }),
    }
}
