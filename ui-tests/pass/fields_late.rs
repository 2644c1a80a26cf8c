//! Keys whose values come later.

use otel_runtime::{set_attribute, set_attributes, traced};

#[traced(fields(rows, db.rows_affected = _, "odd-key", id = _))]
fn query(id: u64) -> u64 {
    set_attributes!(rows = 3, db.rows_affected = id);
    set_attributes!("odd-key" = "x", id);
    let nested = || set_attributes!(%id, rows = ?Some(4));
    nested();
    set_attribute("anything", 1);
    id
}

fn main() {
    assert_eq!(query(1), 1);
}
