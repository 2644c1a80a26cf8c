//! Everything that can be said of a span with the API.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Event, Link, Span, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId,
    TraceState, Tracer,
};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value, global};
use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};

fn one(spans: Vec<SpanData>) -> SpanData {
    let [span] = <[SpanData; 1]>::try_from(spans).expect("one span");
    span
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn other(id: u64) -> SpanContext {
    SpanContext::new(
        TraceId::from(7),
        SpanId::from(id),
        TraceFlags::SAMPLED,
        true,
        TraceState::from_key_value([("a", "1")]).unwrap(),
    )
}

#[test]
fn everything_given_to_the_builder_is_recorded() {
    let mut observed = crate::start();
    let tracer = global::tracer("library");
    let builder = SpanBuilder::from_name("work")
        .with_kind(SpanKind::Producer)
        .with_start_time(at(1_000_000_000))
        .with_attributes([KeyValue::new("a", 1), KeyValue::new("b", "two")])
        .with_events(vec![Event::new(
            "begun",
            at(1_000_000_001),
            vec![KeyValue::new("c", 3.5)],
            0,
        )])
        .with_links(vec![Link::new(other(5), vec![KeyValue::new("d", true)], 0)]);
    let mut span = tracer.build(builder);
    assert!(span.is_recording());
    span.end_with_timestamp(at(1_000_000_002));
    assert!(!span.is_recording());
    let span = one(observed.spans(1));
    assert_eq!(span.name, "work");
    assert_eq!(span.kind, otel_runtime::SpanKind::Producer);
    assert_eq!(span.start_unix_ns, 1_000_000_000_000_000_000);
    assert_eq!(span.end_unix_ns, 1_000_000_002_000_000_000);
    assert_eq!(span.attribute("a"), Some(&ValueData::Int(1)));
    assert_eq!(span.attribute("b"), Some(&ValueData::Str("two".into())));
    let event = &span.events[0];
    assert_eq!(
        (event.name.as_str(), event.unix_ns),
        ("begun", 1_000_000_001_000_000_000)
    );
    assert_eq!(event.attribute("c"), Some(&ValueData::Double(3.5)));
    let link = &span.links[0];
    assert_eq!(
        (link.trace_id.get(), link.span_id.get(), link.is_remote),
        (7, 5, true)
    );
    assert_eq!(link.trace_state, "a=1");
    assert_eq!(link.attributes.len(), 1);
    assert_eq!(observed.undeclared(), 0);
}

#[test]
fn everything_said_later_is_recorded_and_nothing_after_the_end() {
    let mut observed = crate::start();
    let mut span = global::tracer("library").start("first name");
    span.set_attribute(KeyValue::new("a", 1));
    span.set_attributes([KeyValue::new("a", 2), KeyValue::new("b", 3)]);
    span.add_event("now", vec![KeyValue::new("x", 1)]);
    span.add_event_with_timestamp("then", at(5), vec![]);
    span.record_error(&std::fmt::Error);
    span.add_link(other(9), vec![]);
    // Nothing that could be linked to.
    span.add_link(SpanContext::NONE, vec![]);
    span.update_name("last name");
    span.set_status(Status::error("no"));
    span.end();
    span.set_attribute(KeyValue::new("late", 1));
    span.add_event("late", vec![]);
    span.set_status(Status::Ok);
    span.end();
    drop(span);
    let span = one(observed.spans(1));
    assert_eq!(span.name, "last name");
    let attributes: Vec<_> = span
        .attributes
        .iter()
        .map(|(key, value)| (key.as_str(), value.clone()))
        .collect();
    assert_eq!(
        attributes,
        [("a", ValueData::Int(2)), ("b", ValueData::Int(3))]
    );
    let events: Vec<_> = span
        .events
        .iter()
        .map(|event| event.name.as_str())
        .collect();
    assert_eq!(events, ["now", "then", "exception"]);
    assert_eq!(span.events[1].unix_ns, 5_000_000_000);
    assert!(span.events[2].attribute("exception.message").is_some());
    assert_eq!(span.links.len(), 1);
    assert_eq!(span.status, StatusData::Error("no".into()));
    assert_eq!(span.outcome, Outcome::Ok);
}

#[test]
fn every_type_of_value_keeps_its_type() {
    let mut observed = crate::start();
    let strings = vec![StringValue::from("x"), StringValue::from("y")];
    let values: Vec<(&str, Value)> = vec![
        ("bool", true.into()),
        ("int", i64::MIN.into()),
        ("double", (-0.5).into()),
        ("str", "größe".into()),
        ("bools", Value::Array(Array::Bool(vec![true, false]))),
        ("ints", Value::Array(Array::I64(vec![1, -1]))),
        ("doubles", Value::Array(Array::F64(vec![0.5]))),
        ("strs", Value::Array(Array::String(strings))),
        ("none", Value::Array(Array::I64(vec![]))),
    ];
    let mut span = global::tracer("library").start("values");
    span.set_attributes(
        values
            .into_iter()
            .map(|(key, value)| KeyValue::new(key, value)),
    );
    drop(span);
    let span = one(observed.spans(1));
    let expected = [
        ("bool", ValueData::Bool(true)),
        ("int", ValueData::Int(i64::MIN)),
        ("double", ValueData::Double(-0.5)),
        ("str", ValueData::Str("größe".into())),
        ("bools", ValueData::Bools(vec![true, false])),
        ("ints", ValueData::Ints(vec![1, -1])),
        ("doubles", ValueData::Doubles(vec![0.5])),
        ("strs", ValueData::Strs(vec!["x".into(), "y".into()])),
        ("none", ValueData::Ints(vec![])),
    ];
    for (key, value) in expected {
        assert_eq!(span.attribute(key), Some(&value), "{key}");
    }
}

#[test]
fn every_kind_is_kept_and_the_default_is_internal() {
    let mut observed = crate::start();
    let tracer = global::tracer("library");
    tracer.start("none").end();
    for kind in [
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ] {
        let name = format!("{kind:?}");
        drop(tracer.build(SpanBuilder::from_name(name).with_kind(kind)));
    }
    for span in observed.spans(6) {
        let kind = match span.name.as_str() {
            "none" => "Internal",
            name => name,
        };
        assert_eq!(format!("{:?}", span.kind), kind);
    }
}

#[test]
fn a_good_status_is_final_and_an_unset_one_says_nothing() {
    let mut observed = crate::start();
    let tracer = global::tracer("library");
    let said = |name: &'static str, said: Vec<Status>| {
        let mut span = tracer.start(name);
        said.into_iter().for_each(|status| span.set_status(status));
    };
    said(
        "1",
        vec![Status::error("b"), Status::error("a"), Status::Unset],
    );
    said(
        "2",
        vec![Status::error("a"), Status::Ok, Status::error("b")],
    );
    said("3", vec![Status::Unset]);
    let mut spans = observed.spans(3);
    spans.sort_by(|one, other| one.name.cmp(&other.name));
    let statuses: Vec<_> = spans.into_iter().map(|span| span.status).collect();
    let expected = [
        StatusData::Error("a".into()),
        StatusData::Ok,
        StatusData::Unset,
    ];
    assert_eq!(statuses, expected);
}

