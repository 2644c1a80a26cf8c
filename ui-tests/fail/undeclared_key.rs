use otel_runtime::{set_attributes, traced};

#[traced(fields(rows = _))]
fn f() {
    set_attributes!(row = 3);
}

#[traced]
async fn g(id: u64) {
    let nested = || {
        set_attributes!(user.name = "a", %id);
    };
    nested();
}

#[traced(fields(rows = _))]
fn beside_a_span_by_hand() {
    let mut fetch = otel_runtime::span!("fetch");
    fetch.in_scope(|| set_attributes!(status = 1));
    set_attributes!(row = 3);
    {
        let _inside = fetch.enter();
        set_attributes!(status = 2);
    }
    otel_runtime::set_attribute("roows", 3);
}

fn main() {}
