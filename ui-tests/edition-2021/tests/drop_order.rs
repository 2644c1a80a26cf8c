//! The same as in edition 2024, under the rules of edition 2021.

#[path = "../../tests/drop_order.rs"]
mod shared;
