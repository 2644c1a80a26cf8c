//! Fields, and the fields that have a meaning of their own.

use otel_runtime::SpanKind;
use otel_runtime::export::{StatusData, ValueData};
use tracing::{Span, field, info_span};

use crate::capture;

#[test]
fn values_keep_their_types() {
    let capture = capture();
    drop(info_span!(
        "typed",
        int = -7_i64,
        uint = 7_u64,
        huge = u64::MAX,
        float = 0.5,
        truth = true,
        text = "text",
        shown = %1.5,
        debug = ?Some("x"),
        r#type = "keyword",
        absent = field::Empty,
    ));
    let spans = capture.finish();
    let expected = [
        ("int", ValueData::Int(-7)),
        ("uint", ValueData::Int(7)),
        ("huge", ValueData::Str(u64::MAX.to_string())),
        ("float", ValueData::Double(0.5)),
        ("truth", ValueData::Bool(true)),
        ("text", ValueData::Str("text".into())),
        ("shown", ValueData::Str("1.5".into())),
        ("debug", ValueData::Str("Some(\"x\")".into())),
        ("type", ValueData::Str("keyword".into())),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value));
    assert_eq!(spans.named("typed").attributes, expected);
}

#[test]
fn a_late_value_reaches_its_span_also_from_another_thread() {
    let capture = capture();
    let theirs = info_span!(
        "theirs",
        first = 1,
        late = field::Empty,
        later = field::Empty
    );
    theirs.record("late", "value");
    let also = theirs.clone();
    std::thread::spawn(move || {
        also.record("later", 3);
    })
    .join()
    .unwrap();
    drop(theirs);
    capture
        .finish()
        .assert_tree("theirs first=1 late=value later=3");
}

#[test]
fn fields_of_opentelemetry_say_what_the_span_is() {
    let capture = capture();
    let request = info_span!(
        "request",
        otel.name = "GET /orders/{id}",
        otel.kind = "server",
        otel.status_code = field::Empty,
        otel.status_description = field::Empty,
        http.route = "/orders/{id}",
    );
    request.record("otel.status_code", "ERROR");
    let call = info_span!("call", otel.kind = ?Kind::Client, otel.status_code = "ok");
    drop((call, request));
    let spans = capture.finish();
    let request = spans.named("GET /orders/{id}");
    assert_eq!(request.kind, SpanKind::Server);
    assert_eq!(request.status, StatusData::Error(String::new()));
    assert_eq!(request.attributes.len(), 1);
    let call = spans.named("call");
    assert_eq!(
        (call.kind, &call.status),
        (SpanKind::Client, &StatusData::Ok)
    );
}

#[test]
fn the_scope_is_the_crate_and_the_place_is_known() {
    let capture = capture();
    drop(info_span!(target: "their::part", "theirs"));
    let spans = capture.finish();
    assert_eq!(spans.named("theirs").scope_name, env!("CARGO_CRATE_NAME"));
    let site = otel_runtime::site::sites().find(|site| site.spec().target == "their::part");
    let spec = site.unwrap().spec();
    assert!(spec.file.ends_with("fields.rs") && spec.line > 0);
}

#[test]
fn a_value_that_panics_while_it_is_formatted_does_no_harm() {
    struct Bad;
    impl std::fmt::Debug for Bad {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("formatting");
        }
    }
    let capture = capture();
    drop(info_span!("theirs", bad = ?Bad, good = 1));
    drop(Span::current());
    let spans = capture.finish();
    assert_eq!(spans.named("theirs").attributes.len(), 2);
}

#[derive(Debug)]
enum Kind {
    Client,
}
