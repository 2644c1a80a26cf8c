use otel_runtime::traced;

struct Customer;

#[traced(fields(%customer))]
fn f(customer: &Customer) {}

#[traced(fields(shown = ?customer))]
async fn g(customer: Customer) {}

fn main() {}
