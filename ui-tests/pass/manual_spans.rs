//! `span!` with everything it takes.

use otel_runtime::{current_context, span};

const NAME: &str = "constant";

fn main() {
    let order = 5_u64;
    let name = String::from("n");
    let mut plain = span!("plain");
    plain.in_scope(|| {
        let _inner = span!("fields", order, %name, ?name, order.size = name.len(), late = _);
    });
    let _named = span!(NAME, kind = client, level = debug, target = "t", a = 1);
    let _listed = span!("listed", fields(order.id = order, "odd-key" = 2), root);
    let _child = span!("child", parent = current_context(), links(current_context()));
    let _keys = span!("keys", kind.of.thing = 1, fields(level.x = 2),);
}
