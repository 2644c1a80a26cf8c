use otel_runtime::traced;

#[traced(level = "warning")]
fn f() {}

#[traced(level = Level::Fatal)]
fn g() {}

fn main() {}
