//! Where nobody can know what is declared, any key goes.

use otel_runtime::{set_attributes, span, traced};

fn not_annotated(user: &str) {
    set_attributes!(user.name = user, ?user);
}

#[traced]
fn with_a_span_of_its_own() {
    let mut inner = span!("inner", key = 1);
    inner.in_scope(|| set_attributes!(other = 1));
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
    with_an_annotated_function_inside();
}
