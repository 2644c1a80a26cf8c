use otel_runtime::traced;

#[traced(nmae = "a")]
fn f() {}

#[traced(verbosity = 3)]
fn g() {}

fn main() {}
