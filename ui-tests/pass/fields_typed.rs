//! Values that are recorded as they are.

use std::borrow::Cow;
use std::sync::Arc;

use otel_runtime::traced;

struct Customer {
    id: u64,
    name: String,
    tags: Vec<String>,
}

#[traced(fields(
    customer.id = customer.id,
    customer.name = customer.name,
    customer.tags = customer.tags,
    "http.request.method" = "GET",
    error.type = None::<&str>,
    sum = a + b,
    a,
    customer.name.len = customer.name.len(),
    numbers = [1, 2, 3],
    flags = vec![true],
    floats = &[0.5_f32][..],
    words = ["a", "b"],
    cow = Cow::Borrowed("c"),
    shared = Arc::<str>::from("d"),
    character = 'e',
    big = u128::MAX,
    maybe = Some(Some(1)),
    comparison = a < b,
    closure = (|| 1)(),
    block = { 1 },
))]
fn all(customer: &Customer, a: i32, b: i32) -> usize {
    customer.tags.len()
}

fn main() {
    let customer = Customer { id: 1, name: "n".into(), tags: vec![] };
    assert_eq!(all(&customer, 1, 2), 0);
}
