//! How long calls of databases take: `db.client.operation.duration`.

use std::borrow::Cow;
use std::time::Duration;

use super::Target;
use crate::class::{Classification, ResponseStatus};
use crate::metric::{OpenHistogram, Series, Value};
use crate::site::QuerySpec;

/// The attributes, by the [semantic conventions].
///
/// [semantic conventions]: https://opentelemetry.io/docs/specs/semconv/db/database-metrics/#metric-dbclientoperationduration
const KEYS: [&str; 10] = [
    "db.system.name",
    "db.namespace",
    "db.operation.name",
    "db.collection.name",
    "db.query.summary",
    "db.stored_procedure.name",
    "server.address",
    "server.port",
    "error.type",
    "db.response.status_code",
];

/// So many combinations of them are told apart.
const MOST_SERIES: usize = 2000;

static DURATIONS: OpenHistogram = OpenHistogram::new(
    "db.client.operation.duration",
    "s",
    "Duration of database client operations.",
    &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0],
    &KEYS,
    MOST_SERIES,
);

/// A call of a database: what is said of its duration.
///
/// For integrations with database clients; `#[db_query]` does this by itself.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// What is known at compile time.
    pub query: &'a QuerySpec,
    /// Whom it asks.
    pub target: Option<&'static Target>,
    /// What is known of the statement, where `query` does not know it.
    pub statement: Option<&'a Summary>,
}

impl Operation<'_> {
    /// Of a call whose statement, if there is one, was read at compile time.
    pub(crate) const fn of(
        query: &'static QuerySpec,
        target: Option<&'static Target>,
    ) -> Operation<'static> {
        Operation {
            query,
            target,
            statement: None,
        }
    }
}

/// What is known of a statement that was not there at compile time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// `db.query.summary`.
    pub summary: Option<String>,
    /// `db.operation.name`.
    pub operation: Option<String>,
    /// `db.collection.name`.
    pub collection: Option<String>,
    /// `db.stored_procedure.name`.
    pub procedure: Option<String>,
}

/// How a call failed: `error.type`, and what the database answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure<'a> {
    pub(crate) error_type: &'a str,
    pub(crate) status: Option<ResponseStatus<'a>>,
}

/// Counts the duration of a call that is over; `error` is what its error means, if it failed.
///
/// # Cost
/// A hash over the texts, which finds the series, and a store to memory of the calling thread's
/// own. Allocates for what is new.
pub fn record(operation: &Operation<'_>, duration: Duration, error: Option<&Classification<'_>>) {
    let failure = error.map(|error| Failure {
        error_type: error.code,
        status: error.response_status,
    });
    record_in(series(operation, failure), duration.as_secs_f64());
}

/// Counts a duration in a series.
pub(crate) fn record_in(series: Series, seconds: f64) {
    DURATIONS.record(series, seconds);
}

/// The series of a call that ended so.
pub(crate) fn series(operation: &Operation<'_>, failure: Option<Failure<'_>>) -> Series {
    let Operation {
        query,
        target,
        statement,
    } = operation;
    let known = |known: Option<&'static str>, read: fn(&Summary) -> &Option<String>| {
        let read = || statement.and_then(|statement| read(statement).as_deref());
        text(known.or_else(read))
    };
    let address = query.address.or_else(|| target.and_then(Target::address));
    let port = match query.address {
        Some(_) => query.port,
        None => target.and_then(Target::port),
    };
    DURATIONS.series(&[
        Value::from(query.system),
        text(
            query
                .namespace
                .or_else(|| target.and_then(Target::namespace)),
        ),
        known(query.operation, |read| &read.operation),
        known(query.collection, |read| &read.collection),
        known(query.summary, |read| &read.summary),
        known(query.procedure, |read| &read.procedure),
        text(address),
        port.map_or(Value::Missing, Value::from),
        text(failure.map(|failure| failure.error_type)),
        match failure.and_then(|failure| failure.status) {
            None => Value::Missing,
            Some(ResponseStatus::Text(status)) => Value::from(status),
            Some(ResponseStatus::Number(number)) => Value::Text(Cow::Owned(number.to_string())),
        },
    ])
}

fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Missing, Value::from)
}
