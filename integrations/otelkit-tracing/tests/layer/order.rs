//! Spans that are left and closed in another order than that of their beginning.

use otel_runtime::{Context, current_context, traced};
use tracing::info_span;
use tracing::span::EnteredSpan;

use crate::capture;

#[traced(name = "inner")]
fn inner() {}

#[test]
fn a_span_that_is_left_below_another_stays_left() {
    let capture = capture();
    let first = info_span!("first").entered();
    let second = info_span!("second").entered();
    let first = first.exit();
    inner();
    let second = second.exit();
    assert_eq!(current_context(), None);
    inner();
    drop((first, second));
    capture.finish().assert_tree(
        "
        first
          second
            inner
        inner
        ",
    );
}

#[test]
fn a_span_that_is_left_within_a_call_of_ours_does_not_come_back() {
    #[traced]
    fn ours(entered: EnteredSpan) -> tracing::Span {
        inner();
        let left = entered.exit();
        inner();
        left
    }
    let capture = capture();
    let left = ours(info_span!("theirs").entered());
    assert_eq!(current_context(), None);
    inner();
    drop(left);
    capture.finish().assert_tree(
        "
        theirs
          ours
            inner
            inner
        inner
        ",
    );
}

#[test]
fn two_spans_that_are_left_within_a_call_of_ours_do_not_come_back() {
    #[traced]
    fn ours(first: EnteredSpan, second: EnteredSpan) {
        drop(first);
        info_span!("between").in_scope(inner);
        drop(second);
        inner();
    }
    let capture = capture();
    info_span!("around").in_scope(|| {
        let first = info_span!("first").entered();
        let second = info_span!("second").entered();
        ours(first, second);
        inner();
    });
    assert_eq!(current_context(), None);
    capture.finish().assert_tree(
        "
        around
          first
            second
              ours
                between
                  inner
                inner
          inner
        ",
    );
}

#[test]
fn a_span_that_a_call_of_ours_enters_and_returns_stays_current() {
    #[traced]
    fn ours() -> EnteredSpan {
        info_span!("theirs").entered()
    }
    let capture = capture();
    let entered = ours();
    inner();
    drop(entered);
    assert_eq!(current_context(), None);
    inner();
    capture.finish().assert_tree(
        "
        ours
          theirs
            inner
        inner
        ",
    );
}

#[test]
fn a_span_is_entered_again_and_within_itself() {
    let capture = capture();
    let theirs = info_span!("theirs");
    theirs.in_scope(inner);
    theirs.in_scope(|| {
        theirs.in_scope(inner);
        inner();
    });
    drop(theirs);
    capture.finish().assert_tree(
        "
        theirs
          inner
          inner
          inner
        ",
    );
}

#[test]
fn a_span_that_is_entered_again_is_left_as_often() {
    let capture = capture();
    let theirs = info_span!("theirs");
    let first = theirs.enter();
    info_span!("between").in_scope(|| {
        theirs.in_scope(inner);
        inner();
    });
    let second = theirs.enter();
    drop(first);
    inner();
    drop(second);
    assert_eq!(current_context(), None);
    drop(theirs);
    capture.finish().assert_tree(
        "
        theirs
          between
            inner
            inner
          inner
        ",
    );
}

#[test]
fn a_span_that_is_entered_again_by_telemetry_of_its_own_stays_entered() {
    let capture = capture();
    let theirs = info_span!("theirs");
    theirs.in_scope(|| {
        Context::SUPPRESSED.run(|| theirs.in_scope(inner));
        inner();
    });
    assert_eq!(current_context(), None);
    drop(theirs);
    capture.finish().assert_tree(
        "
        theirs
          inner
        ",
    );
}

#[test]
fn a_span_that_outlives_its_parent_is_recorded() {
    let capture = capture();
    let parent = info_span!("parent");
    let child = parent.in_scope(|| info_span!("child"));
    drop(parent);
    child.in_scope(inner);
    drop(child);
    capture.finish().assert_tree(
        "
        parent
          child
            inner
        ",
    );
}
