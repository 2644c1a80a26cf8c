//! The bridge while no runtime is installed. A process of its own, in which nobody else installs one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::trace::{Span, TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::{Config, current_context, install, traced};
use otelkit_observed::{Observed, assert_text};

#[allow(dead_code, reason = "another test needs the rest of it")]
#[path = "bridge/library.rs"]
mod library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// One test at a time, behind the API's globals.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = otelkit_opentelemetry::install();
    alone
}

#[test]
fn without_a_runtime_spans_are_none_and_pass_their_parent_on() {
    let _alone = alone();
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
    let _alone = alone();
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
    let mut observed = Observed::start();
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
