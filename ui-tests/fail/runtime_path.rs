use otel_runtime::traced;

#[traced(runtime = "otel_runtime")]
fn f() {}

#[traced(runtime = nowhere::otel)]
fn g() {}

fn main() {}
