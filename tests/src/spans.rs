//! Finished spans of any shape, made without running anything.

use otel_runtime::export::{
    Array, Attribute, EventData, EventView, LinkData, LinkView, Outcome, Scope, SpanData, SpanView,
    Status, StatusData, Value, ValueData,
};
use otel_runtime::site::{Name, SiteSpec};
use otel_runtime::{Level, Site, SpanId, SpanKind, TraceFlags, TraceId};
use proptest::collection::vec;
use proptest::prelude::*;

static SITE: Site = Site::new(SiteSpec {
    name: Name::Fixed("test"),
    function: None,
    kind: SpanKind::Internal,
    level: Level::Info,
    target: "otelkit_tests",
    module: "otelkit_tests",
    package: "otelkit-tests",
    version: "0.0.0",
    file: file!(),
    line: 0,
    column: 0,
    fields: &[],
    busy: false,
    logged: false,
    stack_trace: false,
    traced: true,
    metered: false,
    objective: None,
    query: None,
});

/// A span like most: a child, a short name, no fields; `number` makes it different from others.
#[must_use]
pub fn plain(number: u64) -> SpanData {
    let started = 1_700_000_000_000_000_000 + number;
    SpanData {
        name: "Service::handle".to_owned(),
        kind: SpanKind::Internal,
        scope_name: "otelkit-tests".to_owned(),
        scope_version: "0.1.0".to_owned(),
        trace_id: trace(1),
        span_id: SpanId::new(number + 1).expect("not zero"),
        parent_span_id: SpanId::new(u64::MAX),
        parent_is_remote: false,
        trace_flags: TraceFlags::SAMPLED,
        trace_state: String::new(),
        start_unix_ns: started,
        end_unix_ns: started + 1_000,
        outcome: Outcome::Ok,
        status: StatusData::Unset,
        attributes: Vec::new(),
        events: Vec::new(),
        links: Vec::new(),
        dropped_attributes: 0,
        dropped_events: 0,
        dropped_links: 0,
        thread_id: 1,
    }
}

/// The trace of this number.
///
/// # Panics
/// If it is zero.
#[must_use]
pub fn trace(number: u128) -> TraceId {
    TraceId::new(number).expect("not zero")
}

/// Lends the span as the collector lends it to exporters.
pub fn with_view<T>(span: &SpanData, work: impl FnOnce(&SpanView<'_>) -> T) -> T {
    let texts = TextArrays::of(&span.attributes);
    let attributes = attributes(&span.attributes, &texts);
    let event_texts: Vec<_> = span
        .events
        .iter()
        .map(|event| TextArrays::of(&event.attributes))
        .collect();
    let event_attributes: Vec<_> = span
        .events
        .iter()
        .zip(&event_texts)
        .map(|(event, texts)| self::attributes(&event.attributes, texts))
        .collect();
    let events: Vec<_> = span
        .events
        .iter()
        .zip(&event_attributes)
        .map(|(event, attributes)| EventView {
            name: &event.name,
            unix_ns: event.unix_ns,
            attributes,
            dropped_attributes: event.dropped_attributes,
        })
        .collect();
    let link_texts: Vec<_> = span
        .links
        .iter()
        .map(|link| TextArrays::of(&link.attributes))
        .collect();
    let link_attributes: Vec<_> = span
        .links
        .iter()
        .zip(&link_texts)
        .map(|(link, texts)| self::attributes(&link.attributes, texts))
        .collect();
    let links: Vec<_> = span
        .links
        .iter()
        .zip(&link_attributes)
        .map(|(link, attributes)| LinkView {
            trace_id: link.trace_id,
            span_id: link.span_id,
            trace_flags: link.trace_flags,
            is_remote: link.is_remote,
            trace_state: &link.trace_state,
            attributes,
            dropped_attributes: link.dropped_attributes,
        })
        .collect();
    work(&SpanView {
        site: &SITE,
        name: &span.name,
        kind: span.kind,
        scope: Scope {
            name: &span.scope_name,
            version: &span.scope_version,
        },
        trace_id: span.trace_id,
        span_id: span.span_id,
        parent_span_id: span.parent_span_id,
        parent_is_remote: span.parent_is_remote,
        trace_flags: span.trace_flags,
        trace_state: &span.trace_state,
        start_unix_ns: span.start_unix_ns,
        end_unix_ns: span.end_unix_ns,
        outcome: span.outcome,
        status: match &span.status {
            StatusData::Unset => Status::Unset,
            StatusData::Ok => Status::Ok,
            StatusData::Error(message) => Status::Error(message),
        },
        attributes: &attributes,
        events: &events,
        links: &links,
        dropped_attributes: span.dropped_attributes,
        dropped_events: span.dropped_events,
        dropped_links: span.dropped_links,
        thread_id: span.thread_id,
    })
}

/// The texts of text arrays, attribute by attribute.
pub(crate) struct TextArrays<'a>(Vec<Vec<&'a str>>);

