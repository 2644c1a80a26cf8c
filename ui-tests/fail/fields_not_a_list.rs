use otel_runtime::traced;

#[traced(fields = 3)]
fn f() {}

#[traced(fields)]
fn g() {}

#[traced(args = a)]
fn h(a: u32) {}

fn main() {}
