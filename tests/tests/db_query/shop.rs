//! Calls of a shop's databases, and what is told of them.

use std::fmt;
use std::task::{Context, Poll, Waker};

use otel_runtime::class::{Class, Classification, ResponseStatus};
use otel_runtime::db::{DbTarget, Target};
use otel_runtime::export::{SpanData, ValueData};
use otel_runtime::{Classify, db_query};

/// What a database answers when it refuses.
#[derive(Debug)]
pub(crate) struct Refused(&'static str, ResponseStatus<'static>);

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

pub(crate) struct Pool(pub(crate) Option<&'static Target>);

impl DbTarget for Pool {
    fn db_target(&self) -> Option<&'static Target> {
        self.0
    }
}

pub(crate) fn pool() -> Pool {
    Pool(Target::known(Some("db.test"), Some(5433), Some("shop")))
}

#[db_query("SELECT id FROM users WHERE name = 'Ann'", system = "postgresql", rows = |rows| rows.len())]
pub(crate) fn find(rows: usize) -> Vec<String> {
    vec![QUERY.to_owned(); rows]
}

#[db_query("INSERT INTO orders (id) VALUES ($1), ($2)", system = "postgresql", batch = ids.len())]
pub(crate) async fn insert(pool: &Pool, ids: &[i64]) -> Result<u64, Refused> {
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
pub(crate) fn get(key: &str) -> Result<Option<String>, Refused> {
    match key {
        "" => Err(Refused("WRONGTYPE", ResponseStatus::Number(7))),
        key => Ok(Some(key.to_owned())),
    }
}

const OTHER: &str = "ourdb";

#[db_query(system = OTHER, operation = "scan", namespace = namespace, server(host, port))]
pub(crate) fn elsewhere(host: &str, port: u16, namespace: String) {}

/// The attributes of a span, by key.
pub(crate) fn attributes(span: &SpanData) -> Vec<String> {
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

pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}
