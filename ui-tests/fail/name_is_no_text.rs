use otel_runtime::traced;

#[traced(name = 3)]
fn f() {}

#[traced(name = "")]
fn g() {}

#[traced(name)]
fn h() {}

#[traced(name("a"))]
fn i() {}

fn main() {}
