use otel_runtime::traced;

#[traced(fields(order.id = 1, "order.id" = 2))]
fn f() {}

#[traced(args(a), fields(a = 2))]
fn g(a: u32) {}

fn main() {}
