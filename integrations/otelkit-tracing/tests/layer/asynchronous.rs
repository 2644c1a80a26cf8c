//! Spans across `.await` and tasks.

use otel_runtime::{ContextExt, current_context, traced};
use tokio::task::yield_now;
use tracing::{Instrument, info_span};

use crate::capture;

#[traced(name = "inner")]
async fn inner() {
    yield_now().await;
}

#[tracing::instrument]
async fn theirs() {
    yield_now().await;
    inner().await;
    yield_now().await;
}

#[traced(name = "ours")]
async fn ours() {
    yield_now().await;
    theirs().await;
    inner().await;
}

#[tokio::test]
async fn spans_nest_across_awaits() {
    let capture = capture();
    ours().instrument(info_span!("outermost")).await;
    assert_eq!(current_context(), None);
    capture.finish().assert_tree(
        "
        outermost
          ours
            theirs
              inner
            inner
        ",
    );
}

#[tokio::test]
async fn what_is_in_the_current_span_of_tracing_stays_in_the_call_of_ours_within_it() {
    #[traced(name = "asks")]
    async fn asks() {
        inner().in_current_span().await;
        inner().await;
    }
    let capture = capture();
    asks().instrument(info_span!("outermost")).await;
    assert_eq!(current_context(), None);
    capture.finish().assert_tree(
        "
        outermost
          asks
            inner
            inner
        ",
    );
}

#[tokio::test]
async fn futures_that_run_at_once_keep_apart() {
    let capture = capture();
    async {
        let both = async { tokio::join!(ours(), theirs().instrument(info_span!("second"))) };
        both.await;
    }
    .instrument(info_span!("outermost"))
    .await;
    capture.finish().assert_tree(
        "
        outermost
          second
            theirs
              inner
          ours
            theirs
              inner
            inner
        ",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_take_their_spans_from_thread_to_thread() {
    let capture = capture();
    let tasks = async {
        let tasks = (0..20).map(|_| {
            let task = async {
                for _ in 0..20 {
                    // Woken from another thread, it goes on on whichever is free.
                    tokio::task::spawn_blocking(|| ()).await.unwrap();
                    inner().await;
                }
            };
            tokio::spawn(task.instrument(info_span!("task")))
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    };
    tasks.instrument(info_span!("all")).await;
    let spans = capture.finish();
    assert_eq!(spans.len(), 1 + 20 + 20 * 20);
    for span in spans.iter() {
        let parent = spans.parent_of(span).map(|parent| parent.name.as_str());
        let expected = match span.name.as_str() {
            "inner" => Some("task"),
            "task" => Some("all"),
            _ => None,
        };
        assert_eq!(parent, expected);
    }
}

#[tokio::test]
async fn a_task_takes_the_current_context_along() {
    let capture = capture();
    async {
        tokio::spawn(inner().in_current_context()).await.unwrap();
    }
    .instrument(info_span!("theirs"))
    .await;
    capture.finish().assert_tree(
        "
        theirs
          inner
        ",
    );
}

/// What `tracing` warns of: the span stays entered where the future was left.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_span_that_stays_entered_across_awaits_does_not_leak_out_of_our_future() {
    #[traced(name = "ours")]
    async fn ours() {
        let _entered = info_span!("theirs").entered();
        yield_now().await;
    }
    let capture = capture();
    let first = ours().in_current_context();
    // Entered spans cannot be sent, so that this stays on one thread.
    first.await;
    assert_eq!(current_context(), None);
    inner().await;
    let spans = capture.finish();
    assert!(spans.parent_of(spans.named("inner")).is_none());
    assert_eq!(spans.parent_of(spans.named("theirs")).unwrap().name, "ours");
}
