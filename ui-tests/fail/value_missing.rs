use otel_runtime::traced;

#[traced(name =, level = info)]
fn f() {}

#[traced(parent = )]
fn g() {}

fn main() {}
