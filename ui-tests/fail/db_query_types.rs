use otel_runtime::db_query;

struct Pool;

#[db_query("SELECT 1", system = "mysql", pool = pool)]
fn pool_that_knows_nothing(pool: &Pool) {}

#[db_query("SELECT 1", system = "mysql", rows = |rows| rows)]
fn rows_that_are_no_number() -> Pool {
    Pool
}

#[db_query("SELECT 1", system = "mysql", batch = "three")]
fn batch_without_number() {}

#[db_query("SELECT 1", system = "mysql", namespace = 7)]
fn namespace_that_is_no_text() {}

#[db_query(system = 'x', operation = "GET")]
fn character() {}

fn main() {}
