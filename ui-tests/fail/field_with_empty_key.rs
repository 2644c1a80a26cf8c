use otel_runtime::traced;

#[traced(fields("" = 1))]
fn f() {}

#[traced(fields(3 = 1))]
fn g() {}

#[traced(fields(a. = 1))]
fn h() {}

fn main() {}
