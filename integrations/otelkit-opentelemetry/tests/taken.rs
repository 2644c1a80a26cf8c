//! Where something else observes the API's contexts.

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::context::{ContextObserver, GlobalContextObserver};
use opentelemetry::trace::{Span as _, TraceContextExt, Tracer, TracerProvider as _};
use otel_runtime::traced;
use otelkit_observed::{Observed, assert_text};
use otelkit_opentelemetry::{Bridge, InstallError, TracerProvider};

struct Profiler;

impl ContextObserver for Profiler {
    fn on_context_enter(&self, _: &Context, _: &Context) {}
    fn on_context_exit(&self, _: &Context, _: &Context) {}
}

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// One test, since there is one observer in a process.
#[test]
fn the_bridge_is_refused_and_a_provider_does_what_it_can() {
    GlobalContextObserver::set(Arc::new(Profiler));
    assert_eq!(Bridge::new().install(), Err(InstallError::ObserverTaken));
    assert!(
        !opentelemetry::global::tracer("x")
            .start("x")
            .span_context()
            .is_valid()
    );
    let mut observed = Observed::start();
    let tracer = TracerProvider::new().tracer("library");
    ours(|| {
        drop(tracer.start("leaf"));
        tracer.in_span("theirs", |context| {
            drop(tracer.start("child"));
            drop(tracer.start_with_context("given", &context));
        });
    });
    let expected = "
        internal `ours`
          internal `leaf`
          internal `theirs`
            internal `child`
            internal `given`
    ";
    assert_text(&observed.tree(5, &[]), expected);
    assert!(!Context::current().has_active_span());
}
