//! An exporter that keeps count and forgets.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use otel_runtime::export::{
    Exporter, ExporterError, ExporterStats, FlushError, LossCause, Outcome, SpanView,
};
use otel_runtime::{Resource, SpanId, TraceId};

/// What is kept of a span.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its trace.
    pub trace_id: TraceId,
    /// Itself.
    pub span_id: SpanId,
    /// Its parent.
    pub parent_span_id: Option<SpanId>,
    /// When it began.
    pub start_unix_ns: u64,
    /// When it ended.
    pub end_unix_ns: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// Counts every span by name, and keeps the spans themselves if asked to. A
/// clone is a handle to the same ledger.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    book: Mutex<Book>,
    opened: Condvar,
}

#[derive(Debug, Default)]
struct Book {
    counts: BTreeMap<String, u64>,
    entries: Option<Vec<Entry>>,
    is_shut: bool,
    flushes: u64,
    shutdowns: u64,
    stats: Option<Arc<ExporterStats>>,
}

impl Ledger {
    /// A ledger that counts and keeps the spans.
    #[must_use]
    pub fn keeping() -> Self {
        let ledger = Self::default();
        ledger.book().entries = Some(Vec::new());
        ledger
    }

    /// Makes the collector wait at the next span, until [`open`](Self::open).
    pub fn shut(&self) {
        self.book().is_shut = true;
    }

    /// Lets the collector go on.
    pub fn open(&self) {
        self.book().is_shut = false;
        self.shared.opened.notify_all();
    }

    /// Spans of this name.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        self.book().counts.get(name).copied().unwrap_or(0)
    }

    /// All spans.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.book().counts.values().sum()
    }

    /// The spans kept, in the order of their export.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.book().entries.clone().unwrap_or_default()
    }

    /// How often it was flushed, and shut down.
    #[must_use]
    pub fn endings(&self) -> (u64, u64) {
        let book = self.book();
        (book.flushes, book.shutdowns)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.shared
            .book
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exporter for Ledger {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn start(
        &mut self,
        _resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        self.book().stats = Some(stats);
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        let mut book = self.book();
        while book.is_shut {
            let opened = self.shared.opened.wait(book);
            book = opened.unwrap_or_else(PoisonError::into_inner);
        }
        *book.counts.entry(span.name.to_owned()).or_default() += 1;
        if let Some(stats) = &book.stats {
            stats.add_exported(1);
        }
        if let Some(entries) = &mut book.entries {
            entries.push(Entry {
                name: span.name.to_owned(),
                trace_id: span.trace_id,
                span_id: span.span_id,
                parent_span_id: span.parent_span_id,
                start_unix_ns: span.start_unix_ns,
                end_unix_ns: span.end_unix_ns,
                outcome: span.outcome,
            });
        }
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        self.book().flushes += 1;
        Ok(())
    }

    fn shutdown(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        self.book().shutdowns += 1;
        Ok(())
    }
}

/// An exporter that loses everything and says so.
#[derive(Debug, Default)]
pub struct Sieve {
    stats: Option<Arc<ExporterStats>>,
    lost: u64,
}

impl Exporter for Sieve {
    fn name(&self) -> &'static str {
        "sieve"
    }

    fn start(
        &mut self,
        _resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        self.stats = Some(stats);
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {
        self.lost += 1;
        if let Some(stats) = &self.stats {
            stats.add_dropped(LossCause::Failed, 1);
        }
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        match std::mem::take(&mut self.lost) {
            0 => Ok(()),
            pending => Err(FlushError {
                pending,
                last_error: Some("it is a sieve".to_owned()),
                ..FlushError::default()
            }),
        }
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.flush(deadline)
    }
}

/// A ledger that prints its total when it is flushed or shut down.
#[derive(Debug, Default)]
pub struct Printer(Ledger);

impl Exporter for Printer {
    fn name(&self) -> &'static str {
        "printer"
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        self.0.start(resource, stats)
    }

    fn export(&mut self, span: &SpanView<'_>) {
        self.0.export(span);
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        crate::process::child::tell("printed", self.0.total());
        Ok(())
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.flush(deadline)
    }
}
