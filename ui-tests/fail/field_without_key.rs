use otel_runtime::traced;

#[traced(fields(%a + b))]
fn f(a: u32, b: u32) {}

#[traced(fields(a + b))]
fn g(a: u32, b: u32) {}

#[traced(fields(a.len()))]
fn h(a: &str) {}

fn main() {}
