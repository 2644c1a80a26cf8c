//! A statement, from its beginning to its end: the span, and the duration.

use std::time::Instant;

use otel_runtime::Span;
use otel_runtime::class::{Class, Classification, Classify};
use otel_runtime::db::{self, Target};
use otel_runtime::export::Outcome;
use sqlx::{Error, SqlStr};

use crate::system::{Asks, Place};

/// A statement that is asked. Dropped before its end, it was cancelled, or panicked.
pub(crate) struct Call(Option<Box<Running>>);

struct Running {
    span: Span,
    begun: Instant,
    place: Place,
    target: Option<&'static Target>,
    text: Box<str>,
    rows: Option<i64>,
}

impl Call {
    /// A statement is asked.
    pub(crate) fn begin(asks: &Asks, text: &str) -> Self {
        Self::at(asks.known.asked, asks.target, text)
    }

    /// A transaction is begun, by this statement or the usual one.
    pub(crate) fn begin_transaction(asks: &Asks, statement: Option<&SqlStr>) -> Self {
        Self::begin(asks, statement.map_or("BEGIN", SqlStr::as_str))
    }

    /// A statement is prepared.
    pub(crate) fn prepare(asks: &Asks, text: &str) -> Self {
        Self::at(asks.known.prepared, asks.target, text)
    }

    /// Nothing, while nobody wants to know, and inside of a call that is recorded already.
    fn at(place: Place, target: Option<&'static Target>, text: &str) -> Self {
        if !place.site.is_on() || db::is_asking() {
            return Self(None);
        }
        let mut span = Span::prepare(place.site).start();
        if span.is_recording() {
            span.set_attribute("db.query.text", text);
            if let Some(target) = target {
                span.note_target(target);
            }
        }
        Self(Some(Box::new(Running {
            span,
            begun: Instant::now(),
            place,
            target,
            text: text.into(),
            rows: None,
        })))
    }

    /// Does a piece of the work, with the span as the current one.
    pub(crate) fn poll<T>(&mut self, work: impl FnOnce() -> T) -> T {
        match &mut self.0 {
            Some(running) => running.span.in_scope(work),
            None => work(),
        }
    }

    /// So many rows have come.
    pub(crate) fn add_rows(&mut self, rows: i64) {
        if let Some(running) = &mut self.0 {
            *running.rows.get_or_insert(0) += rows;
        }
    }

    /// All has come that there is.
    pub(crate) fn end(&mut self, error: Option<&Error>) {
        if let Some(mut running) = self.0.take() {
            running.end(error);
        }
    }

    /// Nobody wants the rest.
    pub(crate) fn end_early(&mut self) {
        self.end(None);
    }
}

impl Running {
    fn end(&mut self, error: Option<&Error>) {
        let meaning = error.map(Classify::classify);
        if let Some(error) = error {
            self.span.record_error(error);
        }
        self.tell_rows();
        self.record(meaning.as_ref());
    }

    fn tell_rows(&mut self) {
        if let Some(rows) = self.rows
            && self.span.is_recording()
        {
            self.span.set_attribute("db.response.returned_rows", rows);
        }
    }

    fn record(&self, error: Option<&Classification<'_>>) {
        let query = self.place.query;
        db::record_statement(query, self.target, &self.text, self.begun.elapsed(), error);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let Some(mut running) = self.0.take() else {
            return;
        };
        let (outcome, code) = if std::thread::panicking() {
            (Outcome::Panicked, "panic")
        } else {
            (Outcome::Cancelled, "cancelled")
        };
        running.span.set_outcome(outcome);
        running.tell_rows();
        running.record(Some(&Classification::new(Class::Cancelled, code)));
    }
}
