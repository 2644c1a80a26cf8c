use otel_runtime::traced;

#[traced(args(custmer, total))]
fn f(customer: u32, total: u32) {}

#[traced(args(a))]
fn g() {}

fn main() {}
