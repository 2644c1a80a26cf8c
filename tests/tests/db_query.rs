//! `#[db_query]`: spans and durations of calls that ask a database.

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use otel_runtime::class::{Class, Classification, ResponseStatus};
use otel_runtime::db::{DbTarget, Target};
use otel_runtime::export::{SpanData, ValueData};
use otel_runtime::metric::Points;
use otel_runtime::testing::Capture;
use otel_runtime::{Classify, SpanKind, db_query, metered, traced};
use otelkit_tests::calls::Counted;
use otelkit_tests::durations;

const DURATION: &str = "db.client.operation.duration";

/// What a database answers when it refuses.
#[derive(Debug)]
struct Refused(&'static str, ResponseStatus<'static>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

impl Classify for Refused {
    const CODES: otel_runtime::class::Codes = otel_runtime::class::Codes::Open;

    fn classify(&self) -> Classification<'_> {
        Classification::new(Class::Aborted, self.0).with_response_status(self.1)
    }
}

struct Pool(Option<&'static Target>);

impl DbTarget for Pool {
    fn db_target(&self) -> Option<&'static Target> {
        self.0
    }
}

fn pool() -> Pool {
    Pool(Target::known(Some("db.test"), Some(5433), Some("shop")))
}

#[db_query("SELECT id FROM users WHERE name = 'Ann'", system = "postgresql", rows = |rows| rows.len())]
fn find(rows: usize) -> Vec<String> {
    vec![QUERY.to_owned(); rows]
}

#[db_query("INSERT INTO orders (id) VALUES ($1), ($2)", system = "postgresql", batch = ids.len())]
async fn insert(pool: &Pool, ids: &[i64]) -> Result<u64, Refused> {
    match ids {
        [] => Err(Refused("40001", ResponseStatus::Text("40001"))),
        ids => Ok(ids.len() as u64),
    }
}

#[db_query(
    system = "redis",
    operation = "GET",
    collection = "sessions",
    server("cache.test", 6379),
    namespace = "3"
)]
fn get(key: &str) -> Result<Option<String>, Refused> {
    match key {
        "" => Err(Refused("WRONGTYPE", ResponseStatus::Number(7))),
        key => Ok(Some(key.to_owned())),
    }
}

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

const OTHER: &str = "ourdb";

#[db_query(system = OTHER, operation = "scan", namespace = namespace, server(host, port))]
fn elsewhere(host: &str, port: u16, namespace: String) {}

#[db_query("MERGE something odd", system = "postgresql", unchecked)]
fn unchecked() {}

#[db_query("SELECT 1", system = "sqlite", slow = "0ms")]
fn slow() {}

#[db_query("SELECT 1", system = "sqlite", slow = "1h")]
fn quick() {}

mod stacked {
    #![deny(unused_imports)]
    use otel_runtime::{db_query, metered, traced};

    #[traced(name = "load user", fields(user = id))]
    #[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql")]
    #[metered(labels(even = id.is_multiple_of(2)))]
    pub(super) fn first(id: u32) -> u32 {
        id + QUERY.len() as u32
    }

    #[metered]
    #[traced(fields(user = id))]
    #[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql")]
    pub(super) async fn last(id: u32) -> Result<u32, std::num::ParseIntError> {
        "x".parse()
    }

    #[db_query("DELETE FROM users", system = "postgresql")]
    #[traced(skip)]
    pub(super) fn unseen() {}
}

