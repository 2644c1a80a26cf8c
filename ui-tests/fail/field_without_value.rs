use otel_runtime::traced;

#[traced(fields(a =))]
fn f() {}

#[traced(fields(a = , b = 2))]
fn g() {}

#[traced(fields(a = %))]
fn h() {}

fn main() {}
