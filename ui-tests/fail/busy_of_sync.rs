use otel_runtime::traced;

#[traced(busy)]
fn f() {}

fn main() {}
