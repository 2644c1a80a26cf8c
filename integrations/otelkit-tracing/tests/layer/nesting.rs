//! Spans of both kinds, one in the other.

use otel_runtime::{Context, span, traced};
use tracing::{Span, info_span};

use crate::capture;

#[traced(name = "ours")]
fn ours(body: impl FnOnce()) {
    body();
}

#[traced(name = "inner")]
fn inner() {}

#[test]
fn spans_nest_in_any_alternation() {
    let capture = capture();
    info_span!("outermost").in_scope(|| {
        ours(|| {
            info_span!("theirs").in_scope(|| {
                inner();
                info_span!("next").in_scope(|| ours(inner));
            });
            inner();
        });
        inner();
    });
    capture.finish().assert_tree(
        "
        outermost
          ours
            theirs
              inner
              next
                ours
                  inner
            inner
          inner
        ",
    );
}

#[test]
fn a_span_made_by_an_attribute_of_tracing_is_one_of_ours() {
    #[tracing::instrument(fields(answer = 42))]
    fn theirs(id: u64) {
        inner();
    }
    let capture = capture();
    ours(|| theirs(7));
    capture.finish().assert_tree(
        "
        ours
          theirs id=7 answer=42
            inner
        ",
    );
}

#[test]
fn explicit_parents_are_followed() {
    let capture = capture();
    ours(|| {
        let parent = info_span!("parent");
        info_span!("unrelated").in_scope(|| {
            info_span!(parent: &parent, "child").in_scope(inner);
            info_span!(parent: None, "root").in_scope(inner);
        });
    });
    let spans = capture.finish();
    spans.assert_tree(
        "
        ours
          parent
            child
              inner
          unrelated
        root
          inner
        ",
    );
    assert_ne!(spans.named("root").trace_id, spans.named("ours").trace_id);
}

#[test]
fn a_span_belongs_below_the_one_in_which_it_was_made_wherever_it_is_entered() {
    let capture = capture();
    let mut made = Span::none();
    ours(|| made = info_span!("made"));
    info_span!("elsewhere").in_scope(|| {
        made.in_scope(inner);
        inner();
    });
    drop(made);
    capture.finish().assert_tree(
        "
        ours
          made
            inner
        elsewhere
          inner
        ",
    );
}

#[test]
fn threads_take_either_kind_of_span_along() {
    let capture = capture();
    ours(|| {
        let theirs = info_span!("theirs");
        let also = theirs.clone();
        let work = theirs.in_scope(|| Context::current().wrap(inner));
        std::thread::scope(|scope| {
            scope.spawn(move || also.in_scope(inner));
            scope.spawn(work);
        });
    });
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
fn what_follows_from_another_span_is_linked_to_it() {
    let capture = capture();
    let cause = info_span!("cause");
    let effect = info_span!("effect");
    effect.follows_from(&cause);
    drop((cause, effect));
    let spans = capture.finish();
    let link = &spans.named("effect").links[0];
    let cause = spans.named("cause");
    assert_eq!(
        (link.trace_id, link.span_id),
        (cause.trace_id, cause.span_id)
    );
}

#[test]
fn spans_made_by_hand_see_the_same_current_span() {
    let capture = capture();
    let theirs = info_span!("theirs");
    theirs.in_scope(|| drop(span!("by hand")));
    let mut given = None;
    theirs.in_scope(|| given = otel_runtime::current_context());
    ours(|| {
        let _below = span!("given", parent = given.unwrap());
    });
    drop(theirs);
    capture.finish().assert_tree(
        "
        theirs
          by hand
          given
        ours
        ",
    );
}

#[test]
fn attributes_set_from_within_reach_the_span_of_tracing() {
    let capture = capture();
    let theirs = info_span!("theirs");
    theirs.in_scope(|| otel_runtime::set_attribute("first", 1));
    theirs.in_scope(|| otel_runtime::set_attribute("second", "two"));
    drop(theirs);
    capture.finish().assert_tree("theirs first=1 second=two");
}
