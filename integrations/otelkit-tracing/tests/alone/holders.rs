//! Who keeps a span open, and which one is the current one of `tracing`.

use otel_runtime::testing::Capture;
use otel_runtime::{current_context, traced};
use tracing::subscriber::with_default;
use tracing::{Span, debug_span, info_span};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::capture;

#[traced(name = "ours")]
fn ours(body: impl FnOnce()) {
    body();
}

#[test]
fn a_span_lasts_until_the_last_of_those_who_hold_it() {
    let capture = capture();
    let span = info_span!("held");
    let (also, elsewhere) = (span.clone(), span.clone());
    drop(span);
    std::thread::spawn(move || drop(elsewhere)).join().unwrap();
    also.in_scope(|| otel_runtime::set_attribute("late", true));
    drop(also);
    capture.finish().assert_tree("held late=true");
}

#[test]
fn the_current_span_of_tracing_is_the_innermost_that_is_entered() {
    let _capture = capture();
    assert_eq!(Span::current().id(), None);
    let (outer, inner) = (info_span!("outer"), info_span!("inner"));
    let of_outer = outer.enter();
    ours(|| assert_eq!(Span::current().id(), outer.id()));
    inner.in_scope(|| {
        assert_eq!(Span::current().id(), inner.id());
        assert_eq!(
            Span::current().metadata().map(|it| it.name()),
            Some("inner")
        );
    });
    assert_eq!(Span::current().id(), outer.id());
    drop(of_outer);
    assert_eq!(Span::current().id(), None);
}

#[test]
fn a_current_span_that_was_asked_for_keeps_the_span_open() {
    let capture = capture();
    let current = info_span!("asked").in_scope(Span::current);
    current.in_scope(|| ours(|| {}));
    drop(current);
    capture.finish().assert_tree(
        "
        asked
          ours
        ",
    );
}

#[test]
fn spans_below_one_that_is_left_out_belong_to_what_is_around_it() {
    let capture = Capture::start();
    let subscriber = otelkit_tracing::layer().alone().with(LevelFilter::INFO);
    with_default(subscriber, || {
        info_span!("heard").in_scope(|| debug_span!("unheard").in_scope(|| ours(|| {})));
    });
    capture.finish().assert_tree(
        "
        heard
          ours
        ",
    );
}

#[test]
fn a_span_is_current_though_its_number_was_that_of_one_that_is_never_left() {
    let capture = capture();
    let closed = info_span!("closed");
    closed.with_subscriber(|(id, dispatch)| dispatch.enter(id));
    drop(closed);
    info_span!("next").in_scope(|| ours(|| {}));
    capture.finish().assert_tree(
        "
        closed
          next
            ours
        ",
    );
}

#[test]
fn a_span_that_is_closed_while_it_is_entered_is_left_all_the_same() {
    let capture = capture();
    let before = current_context();
    let span = info_span!("closed");
    let id = span.id().unwrap();
    let to = tracing::dispatcher::get_default(Clone::clone);
    to.enter(&id);
    drop(span);
    to.exit(&id);
    assert_eq!(current_context(), before);
    capture.finish().assert_tree("closed");
}
