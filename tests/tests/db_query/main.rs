//! `#[db_query]`: spans and durations of calls that ask a database.

mod endings;
mod shop;
mod slow;
mod spans;
mod stacked;
mod statements;

const DURATION: &str = "db.client.operation.duration";
