//! The bridge where it should not be, or where nothing else is.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::global;
use opentelemetry::trace::{Span, TraceContextExt, Tracer};
use otel_runtime::{Config, current_context, install, traced};
use otelkit_observed::assert_text;
use otelkit_opentelemetry::{Bridge, InstallError};

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[test]
fn a_second_bridge_is_refused_and_the_first_goes_on() {
    let mut observed = crate::start();
    let error = Bridge::new().install().unwrap_err();
    assert_eq!(error, InstallError::AlreadyInstalled);
    assert!(error.to_string().contains("already"));
    assert_eq!(Bridge::new().hide_spans().install(), Err(error));
    ours(|| library::leaf("leaf"));
    let expected = "
        internal `ours`
          internal `leaf`
    ";
    assert_text(&observed.tree(2, &[]), expected);
}

#[test]
fn without_a_runtime_spans_are_none_and_pass_their_parent_on() {
    drop(crate::start());
    let tracer = global::tracer("library");
    let mut span = tracer.start("never");
    assert!(!span.is_recording() && !span.span_context().is_valid());
    span.set_attribute(opentelemetry::KeyValue::new("a", 1));
    span.end();
    let headers = [(
        "traceparent".to_owned(),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
    )];
    let passed_on = library::serve(&headers.into(), || ours(library::request));
    assert_eq!(
        passed_on["traceparent"],
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    );
}

#[test]
fn what_outlives_the_runtime_is_lost_and_counted_and_the_next_one_is_served() {
    drop(crate::start());
    let telemetry = install(Config::new()).unwrap();
    let tracer = global::tracer("library");
    let span = tracer.start("late");
    let context = Context::current_with_span(tracer.start("late as well"));
    telemetry.shutdown(Duration::from_secs(10)).unwrap();
    let scope = context.attach();
    ours(|| library::leaf("never"));
    drop(scope);
    drop(span);
    assert_eq!(current_context(), None);
    let mut observed = crate::start();
    drop(tracer.start("first of the next"));
    ours(|| library::leaf("leaf"));
    let tree = observed.tree(3, &[]);
    let expected = "
        internal `first of the next`
        internal `ours`
          internal `leaf`
    ";
    assert_text(&tree, expected);
}
