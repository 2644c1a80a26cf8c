use otel_runtime::traced;

#[traced(root, parent = None)]
fn f() {}

fn main() {}
