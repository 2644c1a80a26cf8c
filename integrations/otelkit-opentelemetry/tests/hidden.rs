//! The bridge where spans of annotated functions are kept out of the API's context.

use std::collections::HashMap;

use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use opentelemetry::{Context, global};
use otel_runtime::{current_context, traced};
use otelkit_observed::{Observed, assert_text};
use otelkit_opentelemetry::Bridge;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[traced]
fn inner() {}

fn start() -> Observed {
    use std::sync::OnceLock;
    static BRIDGE: OnceLock<()> = OnceLock::new();
    BRIDGE.get_or_init(|| {
        Bridge::new()
            .hide_spans()
            .install()
            .expect("the only bridge")
    });
    Observed::start()
}

#[test]
fn spans_are_children_of_the_current_one_although_the_api_does_not_see_it() {
    let mut observed = start();
    let tracer = global::tracer("library");
    ours(|| {
        assert!(!Context::current().has_active_span());
        drop(tracer.start("leaf"));
        tracer.in_span("theirs", |_| {
            inner();
            ours(|| drop(tracer.start("deep")));
        });
        let mut headers = HashMap::new();
        global::get_text_map_propagator(|propagator| propagator.inject(&mut headers));
        let here = current_context().unwrap().span_id.to_string();
        assert!(headers["traceparent"].contains(&here), "{headers:?}");
        inner();
    });
    let expected = "
        internal `ours`
          internal `leaf`
          internal `theirs`
            internal `inner`
            internal `ours`
              internal `deep`
          internal `inner`
    ";
    assert_text(&observed.tree(7, &[]), expected);
}

#[test]
fn attached_contexts_are_seen_and_taken_ones_lead_to_what_the_api_knows() {
    let mut observed = start();
    let tracer = global::tracer("library");
    let context = Context::current_with_span(tracer.start("theirs"));
    let scope = context.clone().attach();
    ours(|| {
        // Below ours, for us; below theirs once it has been taken elsewhere.
        let taken = Context::current();
        inner();
        std::thread::spawn(move || {
            let _scope = taken.attach();
            inner();
        })
        .join()
        .unwrap();
    });
    drop(scope);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let mut later = Box::pin(async { inner() }.with_context(context));
    assert!(later.as_mut().poll(&mut cx).is_ready());
    assert_eq!(current_context(), None);
    drop(later);
    let expected = "
        internal `theirs`
          internal `ours`
            internal `inner`
          internal `inner`
          internal `inner`
    ";
    assert_text(&observed.tree(5, &[]), expected);
}

#[test]
fn what_is_said_while_more_is_carried_or_on_another_thread_reaches_the_span() {
    let mut observed = start();
    ours(|| {
        otel_runtime::add_event("before", &[]);
        let more = otel_runtime::Context::current().with_baggage_entry("tenant", "acme");
        more.run(|| otel_runtime::add_event("within", &[]));
        let elsewhere = otel_runtime::Context::current();
        let elsewhere = elsewhere.wrap(|| otel_runtime::add_event("elsewhere", &[]));
        std::thread::spawn(elsewhere).join().unwrap();
        otel_runtime::add_event("after", &[]);
    });
    let [span] = &observed.spans(1)[..] else {
        panic!("one span");
    };
    let events: Vec<_> = span.events.iter().map(|event| &*event.name).collect();
    let mut sorted = events.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        ["after", "before", "elsewhere", "within"],
        "{events:?}"
    );
}