impl<'a> TextArrays<'a> {
    pub(crate) fn of(attributes: &'a [(String, ValueData)]) -> Self {
        let texts = attributes.iter().map(|(_, value)| match value {
            ValueData::Strs(texts) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        });
        Self(texts.collect())
    }
}

pub(crate) fn attributes<'a>(
    attributes: &'a [(String, ValueData)],
    texts: &'a TextArrays<'a>,
) -> Vec<Attribute<'a>> {
    attributes
        .iter()
        .zip(&texts.0)
        .map(|((key, value), texts)| Attribute {
            key,
            value: match value {
                ValueData::Bool(value) => Value::Bool(*value),
                ValueData::Int(value) => Value::Int(*value),
                ValueData::Double(value) => Value::Double(*value),
                ValueData::Str(value) => Value::Str(value),
                ValueData::Bools(values) => Value::Array(Array::Bools(values)),
                ValueData::Ints(values) => Value::Array(Array::Ints(values)),
                ValueData::Doubles(values) => Value::Array(Array::Doubles(values)),
                ValueData::Strs(_) => Value::Array(Array::Strs(texts)),
            },
        })
        .collect()
}

/// Any span.
pub fn any_span() -> impl Strategy<Value = SpanData> {
    let who = (
        any_text(),
        any_kind(),
        (any_text(), any_text()),
        (any_trace_id(), any_span_id()),
        proptest::option::of(any_span_id()),
        any::<bool>(),
        (any::<u8>(), any_trace_state()),
    );
    let what = (
        (any_ns(), any_ns()),
        any_outcome(),
        any_status(),
        any_attributes(),
        vec(any_event(), 0..4),
        vec(any_link(), 0..4),
        (any_count(), any_count(), any_count()),
        any::<u64>(),
    );
    (who, what).prop_map(|(who, what)| {
        let (name, kind, scope, ids, parent_span_id, parent_is_remote, flags) = who;
        let (times, outcome, status, attributes, events, links, dropped, thread_id) = what;
        SpanData {
            name,
            kind,
            scope_name: scope.0,
            scope_version: scope.1,
            trace_id: ids.0,
            span_id: ids.1,
            parent_span_id,
            parent_is_remote,
            trace_flags: TraceFlags::from_bits(flags.0),
            trace_state: flags.1,
            start_unix_ns: times.0,
            end_unix_ns: times.1,
            outcome,
            status,
            attributes,
            events,
            links,
            dropped_attributes: dropped.0,
            dropped_events: dropped.1,
            dropped_links: dropped.2,
            thread_id,
        }
    })
}

pub(crate) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => "[a-z.]{1,20}",
        20 => any::<String>(),
        10 => Just(String::new()),
        10 => "[\"\\\\/\u{0}-\u{1f}\u{7f}\u{2028}]{1,10}",
        // around the lengths at which a length takes one more byte
        10 => (120..136usize).prop_map(|len| "x".repeat(len)),
        1 => (16_380..16_390usize).prop_map(|len| "é".repeat(len / 2)),
    ]
}

