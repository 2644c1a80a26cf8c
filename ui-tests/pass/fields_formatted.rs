//! `%` and `?`, with a key and without.

use otel_runtime::traced;

#[derive(Debug)]
struct Order {
    id: u64,
    #[allow(dead_code)]
    lines: Vec<u8>,
}

struct Shop {
    name: String,
}

impl Shop {
    #[traced(fields(%order.id, ?order, shop = %self.name, size = ?self.name.len(), debug = ?order.lines, text = %format_args!("{}", order.id)))]
    fn sell(&self, order: &Order) -> Result<u64, ()> {
        Ok(order.id)
    }

    #[traced(fields(%self.name, order.id, order.lines.len = ?order.lines.len()))]
    fn fields_of_self(&self, order: Order) {
        drop(order);
    }
}

fn main() {
    let shop = Shop { name: "s".into() };
    let order = Order { id: 1, lines: vec![] };
    assert_eq!(shop.sell(&order), Ok(1));
    shop.fields_of_self(order);
}
