#![deny(warnings)]

use otel_runtime::db::{DbTarget, Target};
use otel_runtime::db_query;

struct Pool;

impl DbTarget for Pool {
    fn db_target(&self) -> Option<&'static Target> {
        None
    }
}

/// The body need not use `QUERY`, and an outer constant of its name is another.
#[allow(dead_code)]
const QUERY: &str = "mine";

#[db_query("SELECT id FROM users", system = "postgresql")]
fn unused() {}

#[db_query("SELECT id FROM users WHERE id = $1", system = "postgresql", rows = |rows| rows.len())]
async fn with_pool(pool: &Pool, id: u64) -> Result<Vec<u64>, std::io::Error> {
    let _ = (pool, QUERY);
    Ok(vec![id])
}

#[db_query(sql = QUERY, system = "other_sql", unchecked_is_not_needed = "x")]
#[cfg(any())]
fn never() {}

#[db_query("PRAGMA journal_mode = WAL", system = "sqlite", unchecked)]
fn unchecked() -> &'static str {
    QUERY
}

#[db_query("SELECT 1", system = "sqlite", server("localhost"), namespace = "main")]
fn generic<E: AsRef<str>>(executor: E, mut moved: Pool) -> impl Future<Output = usize> {
    moved = drop_and_make(moved);
    let length = executor.as_ref().len();
    async move {
        let _moved = moved;
        length
    }
}

fn drop_and_make(_: Pool) -> Pool {
    Pool
}

struct Repository {
    pool: Pool,
}

impl Repository {
    #[db_query("DELETE FROM users", system = "mysql", pool = self.pool, batch = 3_u8)]
    async fn delete(&mut self) -> usize {
        self.pool = Pool;
        QUERY.len()
    }

    #[db_query(sql = &*statement, system = "mysql", namespace = tenant)]
    fn given(self, statement: String, tenant: &str) -> String {
        let _ = tenant;
        statement
    }
}

macro_rules! query {
    ($name:ident, $text:literal) => {
        #[db_query($text, system = "sqlite")]
        fn $name() -> usize {
            $text.len()
        }
    };
}

query!(from_a_macro, "SELECT 1");

trait Store {
    fn name(&self) -> String;

    #[db_query("SELECT 1", system = "sqlite")]
    fn default_method(&self) -> String {
        self.name()
    }
}

impl Store for Pool {
    fn name(&self) -> String {
        String::from("pool")
    }
}

fn main() {
    unused();
    let _ = with_pool(&Pool, 1);
    assert_eq!(unchecked(), "PRAGMA journal_mode = WAL");
    let _ = generic("x", Pool);
    let mut repository = Repository { pool: Pool };
    let _ = repository.delete();
    let _ = repository.given(String::from("SELECT 1"), "a");
    assert_eq!(from_a_macro(), 8);
    assert_eq!(Pool.default_method(), "pool");
}
