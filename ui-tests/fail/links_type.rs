use otel_runtime::traced;

#[traced(links(id))]
fn f(id: u64) {}

#[traced(links())]
fn g() {}

#[traced(links)]
fn h() {}

fn main() {}
