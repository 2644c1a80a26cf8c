//! What an exporter is to the collector.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::log_view::LogView;
use super::view::SpanView;
use crate::context::TraceId;
use crate::metric::Metrics;
use crate::resource::Resource;
use crate::stats::ExporterStats;

/// Takes finished spans out of the process.
///
/// Every method is called on the collector thread, but for those before the first span. `export` and `tick` must
/// not wait for anything outside the process: whatever talks to a network
/// does so on a thread of its own, behind a bounded queue, and counts what
/// the queue cannot take.
pub trait Exporter: Send {
    /// A short name for messages, such as `otlp`.
    fn name(&self) -> &'static str;

    /// What it is called in the runtime's own metrics, `otel.component.type`: a name of the
    /// [semantic conventions] if there is one, else its own.
    ///
    /// [semantic conventions]: https://opentelemetry.io/docs/specs/semconv/registry/attributes/otel/
    fn component_type(&self) -> &'static str {
        self.name()
    }

    /// Called once, before the first span.
    ///
    /// # Errors
    /// If the exporter cannot work at all; `install` then fails with this error.
    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError>;

    /// False if it is for metrics or log records alone: it then gets no span, and its figures are
    /// not compared with how many were recorded.
    fn takes_spans(&self) -> bool {
        true
    }

    /// True if it wants log records. Where no exporter does, none are written.
    fn takes_logs(&self) -> bool {
        false
    }

    /// Takes one finished span.
    fn export(&mut self, span: &SpanView<'_>);

    /// Takes one log record; those of one look at all threads come in the order of their times.
    fn log(&mut self, log: &LogView<'_>) {
        let _ = log;
    }

    /// Takes what was counted while earlier runtimes were installed, if there were any; before the
    /// first reading, which has it in its sums. An exporter of differences leaves it out.
    ///
    /// Called on the thread that installs.
    fn counted_before(&mut self, metrics: &Metrics) {
        let _ = metrics;
    }

    /// Takes what all instruments have counted: cumulative sums, read at the configured interval,
    /// before a flush, and before the shutdown. An exporter of spans alone ignores it.
    fn metrics(&mut self, metrics: &Metrics) {
        let _ = metrics;
    }

    /// Ships what is due; called many times a second.
    fn tick(&mut self, now: Instant);

    /// Hands over everything taken so far, and waits for nothing.
    ///
    /// Called on every exporter before the first of them is flushed or shut
    /// down, so that one which hangs does not use up the others' time.
    fn ship(&mut self) {}

    /// Delivers everything taken so far, or counts it as lost.
    ///
    /// # Errors
    /// If something was not delivered by the deadline.
    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError>;

    /// Flushes, and releases everything. Called once, last.
    ///
    /// # Errors
    /// If something was not delivered by the deadline; it is counted as lost.
    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError>;

    /// Forgets spans of a cancelled trace that have not been sent, and says how many. The
    /// collector counts them.
    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let _ = trace_id;
        0
    }
}

/// An exporter could not be started.
#[derive(Debug)]
pub struct ExporterError {
    exporter: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl ExporterError {
    /// The exporter of this name failed for this reason.
    pub fn new(exporter: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            exporter,
            source: source.into(),
        }
    }
}

impl fmt::Display for ExporterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "exporter `{}` cannot start: {}",
            self.exporter, self.source
        )
    }
}

impl Error for ExporterError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// Not everything was delivered in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlushError {
    /// Spans that were not delivered by the deadline.
    pub pending: u64,
    /// Points of metrics that were not delivered by the deadline.
    pub pending_points: u64,
    /// Log records that were not delivered by the deadline.
    pub pending_logs: u64,
    /// The last thing that went wrong, if anything did.
    pub last_error: Option<String>,
}

impl fmt::Display for FlushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pending = [
            (self.pending, "spans"),
            (self.pending_points, "points of metrics"),
            (self.pending_logs, "log records"),
        ];
        let mut told = pending.iter().filter(|(count, _)| *count > 0).peekable();
        if told.peek().is_none() {
            f.write_str("0 spans")?;
        }
        for (index, (count, what)) in told.enumerate() {
            let and = if index == 0 { "" } else { " and " };
            write!(f, "{and}{count} {what}")?;
        }
        f.write_str(" not delivered in time")?;
        match &self.last_error {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }
}

impl Error for FlushError {}
