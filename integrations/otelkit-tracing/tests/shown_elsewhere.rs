//! Spans of annotated functions that libraries take along by `Span::current()`.

use otel_runtime::export::LogData;
use otel_runtime::testing::Capture;
use otel_runtime::{add_event, current_context, set_attribute, traced};
use tracing::{Instrument, Span, info, info_span};
use tracing_subscriber::layer::SubscriberExt;

/// Makes the layer listen, and spans be shown, for the whole process.
fn capture() -> Capture {
    static LISTENING: std::sync::Once = std::sync::Once::new();
    LISTENING.call_once(|| {
        assert!(otelkit_tracing::show_spans());
        let subscriber = tracing_subscriber::registry().with(otelkit_tracing::layer());
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    Capture::start()
}

#[traced(name = "asks")]
fn asks(work: impl FnOnce(Span) + Send) {
    let span = Span::current();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            work(span);
            assert_eq!(current_context(), None);
        });
    });
}

#[traced(name = "inner")]
fn inner() {}

#[traced(name = "outer")]
fn outer<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[test]
fn what_happens_within_one_on_another_thread_belongs_to_the_span() {
    let capture = capture();
    asks(|span| {
        span.in_scope(|| {
            info!("elsewhere");
            info_span!("theirs").in_scope(inner);
            inner();
        });
    });
    let logs = capture.logs();
    let spans = capture.finish();
    spans.assert_tree(
        "
        asks
          theirs
            inner
          inner
        ",
    );
    let asks = spans.named("asks");
    let belongs = |log: &LogData| (log.trace_id, log.span_id);
    let expected = (Some(asks.trace_id), Some(asks.span_id));
    assert_eq!(logs.iter().map(belongs).collect::<Vec<_>>(), [expected]);
}

#[test]
fn what_is_said_of_one_on_another_thread_reaches_the_span() {
    let capture = capture();
    asks(|span| {
        span.in_scope(|| {
            set_attribute("elsewhere", true);
            add_event("happened elsewhere", &[]);
        });
    });
    let spans = capture.finish();
    spans.assert_tree("asks elsewhere=true");
    assert_eq!(spans.named("asks").events[0].name, "happened elsewhere");
}

#[test]
fn one_is_a_parent_and_a_cause_on_other_threads() {
    let capture = capture();
    asks(|span| {
        info_span!(parent: &span, "below").in_scope(inner);
        // A root of this thread alone would be seen by no capture.
        let connection = span.in_scope(|| info_span!(parent: None, "connection"));
        connection.follows_from(&span);
    });
    let spans = capture.finish();
    spans.assert_tree(
        "
        asks
          below
            inner
        connection
        ",
    );
    let link = &spans.named("connection").links[0];
    assert_eq!(link.span_id, spans.named("asks").span_id);
}

#[test]
fn one_that_has_ended_is_a_parent_still() {
    let capture = capture();
    let late = outer(Span::current);
    std::thread::scope(|scope| {
        scope.spawn(|| late.in_scope(inner));
    });
    drop(late);
    capture.finish().assert_tree(
        "
        outer
          inner
        ",
    );
}

#[test]
fn entered_again_within_a_call_below_it_changes_nothing() {
    let capture = capture();
    outer(|| {
        let around = Span::current();
        outer(|| around.in_scope(inner));
        around.in_scope(|| set_attribute("here", 1));
    });
    capture.finish().assert_tree(
        "
        outer here=1
          outer
            inner
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_take_it_along_are_below_it() {
    #[traced(name = "spawns")]
    async fn spawns() {
        let work = async { inner() };
        tokio::spawn(work.in_current_span()).await.unwrap();
    }
    let capture = capture();
    spawns().await;
    capture.finish().assert_tree(
        "
        spawns
          inner
        ",
    );
}
