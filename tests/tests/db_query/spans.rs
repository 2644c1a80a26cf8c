//! What is told of a call on its span.

use otel_runtime::SpanKind;
use otel_runtime::testing::Capture;

use crate::shop::{Pool, attributes, elsewhere, find, get, insert, pool, run};

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