fn attributes(span: &SpanData) -> Vec<String> {
    let mut attributes: Vec<String> = span
        .attributes
        .iter()
        .map(|(key, value)| match value {
            ValueData::Str(text) => format!("{key}={text}"),
            ValueData::Int(number) => format!("{key}={number}"),
            other => format!("{key}={other:?}"),
        })
        .collect();
    attributes.sort();
    attributes
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_literal_statement_names_the_span_and_is_shown_without_values() {
    let capture = Capture::start();
    let rows = find(3);
    assert_eq!(rows[0], "SELECT id FROM users WHERE name = 'Ann'");
    let spans = capture.finish();
    let span = spans.named("SELECT users");
    assert_eq!(span.kind, SpanKind::Client);
    assert_eq!(
        attributes(span),
        [
            "db.collection.name=users",
            "db.operation.name=SELECT",
            "db.query.summary=SELECT users",
            "db.query.text=SELECT id FROM users WHERE name = ?",
            "db.response.returned_rows=3",
            "db.system.name=postgresql",
        ]
    );
}

#[test]
fn an_argument_tells_the_server_and_an_error_its_answer() {
    let capture = Capture::start();
    let pool = pool();
    assert!(run(insert(&pool, &[1, 2])).is_ok());
    assert!(run(insert(&Pool(None), &[1])).is_ok());
    assert!(run(insert(&pool, &[])).is_err());
    let spans = capture.finish();
    let of_call = [
        "db.collection.name=orders",
        "db.operation.name=INSERT",
        "db.query.summary=INSERT orders",
        "db.query.text=INSERT INTO orders (id) VALUES ($1), ($2)",
        "db.system.name=postgresql",
    ];
    let of_target = [
        "db.namespace=shop",
        "server.address=db.test",
        "server.port=5433",
    ];
    let with = |more: &[&str]| {
        let mut all: Vec<String> = of_call
            .iter()
            .chain(more)
            .map(|s| (*s).to_owned())
            .collect();
        all.sort();
        all
    };
    let told: Vec<_> = spans.iter().map(attributes).collect();
    assert_eq!(
        told,
        [
            with(&[&of_target[..], &["db.operation.batch.size=2"]].concat()),
            with(&[]),
            with(
                &[
                    &of_target[..],
                    &[
                        "db.response.status_code=40001",
                        "error.type=40001",
                        "otelkit.error.class=aborted"
                    ]
                ]
                .concat()
            ),
        ]
    );
}

#[test]
fn not_only_sql_is_asked() {
    let capture = Capture::start();
    assert!(get("a").is_ok());
    assert!(get("").is_err());
    let port = 9;
    elsewhere("other.test", port, "x".to_owned());
    let spans = capture.finish();
    let told: Vec<_> = spans
        .iter()
        .map(|span| (&*span.name, attributes(span)))
        .collect();
    let of_get = [
        "db.collection.name=sessions",
        "db.namespace=3",
        "db.operation.name=GET",
        "db.system.name=redis",
        "server.address=cache.test",
        "server.port=6379",
    ];
    let failed = [
        &of_get[..3],
        &["db.response.status_code=7"],
        &of_get[3..4],
        &["error.type=WRONGTYPE", "otelkit.error.class=aborted"],
        &of_get[4..],
    ]
    .concat();
    let owned = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            ("GET sessions", owned(&of_get)),
            ("GET sessions", owned(&failed)),
            (
                "scan",
                owned(&[
                    "db.namespace=x",
                    "db.operation.name=scan",
                    "db.system.name=ourdb",
                    "server.address=other.test",
                    "server.port=9",
                ])
            ),
        ]
    );
}

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

#[test]
fn a_slow_call_says_so() {
    let events = |span: &SpanData| {
        let events = span
            .events
            .iter()
            .map(|event| (event.name.to_string(), format!("{:?}", event.attributes)));
        events.collect::<Vec<_>>()
    };
    let capture = Capture::start();
    slow();
    quick();
    let spans = capture.finish();
    let told: Vec<_> = spans.iter().map(events).collect();
    assert_eq!(told[0].len(), 1);
    assert_eq!(told[0][0].0, "otelkit.db.slow_query");
    assert!(
        told[0][0].1.contains("otelkit.db.slow_query.threshold"),
        "{told:?}"
    );
    assert_eq!(told[1], []);
}

