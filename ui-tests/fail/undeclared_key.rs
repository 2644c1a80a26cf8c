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

fn main() {}
