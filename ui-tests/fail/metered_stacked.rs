use otel_runtime::{metered, traced};

#[traced(nmae = "a")]
#[metered(nmae = "b")]
fn each_is_told_once() {}

#[metered(ok_if = |_| true)]
#[traced(ok_if = |_| true)]
fn said_by_both() -> Result<(), ()> {
    Ok(())
}

#[traced(skip, kind = sever)]
#[metered]
fn skipped_but_wrong() {}

fn main() {
    each_is_told_once();
    skipped_but_wrong();
    let _ = said_by_both();
}