pub(crate) fn any_count() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(1), any::<u32>(), Just(u32::MAX)]
}

pub(crate) fn any_ns() -> impl Strategy<Value = u64> {
    prop_oneof![1..=u64::MAX, Just(u64::MAX), Just(1)]
}

pub(crate) fn any_trace_id() -> impl Strategy<Value = TraceId> {
    (1..=u128::MAX).prop_map(|id| TraceId::new(id).expect("not zero"))
}

pub(crate) fn any_span_id() -> impl Strategy<Value = SpanId> {
    (1..=u64::MAX).prop_map(|id| SpanId::new(id).expect("not zero"))
}

fn any_kind() -> impl Strategy<Value = SpanKind> {
    prop_oneof![
        Just(SpanKind::Internal),
        Just(SpanKind::Server),
        Just(SpanKind::Client),
        Just(SpanKind::Producer),
        Just(SpanKind::Consumer),
    ]
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Ok),
        Just(Outcome::Error),
        Just(Outcome::Panicked),
        Just(Outcome::Cancelled),
    ]
}

fn any_status() -> impl Strategy<Value = StatusData> {
    prop_oneof![
        Just(StatusData::Unset),
        Just(StatusData::Ok),
        any_text().prop_map(StatusData::Error),
    ]
}

fn any_double() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(f64::MIN_POSITIVE / 2.0),
        Just(f64::MAX),
    ]
}

pub(crate) fn any_value() -> impl Strategy<Value = ValueData> {
    prop_oneof![
        any::<bool>().prop_map(ValueData::Bool),
        any::<i64>().prop_map(ValueData::Int),
        prop_oneof![Just(0), Just(i64::MIN), Just(i64::MAX), Just(-1)].prop_map(ValueData::Int),
        any_double().prop_map(ValueData::Double),
        any_text().prop_map(ValueData::Str),
        vec(any::<bool>(), 0..4).prop_map(ValueData::Bools),
        vec(any::<i64>(), 0..20).prop_map(ValueData::Ints),
        vec(any_double(), 0..20).prop_map(ValueData::Doubles),
        vec(any_text(), 0..4).prop_map(ValueData::Strs),
    ]
}

pub(crate) fn any_attributes() -> impl Strategy<Value = Vec<(String, ValueData)>> {
    vec((any_text(), any_value()), 0..5)
}

fn any_event() -> impl Strategy<Value = EventData> {
    (any_text(), any_ns(), any_attributes(), any_count()).prop_map(
        |(name, unix_ns, attributes, dropped_attributes)| EventData {
            name,
            unix_ns,
            attributes,
            dropped_attributes,
        },
    )
}

/// Such as propagation lets through.
fn any_trace_state() -> impl Strategy<Value = String> {
    const MEMBER: &str = "[a-z0-9][a-z0-9_@*/-]{0,12}=[ -+--<>-~]{0,12}[!-+--<>-~]";
    vec((0..1000_u16, MEMBER), 0..4).prop_map(|members| {
        let member = |(number, member): &(u16, String)| format!("{number}{member}");
        members.iter().map(member).collect::<Vec<_>>().join(",")
    })
}

fn any_link() -> impl Strategy<Value = LinkData> {
    let ids = (any_trace_id(), any_span_id());
    (
        ids,
        any::<u8>(),
        (any::<bool>(), any_trace_state()),
        any_attributes(),
        any_count(),
    )
        .prop_map(
            |(ids, flags, from, attributes, dropped_attributes)| LinkData {
                trace_id: ids.0,
                span_id: ids.1,
                trace_flags: TraceFlags::from_bits(flags),
                is_remote: from.0,
                trace_state: from.1,
                attributes,
                dropped_attributes,
            },
        )
}