#[test]
fn the_instrumentation_scope_is_told() {
    let mut observed = crate::start();
    let scope = InstrumentationScope::builder("my-library")
        .with_version("1.2.3")
        .with_schema_url("https://opentelemetry.io/schemas/1.38.0")
        .with_attributes([KeyValue::new("flavour", "plain")])
        .build();
    global::tracer_with_scope(scope).start("work").end();
    let span = one(observed.spans(1));
    assert_eq!(span.scope_name, "my-library");
    assert_eq!(span.scope_version, "1.2.3");
    assert_eq!(
        span.attribute("otel.scope.flavour"),
        Some(&ValueData::Str("plain".into()))
    );
    assert_eq!(
        span.attribute("otel.scope.schema_url"),
        Some(&ValueData::Str(
            "https://opentelemetry.io/schemas/1.38.0".into()
        ))
    );
}

#[test]
fn an_end_that_is_told_belongs_to_a_start_that_is_not() {
    let mut observed = crate::start();
    let before = SystemTime::now();
    let mut span = global::tracer("library").start("work");
    let end = SystemTime::now();
    span.end_with_timestamp(end);
    let mut backwards = global::tracer("library").start("backwards");
    backwards.end_with_timestamp(before - Duration::from_secs(3600));
    let spans = observed.spans(2);
    for span in &spans {
        assert!(span.end_unix_ns >= span.start_unix_ns, "{span:?}");
    }
    let unix_ns = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    // As near as the two clocks are to each other.
    let work = spans.iter().find(|span| span.name == "work").unwrap();
    assert!(
        work.end_unix_ns.abs_diff(unix_ns(end)) < 50_000_000,
        "{work:?}"
    );
}
