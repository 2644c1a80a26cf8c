//! What the API's contexts can be made to do, and what is current then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{TraceContextExt, Tracer, get_active_span};
use opentelemetry::{Context, KeyValue, global};
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::{Baggage, Config, Resource, Sampler, current_context, traced};
use otelkit_observed::assert_text;

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[traced]
fn inner() {}

fn span(name: &'static str) -> Context {
    Context::current_with_span(global::tracer("library").start(name))
}

#[test]
fn guards_that_end_in_another_order_leave_nothing_behind() {
    let mut observed = crate::start();
    let one = span("one").attach();
    let two = span("two").attach();
    drop(one);
    inner();
    drop(two);
    assert_eq!(current_context(), None);
    ours(|| {
        let three = span("three").attach();
        ours(|| drop(three));
        inner();
    });
    assert_eq!(current_context(), None);
    inner();
    let expected = "
        internal `one`
          internal `two`
            internal `inner`
        internal `ours`
          internal `three`
            internal `ours`
          internal `inner`
        internal `inner`
    ";
    assert_text(&observed.tree(8, &[]), expected);
}

#[test]
fn a_guard_that_outlives_our_span_harms_nobody() {
    let mut observed = crate::start();
    let guard = ours(|| {
        let guard = span("long").attach();
        inner();
        guard
    });
    // The API goes on with the context, and for us the function has ended.
    assert_eq!(current_context(), None);
    drop(guard);
    assert_eq!(current_context(), None);
    inner();
    let expected = "
        internal `ours`
          internal `long`
            internal `inner`
        internal `inner`
    ";
    assert_text(&observed.tree(4, &[]), expected);
}

#[test]
fn values_that_are_attached_change_nothing_else() {
    struct Tenant;
    let mut observed = crate::start();
    ours(|| {
        otel_runtime::add_event("before", &[]);
        let scope = Context::current_with_value(Tenant).attach();
        otel_runtime::add_event("within", &[]);
        inner();
        // A value is still there within a span of ours.
        ours(|| assert!(Context::current().get::<Tenant>().is_some()));
        drop(scope);
        otel_runtime::add_event("after", &[]);
    });
    let expected = "
        internal `ours`
          * before
          * within
          * after
          internal `inner`
          internal `ours`
    ";
    assert_text(&observed.tree(3, &[]), expected);
}

#[test]
fn baggage_goes_both_ways() {
    let _observed = crate::start();
    let theirs = Context::current_with_baggage([KeyValue::new("tenant", "acme")]);
    let scope = theirs.attach();
    assert_eq!(Baggage::current().value("tenant"), Some("acme"));
    ours(|| {
        assert_eq!(Baggage::current().value("tenant"), Some("acme"));
        let more = otel_runtime::Context::current().with_baggage_entry("user", "7");
        more.run(|| {
            let context = Context::current();
            let entries = ["tenant", "user"].map(|key| context.baggage().get(key).cloned());
            assert_eq!(entries, [Some("acme".into()), Some("7".into())]);
        });
        assert_eq!(Context::current().baggage().len(), 1);
    });
    drop(scope);
    assert!(Baggage::current().is_empty());
}

#[test]
fn a_span_can_be_begun_while_the_api_looks_at_its_context() {
    let mut observed = crate::start();
    ours(|| {
        get_active_span(|_| ours(inner));
        library::leaf("leaf");
    });
    // The API cannot show what is begun there; for us everything is as it was.
    let expected = "
        internal `ours`
          internal `ours`
            internal `inner`
          internal `leaf`
    ";
    assert_text(&observed.tree(4, &[]), expected);
}

#[test]
fn suppressed_work_is_not_recorded_on_either_side() {
    let mut observed = crate::start();
    ours(|| {
        let quiet = Context::enter_telemetry_suppressed_scope();
        inner();
        library::leaf("never");
        library::within("never", inner);
        drop(quiet);
        library::leaf("leaf");
    });
    let expected = "
        internal `ours`
          internal `leaf`
    ";
    assert_text(&observed.tree(2, &[]), expected);
}

#[test]
fn an_exporter_that_speaks_the_api_is_not_recorded() {
    #[derive(Debug)]
    struct Chatty;
    impl Exporter for Chatty {
        fn name(&self) -> &'static str {
            "chatty"
        }
        fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
            Ok(())
        }
        fn export(&mut self, _: &SpanView<'_>) {
            library::leaf("never");
            library::within("never", inner);
            let _scope = Context::new().attach();
            inner();
        }
        fn tick(&mut self, _: Instant) {}
        fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
            library::within("never", inner);
            Ok(())
        }
        fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
            Ok(())
        }
    }
    let mut observed = crate::with(Config::new().with_exporter(Chatty));
    for _ in 0..3 {
        inner();
        assert_text(&observed.tree(1, &[]), "internal `inner`");
    }
    assert!(observed.spans(0).is_empty());
}

#[test]
fn an_unsampled_trace_stays_one_across_threads() {
    let mut observed = crate::with(Config::new().sampler(Sampler::AlwaysOff));
    ours(|| {
        let here = current_context().unwrap();
        let context = Context::current();
        let seen = context.span().span_context().clone();
        assert!(seen.is_valid() && !seen.is_sampled());
        assert_eq!(seen.trace_id().to_bytes(), here.trace_id.to_bytes());
        std::thread::spawn(move || {
            let _scope = context.attach();
            assert_eq!(current_context().unwrap().trace_id, here.trace_id);
            inner();
            library::within("theirs", || {
                let span = current_context().unwrap();
                assert!(span.trace_id == here.trace_id && !span.is_sampled());
                inner();
            });
        })
        .join()
        .unwrap();
    });
    assert_text(&observed.tree(0, &[]), "");
}

#[test]
fn a_thread_that_ends_with_contexts_attached_ends_well() {
    let _observed = crate::start();
    struct AtEnd;
    impl Drop for AtEnd {
        fn drop(&mut self) {
            inner();
        }
    }
    thread_local! {
        static BEFORE: AtEnd = const { AtEnd };
        static AFTER: AtEnd = const { AtEnd };
    }
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        hook(panic);
    }));
    std::thread::spawn(|| {
        BEFORE.with(|_| ());
        ours(|| {
            std::mem::forget(span("forgotten").attach());
            inner();
        });
        AFTER.with(|_| ());
    })
    .join()
    .unwrap();
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}
