use otel_runtime::traced;

#[traced(name = "a", level = info, name = "b")]
fn f() {}

fn main() {}
