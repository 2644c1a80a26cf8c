use otel_runtime::traced;

mod inner {
    pub struct Order {
        id: u64,
    }
}

#[traced(fields(order.id))]
fn f(order: &inner::Order) {}

fn main() {}
