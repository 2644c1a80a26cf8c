use otel_runtime::traced;

struct Customer;

#[traced(fields(customer))]
fn f(customer: &Customer) {}

#[traced(fields(customers = [Customer, Customer]))]
fn g() {}

#[traced(args(customer))]
async fn h(customer: Customer) {}

fn main() {}
