//! Statements that are no literals, and those that are not read.

use otel_runtime::db_query;
use otel_runtime::export::{SpanData, ValueData};
use otel_runtime::testing::Capture;

use crate::shop::{Pool, attributes, pool, run};

const BY_DAY: &str = "SELECT total FROM days WHERE day = '2026-01-01'";

#[db_query(sql = BY_DAY, system = "sqlite")]
fn constant() -> &'static str {
    QUERY
}

struct Repository {
    pool: Pool,
}

impl Repository {
    #[db_query(sql = &format!("SELECT * FROM {table} WHERE id = {id}"), system = "mysql", pool = self.pool)]
    async fn dynamic(&self, table: &str, id: u32) {
        let _ = self;
    }
}

#[db_query(sql = statement, system = "postgresql", raw)]
fn as_it_is(statement: &str) {}

#[db_query("SELECT 'a' FROM t", system = "postgresql", raw)]
fn literal_as_it_is() {}

#[db_query("MERGE something odd", system = "postgresql", unchecked)]
fn unchecked() {}

#[test]
fn statements_that_come_at_run_time_are_read_by_the_collector() {
    let capture = Capture::start();
    assert_eq!(constant(), BY_DAY);
    let repository = Repository { pool: pool() };
    run(repository.dynamic("orders", 77));
    run(repository.dynamic("'hunter2", 1));
    let long = format!(
        "orders WHERE x = 'hunter2' AND y IN ({})",
        "5, ".repeat(5000)
    );
    run(repository.dynamic(&long, 1));
    as_it_is("SELECT 'shown'");
    literal_as_it_is();
    unchecked();
    let spans = capture.finish();
    let told = |span: &SpanData| {
        let shown = |key: &str| {
            let value = span.attributes.iter().find(|(known, _)| known == key);
            value.map(|(_, value)| match value {
                ValueData::Str(text) => text.to_string(),
                other => format!("{other:?}"),
            })
        };
        let text = shown("db.query.text").unwrap_or_default();
        (
            span.name.to_string(),
            shown("db.query.summary").unwrap_or_default(),
            text,
        )
    };
    let row = |name: &str, summary: &str, text: &str| {
        (name.to_owned(), summary.to_owned(), text.to_owned())
    };
    let all: Vec<_> = spans.iter().map(told).collect();
    assert_eq!(
        all[0],
        row(
            "SELECT days",
            "SELECT days",
            "SELECT total FROM days WHERE day = ?"
        )
    );
    assert_eq!(
        all[1],
        row(
            "SELECT orders",
            "SELECT orders",
            "SELECT * FROM orders WHERE id = ?"
        )
    );
    assert_eq!(
        all[2],
        row("SELECT", "SELECT", ""),
        "a quote that does not close hides everything"
    );
    assert_eq!(all[3].0, "SELECT orders");
    assert!(
        all[3]
            .2
            .starts_with("SELECT * FROM orders WHERE x = ? AND y IN (")
            && all[3].2.ends_with(" …"),
        "{}",
        all[3].2
    );
    assert!(!all[3].2.contains(['5', '2']), "{}", all[3].2);
    assert_eq!(all[4], row("postgresql", "", "SELECT 'shown'"));
    assert_eq!(all[5], row("SELECT t", "SELECT t", "SELECT 'a' FROM t"));
    assert_eq!(
        all[6],
        row("MERGE something", "MERGE something", "MERGE something odd")
    );
    let of_pool = attributes(spans.named("SELECT orders"));
    assert!(
        of_pool.contains(&"server.address=db.test".to_owned()),
        "{of_pool:?}"
    );
}
