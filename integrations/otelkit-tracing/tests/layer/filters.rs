//! The layer under filters and beside other layers.

use std::io;

use otel_runtime::testing::Capture;
use otel_runtime::traced;
use tracing::subscriber::with_default;
use tracing::{Span, debug_span, info_span};
use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

#[traced(name = "inner")]
fn inner() {}

fn work() {
    info_span!("outer").in_scope(|| {
        debug_span!("detail").in_scope(|| {
            info_span!(target: "noisy", "noise").in_scope(|| {
                info_span!("deep").in_scope(inner);
            });
        });
        let left_out = debug_span!("left out");
        info_span!(parent: &left_out, "child of one left out").in_scope(inner);
    });
}

/// What is left of [`work`] where `noisy` and everything of level debug is filtered out. Without
/// its parent a span below one that nobody wants is a root: so `tracing` has it.
const LEFT: &str = "
    outer
      deep
        inner
    child of one left out
      inner
";

#[test]
fn spans_that_a_global_filter_leaves_out_are_left_out() {
    let filter = EnvFilter::new("info,noisy=off");
    let capture = Capture::start();
    with_default(registry().with(filter).with(otelkit_tracing::layer()), work);
    capture.finish().assert_tree(LEFT);
}

#[test]
fn spans_that_a_filter_of_the_layer_leaves_out_are_left_out() {
    let filter = filter_fn(|metadata| {
        *metadata.level() <= LevelFilter::INFO && metadata.target() != "noisy"
    });
    let others = tracing_subscriber::fmt::layer().with_writer(io::sink);
    let layer = otelkit_tracing::layer().with_filter(filter);
    let capture = Capture::start();
    with_default(registry().with(others).with(layer), work);
    capture.finish().assert_tree(
        "
        outer
          deep
            inner
          child of one left out
            inner
        ",
    );
}

#[test]
fn a_filter_of_another_layer_changes_nothing() {
    let others = tracing_subscriber::fmt::layer()
        .with_writer(io::sink)
        .with_filter(LevelFilter::OFF);
    let capture = Capture::start();
    with_default(
        registry().with(others).with(otelkit_tracing::layer()),
        || {
            debug_span!("detail").in_scope(inner);
        },
    );
    capture.finish().assert_tree(
        "
        detail
          inner
        ",
    );
}

#[test]
fn subscribers_that_take_turns_on_a_thread_keep_their_spans_apart() {
    let capture = Capture::start();
    let one = || tracing::Dispatch::new(registry().with(otelkit_tracing::layer()));
    let (first, second) = (one(), one());
    let made = |dispatch: &tracing::Dispatch, index: u64| -> Span {
        tracing::dispatcher::with_default(dispatch, || info_span!("made", index))
    };
    let spans = [made(&first, 1), made(&second, 2)];
    let ids = spans.each_ref().map(Span::id);
    assert_eq!(ids[0], ids[1], "the subscribers give the same ids");
    spans[0].in_scope(|| spans[1].in_scope(inner));
    inner();
    drop(spans);
    capture.finish().assert_tree(
        "
        made index=1
        made index=2
          inner
        inner
        ",
    );
}