#[test]
fn stacked_with_other_annotations_it_is_one_span_and_one_measurement() {
    let counted = Counted::during(|| {
        let _ = stacked::first(1);
        assert!(run(stacked::last(1)).is_err());
        stacked::unseen();
    });
    let names: Vec<_> = counted.spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, ["load user", "SELECT users"]);
    assert!(attributes(&counted.spans[0]).contains(&"user=1".to_owned()));
    let series = counted.counted("function.calls", "first");
    assert_eq!(series, [("even=false outcome=ok".to_owned(), 1)]);
    let read = "db.system.name=postgresql db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users";
    let of_error = "error.type=ParseIntError";
    let asked = durations::of(&counted.metrics, DURATION);
    assert_eq!(
        asked,
        [
            ("db.system.name=postgresql db.operation.name=DELETE db.collection.name=users db.query.summary=DELETE users".to_owned(), 1),
            (read.to_owned(), 1),
            (format!("{read} {of_error}"), 1),
        ]
    );
    // One pair of looks at the clock.
    let span = &counted.spans[0];
    let seconds = Duration::from_nanos(span.end_unix_ns - span.start_unix_ns).as_secs_f64();
    let Points::Histogram { points, .. } = &counted.metrics.metric(DURATION).unwrap().points else {
        panic!("it has boundaries")
    };
    let sums: Vec<f64> = points.iter().map(|point| point.sum).collect();
    let is_same = |sum: &f64| (sum - seconds).abs() < 2e-9;
    assert!(sums.iter().any(is_same), "{seconds} is none of {sums:?}");
}

#[test]
fn each_way_to_end_has_a_series() {
    let counted = Counted::during(|| {
        let _ = find(0);
        let pool = pool();
        let _ = run(insert(&pool, &[1, 2]));
        let _ = run(insert(&pool, &[]));
        let _ = get("");
        let _ = std::panic::catch_unwind(panics);
        let mut waiting = Box::pin(waits());
        assert!(
            waiting
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        );
        drop(waiting);
        elsewhere("other.test", 9, "x".to_owned());
    });
    let orders = "db.system.name=postgresql db.namespace=shop db.operation.name=INSERT db.collection.name=orders db.query.summary=INSERT orders server.address=db.test server.port=5433";
    let one = "db.system.name=sqlite db.operation.name=SELECT db.query.summary=SELECT";
    let mut expected = [
        "db.system.name=postgresql db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users".to_owned(),
        orders.to_owned(),
        format!("{orders} error.type=40001 db.response.status_code=40001"),
        "db.system.name=redis db.namespace=3 db.operation.name=GET db.collection.name=sessions server.address=cache.test server.port=6379 error.type=WRONGTYPE db.response.status_code=7".to_owned(),
        format!("{one} error.type=panic"),
        format!("{one} error.type=cancelled"),
        "db.system.name=ourdb db.namespace=x db.operation.name=scan server.address=other.test server.port=9".to_owned(),
    ];
    expected.sort();
    let series = durations::of(&counted.metrics, DURATION);
    assert_eq!(series, expected.map(|series| (series, 1)));
    let metric = counted.metrics.metric(DURATION).unwrap();
    assert_eq!(metric.unit, "s");
    let Points::Histogram { boundaries, .. } = &metric.points else {
        panic!("it has boundaries")
    };
    assert_eq!(
        **boundaries,
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0]
    );
    assert!(
        counted
            .metrics
            .metric("function.duration")
            .is_none_or(|of| {
                let Points::ExponentialHistogram { points, .. } = &of.points else {
                    return false;
                };
                points
                    .iter()
                    .all(|point| !format!("{:?}", point.attributes).contains("find"))
            })
    );
}

#[db_query("SELECT 1", system = "sqlite")]
fn panics() {
    panic!("on purpose");
}

#[db_query("SELECT 1", system = "sqlite")]
async fn waits() {
    poll_fn(|_| Poll::<()>::Pending).await;
}

mod block {
    use super::*;

    pub(super) struct Users;

    #[traced(level = debug)]
    #[metered]
    impl Users {
        #[db_query("SELECT name FROM users", system = "sqlite")]
        pub(super) fn names(&self) {}
    }
}

#[test]
fn in_an_annotated_block_a_query_is_named_by_its_statement() {
    let counted = Counted::during(|| block::Users.names());
    let capture = Capture::start();
    block::Users.names();
    capture.finish().assert_tree(
        "SELECT users db.system.name=sqlite db.operation.name=SELECT db.collection.name=users db.query.summary=SELECT users db.query.text=SELECT name FROM users",
    );
    let series = counted.series("function.calls", "Users::names");
    assert!(series.iter().any(|(_, calls)| *calls == 1), "{series:?}");
}
