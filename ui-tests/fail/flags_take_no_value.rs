use otel_runtime::traced;

#[traced(root = true)]
fn f() {}

#[traced(busy(true))]
async fn g() {}

#[traced(skip = yes)]
fn h() {}

fn main() {}
