use otel_runtime::traced;

#[traced(target = 'a')]
fn f() {}

#[traced(target)]
fn g() {}

fn main() {}
