//! A library that knows the OpenTelemetry API alone.

use std::collections::HashMap;

use opentelemetry::trace::{FutureExt, Span, SpanKind, TraceContextExt, Tracer, get_active_span};
use opentelemetry::{Context, KeyValue, global};

/// Runs `work` in a span that is current meanwhile.
pub(crate) fn within<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    global::tracer("library").in_span(name, |_| work())
}

/// A span that is never current.
pub(crate) fn leaf(name: &'static str) {
    global::tracer("library").start(name).end();
}

/// The same future, in a span that is current while it is polled, on whatever thread.
pub(crate) async fn within_async<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    let span = global::tracer("library").start(name);
    let context = Context::current_with_span(span);
    let result = work.with_context(context.clone()).await;
    context.span().end();
    result
}

/// The same future, taking the current context along.
pub(crate) fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    work.with_current_context()
}

/// Says something of whatever span is active.
pub(crate) fn annotate(key: &'static str, value: i64) {
    get_active_span(|span| span.set_attribute(KeyValue::new(key, value)));
}

/// A request that goes to another process: its headers.
pub(crate) fn request() -> HashMap<String, String> {
    let span = global::tracer("library")
        .span_builder("GET")
        .with_kind(SpanKind::Client)
        .start(&global::tracer("library"));
    let context = Context::current_with_span(span);
    let mut headers = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(&context, &mut headers));
    headers
}

/// Handles a request that came with these headers.
pub(crate) fn serve<T>(headers: &HashMap<String, String>, work: impl FnOnce() -> T) -> T {
    let caller = global::get_text_map_propagator(|propagator| propagator.extract(headers));
    let tracer = global::tracer("library");
    let span = tracer
        .span_builder("serve")
        .with_kind(SpanKind::Server)
        .start_with_context(&tracer, &caller);
    let _scope = caller.with_span(span).attach();
    work()
}
