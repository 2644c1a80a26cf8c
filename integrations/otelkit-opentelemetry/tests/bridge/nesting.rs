//! Spans of annotated functions and of a library, each within the other.

use opentelemetry::Context;
use opentelemetry::global;
use opentelemetry::trace::{FutureExt, TraceContextExt, Tracer};
use otel_runtime::{ContextExt, traced};
use otelkit_observed::assert_text;

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[traced]
async fn ours_async<T>(work: impl Future<Output = T>) -> T {
    work.await
}

#[traced]
fn inner() {}

#[test]
fn spans_alternate_on_one_thread() {
    let mut observed = crate::start();
    ours(|| {
        library::leaf("before");
        library::within("theirs", || {
            inner();
            ours(|| library::within("deep", inner));
            inner();
        });
        inner();
        library::leaf("after");
    });
    let expected = "
        internal `ours`
          internal `before`
          internal `theirs`
            internal `inner`
            internal `ours`
              internal `deep`
                internal `inner`
            internal `inner`
          internal `inner`
          internal `after`
    ";
    assert_text(&observed.tree(10, &[]), expected);
}

#[test]
fn a_library_can_be_outermost() {
    let mut observed = crate::start();
    library::within("theirs", || {
        ours(inner);
        library::leaf("leaf");
    });
    inner();
    let expected = "
        internal `theirs`
          internal `ours`
            internal `inner`
          internal `leaf`
        internal `inner`
    ";
    assert_text(&observed.tree(5, &[]), expected);
}

#[test]
fn spans_alternate_over_awaits_and_threads() {
    let mut observed = crate::start();
    crate::block_on(ours_async(library::within_async("theirs", async {
        tokio::task::yield_now().await;
        let other = tokio::spawn(library::carried(ours_async(async {
            tokio::task::yield_now().await;
            library::within_async("deep", async {
                tokio::task::yield_now().await;
                inner();
            })
            .await;
            library::leaf("leaf");
        })));
        inner();
        other.await.unwrap();
        inner();
    })));
    let tree = observed.tree(7, &[]);
    let depths: Vec<_> = tree
        .lines()
        .map(|line| (line.trim().to_owned(), line.len() - line.trim_start().len()))
        .collect();
    for expected in [
        ("internal `ours_async`", 0),
        ("internal `theirs`", 2),
        ("internal `ours_async`", 4),
        ("internal `deep`", 6),
        ("internal `inner`", 8),
        ("internal `leaf`", 6),
        ("internal `inner`", 4),
    ] {
        let expected = (expected.0.to_owned(), expected.1);
        assert!(depths.contains(&expected), "{expected:?} in\n{tree}");
    }
}

#[test]
fn a_context_taken_within_one_of_our_spans_leads_to_it() {
    let mut observed = crate::start();
    ours(|| {
        let context = Context::current();
        let thread = std::thread::spawn(move || {
            let _scope = context.attach();
            inner();
            library::leaf("leaf");
        });
        thread.join().unwrap();
    });
    let expected = "
        internal `ours`
          internal `inner`
          internal `leaf`
    ";
    assert_text(&observed.tree(3, &[]), expected);
}

#[test]
fn ours_taken_to_another_thread_is_seen_there() {
    let mut observed = crate::start();
    ours(|| {
        let work = otel_runtime::Context::current().wrap(|| {
            library::leaf("leaf");
            library::within("theirs", inner);
        });
        std::thread::spawn(work).join().unwrap();
    });
    crate::block_on(ours_async(async {
        let task = async { library::leaf("task") }.in_current_context();
        tokio::spawn(task).await.unwrap();
    }));
    let expected = "
        internal `ours`
          internal `leaf`
          internal `theirs`
            internal `inner`
        internal `ours_async`
          internal `task`
    ";
    assert_text(&observed.tree(6, &[]), expected);
}

#[test]
fn the_active_span_is_ours_within_an_annotated_function() {
    let mut observed = crate::start();
    ours(|| {
        let span = Context::current().span().span_context().clone();
        let here = otel_runtime::current_context().unwrap();
        assert_eq!(span.span_id().to_bytes(), here.span_id.to_bytes());
        assert_eq!(span.trace_id().to_bytes(), here.trace_id.to_bytes());
        assert!(span.is_sampled() && !span.is_remote());
        library::annotate("from.library", 7);
        // Not theirs to end.
        Context::current().span().end();
        inner();
        // From within a child, and from another thread.
        let context = Context::current();
        ours(|| context.span().add_event("said below", vec![]));
        std::thread::spawn(move || context.span().add_event("said elsewhere", vec![]))
            .join()
            .unwrap();
    });
    let expected = "
        internal `ours` from.library=7
          * said below
          * said elsewhere
          internal `inner`
          internal `ours`
    ";
    assert_text(&observed.tree(3, &[]), expected);
}

#[test]
fn what_is_said_under_an_attached_span_reaches_it() {
    let mut observed = crate::start();
    library::within("theirs", || {
        otel_runtime::set_attribute("from.ours", 1);
        otel_runtime::add_event("event", &[]);
    });
    let expected = "
        internal `theirs` from.ours=1
          * event
    ";
    assert_text(&observed.tree(1, &[]), expected);
}

#[test]
fn an_explicit_parent_wins() {
    let mut observed = crate::start();
    let tracer = global::tracer("library");
    let root = Context::new().with_span(tracer.start("root"));
    ours(|| {
        let child = tracer.start_with_context("child of root", &root);
        drop(child);
        let other = tracer.start_with_context("another root", &Context::new());
        drop(other);
        ours(|| {
            let _scope = root.clone().attach();
            inner();
        });
        // None at all, for a while.
        let none = Context::new().attach();
        inner();
        drop(none);
        library::leaf("leaf");
    });
    drop(root);
    let tree = observed.tree(8, &[]);
    let expected = "
        internal `root`
          internal `child of root`
          internal `inner`
        internal `ours`
          internal `ours`
          internal `leaf`
        internal `another root`
        internal `inner`
    ";
    assert_text(&tree, expected);
}

#[test]
fn a_stream_of_contexts_on_one_future_is_followed() {
    let mut observed = crate::start();
    let tracer = global::tracer("library");
    let [first, second] = ["first", "second"].map(|name| {
        let span = tracer.start_with_context(name, &Context::new());
        Context::new().with_span(span)
    });
    crate::block_on(async {
        let both = [first.clone(), second.clone()].map(|context| {
            let work = async {
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                    ours_async(async { tokio::task::yield_now().await }).await;
                }
            };
            tokio::spawn(work.with_context(context))
        });
        for one in both {
            one.await.unwrap();
        }
    });
    drop((first, second));
    let expected = "
        internal `first`
          internal `ours_async`
          internal `ours_async`
          internal `ours_async`
        internal `second`
          internal `ours_async`
          internal `ours_async`
          internal `ours_async`
    ";
    assert_text(&observed.tree(8, &[]), expected);
}
