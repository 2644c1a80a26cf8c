//! Where nobody can know what is declared, any key goes.

use otel_runtime::{Context, ContextExt, set_attributes, span, traced};

fn not_annotated(user: &str) {
    set_attributes!(user.name = user, ?user);
}

#[traced]
fn with_a_span_of_its_own() {
    let mut inner = span!("inner", key = 1);
    inner.in_scope(|| set_attributes!(other = 1));
}

#[traced(fields(rows = _))]
fn with_spans_by_hand(own: impl Fn(&str)) {
    let mut fetch = span!("fetch");
    set_attributes!(rows = 1);
    let later = || set_attributes!(status = 1);
    fetch.in_scope(later);
    Context::NONE.run(|| set_attributes!(status = 1));
    let set_attribute = |key| own(key);
    set_attribute("status");
    let future = async { set_attributes!(status = 1) };
    drop(future.in_span(span!("later")));
    drop(async { set_attributes!(status = 1) }.in_span(span!("later")));
    let _inside = fetch.enter();
    set_attributes!(status = 2);
}

#[traced(fields(outer = _))]
fn with_an_annotated_function_inside() {
    #[traced(fields(inner = _))]
    fn inner() {
        set_attributes!(inner = 1);
    }
    set_attributes!(outer = 1);
    inner();
}

fn main() {
    not_annotated("a");
    with_a_span_of_its_own();
    with_spans_by_hand(|_| ());
    with_an_annotated_function_inside();
}
