//! A call, from its beginning to its end: the span, and the duration.

use std::time::Instant;

use otel_runtime::export::Outcome;
use otel_runtime::{Span, span};

use crate::asked::Asked;
use crate::durations::{self, Series};
use crate::failure::{self, Answer, Failure};
use crate::name::{self, Name};
use crate::server::Server;

/// How many attributes the span has from the start.
const FIELDS: usize = 6;

/// A call that has begun. Dropped before its end, it was cancelled, or panicked.
pub(crate) struct Operation<'a>(Option<Running<'a>>);

struct Running<'a> {
    span: Span<FIELDS>,
    begun: Instant,
    server: &'a Server,
    name: Name,
    database: Name,
}

impl<'a> Operation<'a> {
    /// Nothing, while nobody wants to know.
    #[inline]
    pub(crate) fn begin(server: &'a Server, database: i64, asked: &impl Asked) -> Self {
        Self(durations::are_wanted().then(|| Running::begin(server, database, asked)))
    }

    /// The answer is there.
    #[inline]
    pub(crate) fn end<A: Answer>(mut self, answer: &A) {
        if let Some(running) = self.0.take() {
            running.end(answer.failure());
        }
    }
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        let Some(mut running) = self.0.take() else {
            return;
        };
        let (outcome, error_type) = if std::thread::panicking() {
            (Outcome::Panicked, "panic")
        } else {
            (Outcome::Cancelled, "cancelled")
        };
        running.span.set_outcome(outcome);
        running.record(Some(error_type), None);
    }
}

impl<'a> Running<'a> {
    #[inline(never)]
    fn begin(server: &'a Server, database: i64, asked: &impl Asked) -> Self {
        let begun = Instant::now();
        let name = asked.name();
        let database = name::database(database);
        let size = asked.batch_size();
        let mut span = span!(
            "redis",
            kind = client,
            db.system.name = "redis",
            db.operation.name = name.as_str(),
            db.namespace = database.as_str(),
            db.operation.batch.size = (size > 1).then_some(size as u64),
            server.address = server.address(),
            server.port = server.port(),
            db.query.text = _,
            db.response.status_code = _,
            error.type = _,
        );
        if span.is_recording() {
            span.set_name(format_args!("{name} {database}"));
            if server.wants_text {
                span.set_attribute("db.query.text", asked.text().as_str());
            }
        }
        Self {
            span,
            begun,
            server,
            name,
            database,
        }
    }

    fn end(mut self, failure: Option<Failure<'_>>) {
        let Some(error) = failure.and_then(|failure| failure.error()) else {
            return self.record(None, None);
        };
        let meaning = failure::meaning(&error);
        if self.span.is_recording() {
            failure::record(&mut self.span, &error, meaning);
        }
        self.record(Some(meaning.code), error.code());
    }

    fn record(self, error_type: Option<&str>, status: Option<&str>) {
        let Self {
            mut span,
            begun,
            server,
            name,
            database,
        } = self;
        let series = Series {
            operation: name.as_str(),
            namespace: database.as_str(),
            address: server.address(),
            port: server.port(),
            error_type,
            status,
        };
        let elapsed = begun.elapsed();
        // What is counted within the span leads to it.
        span.in_scope(|| durations::record(elapsed, series));
    }
}
