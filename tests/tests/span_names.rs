//! Names that are known only at run time, and outcomes that are said by hand.

use std::time::Duration;

use opentelemetry_sdk::trace::InMemorySpanExporter;
use otel_runtime::export::file::FileExporter;
use otel_runtime::export::sdk::SdkExporter;
use otel_runtime::export::terminal::TerminalExporter;
use otel_runtime::export::{MemoryExporter, Outcome};
use otel_runtime::testing::Capture;
use otel_runtime::{Config, current_span, install, set_span_name, span, traced};

#[traced]
fn named(name: &str) {
    set_span_name(name);
}

#[test]
fn the_last_name_counts_and_an_empty_one_is_none() {
    let capture = Capture::start();
    named("first");
    named("");
    let mut by_hand = span!("by hand", kind = server, route = "/a");
    by_hand.set_name("GET");
    by_hand.set_name(format_args!("GET {}", "/orders/{id}"));
    by_hand.set_name("");
    drop(by_hand);
    capture.finish().assert_tree(
        "
        first
        named
        GET /orders/{id} route=/a
        ",
    );
}

#[test]
fn a_name_belongs_to_the_span_it_was_given_to() {
    let capture = Capture::start();
    let mut outer = span!("outer");
    outer.in_scope(|| {
        let handle = current_span().unwrap();
        let mut inner = span!("inner");
        inner.in_scope(|| {
            std::thread::spawn(move || handle.set_name("from elsewhere"))
                .join()
                .unwrap();
        });
    });
    drop(outer);
    capture.finish().assert_tree(
        "
        from elsewhere
          inner
        ",
    );
}

#[test]
fn an_outcome_said_by_hand_has_what_follows_from_it() {
    let capture = Capture::start();
    for outcome in [
        Outcome::Ok,
        Outcome::Error,
        Outcome::Panicked,
        Outcome::Cancelled,
    ] {
        let mut span = span!("work");
        span.in_scope(|| {
            if outcome == Outcome::Panicked {
                std::panic::catch_unwind(|| panic!("no {}", "way")).unwrap_err();
            }
        });
        span.set_outcome(outcome);
    }
    let spans = capture.finish();
    spans.assert_tree(
        "
        work
        work error.type=_OTHER [error]
        work error.type=panic [panicked]
        work otelkit.outcome=cancelled [cancelled]
        ",
    );
    let messages: Vec<_> = spans
        .iter()
        .flat_map(|span| &span.events)
        .map(|event| event.attribute("exception.message").cloned())
        .collect();
    assert_eq!(messages, [Some("no way".into())]);
}

#[test]
fn every_exporter_is_told_the_name() {
    let sdk = InMemorySpanExporter::default();
    let memory = MemoryExporter::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spans.jsonl");
    let config = Config::new()
        .with_exporter(FileExporter::new(&path))
        .with_exporter(TerminalExporter::stderr())
        .with_exporter(memory.clone())
        .with_exporter(SdkExporter::new(sdk.clone()));
    let telemetry = install(config).unwrap();
    named("GET /orders/{id}");
    telemetry.flush(Duration::from_secs(30)).unwrap();
    assert_eq!(memory.spans()[0].name, "GET /orders/{id}");
    assert_eq!(
        sdk.get_finished_spans().unwrap()[0].name,
        "GET /orders/{id}"
    );
    telemetry.shutdown(Duration::from_secs(30)).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(r#""name":"GET /orders/{id}""#), "{text}");
}
