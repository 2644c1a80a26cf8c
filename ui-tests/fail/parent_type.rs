use otel_runtime::traced;

#[traced(parent = id)]
fn f(id: u64) {}

#[traced(parent)]
fn g() {}

fn main() {}
