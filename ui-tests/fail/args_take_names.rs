use otel_runtime::traced;

#[traced(args(a.len()))]
fn f(a: &str) {}

#[traced(args("a"))]
fn g(a: &str) {}

#[traced(args(a = 1))]
fn h(a: &str) {}

fn main() {}
