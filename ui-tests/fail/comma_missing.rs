use otel_runtime::traced;

#[traced(name = "a" level = info)]
fn f() {}

#[traced("name")]
fn g() {}

#[traced(, name = "a")]
fn h() {}

fn main() {}
