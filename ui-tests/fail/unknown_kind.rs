use otel_runtime::traced;

#[traced(kind = sever)]
fn f() {}

#[traced(kind = 3)]
fn g() {}

#[traced(kind)]
fn h() {}

fn main() {}
