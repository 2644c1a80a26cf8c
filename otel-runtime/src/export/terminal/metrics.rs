//! Writes what was counted as a table, at a flush and at the end.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use super::MAX_QUEUE_BYTES;
use super::table::render_table;
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::queue::Parcel;
use crate::export::delivery::writer::{Unit, WriterCourier};
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::view::SpanView;
use crate::metric::{Metric, Metrics, RUNTIME_SCOPE};
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

/// Writes a table of all metrics whenever the runtime is flushed, and at its end.
///
/// One line for each series that has counted something: its sum or last value, or how many values
/// it has, their median, the 95th and 99th percentile, and the greatest.
///
/// ```
/// use otel_runtime::export::terminal::TerminalMetricsExporter;
///
/// let exporter = TerminalMetricsExporter::stdout();
/// ```
pub struct TerminalMetricsExporter {
    writer: Option<Box<dyn Write + Send>>,
    latest: Metrics,
    outbox: Option<Outbox<Vec<u8>>>,
}

const NAME: &str = "terminal-metrics";

impl TerminalMetricsExporter {
    /// Writes to standard output.
    #[must_use]
    pub fn stdout() -> Self {
        Self::to_writer(io::stdout())
    }

    /// Writes to standard error.
    #[must_use]
    pub fn stderr() -> Self {
        Self::to_writer(io::stderr())
    }

    /// Writes to `writer`.
    #[must_use]
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self {
            writer: Some(Box::new(writer)),
            latest: Metrics::default(),
            outbox: None,
        }
    }
}

impl Exporter for TerminalMetricsExporter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes_spans(&self) -> bool {
        false
    }

    fn start(
        &mut self,
        _resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let writer = self
            .writer
            .take()
            .ok_or_else(|| ExporterError::new(NAME, "it was started before"))?;
        let diagnostics = Diagnostics::new(true, "metrics", "the terminal", Arc::clone(&stats));
        let courier = WriterCourier::new(writer, diagnostics, Unit::Parcel);
        let outbox = Outbox::start("otelkit-table", MAX_QUEUE_BYTES, stats, courier)
            .map_err(|error| ExporterError::new(NAME, error))?;
        self.outbox = Some(outbox);
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn metrics(&mut self, metrics: &Metrics) {
        // What the runtime says of itself is for those who watch it from afar.
        let of_program = |metric: &&Metric| metric.scope != RUNTIME_SCOPE;
        self.latest.list = metrics.list.iter().filter(of_program).cloned().collect();
    }

    fn tick(&mut self, _now: Instant) {}

    fn ship(&mut self) {
        let metrics = std::mem::take(&mut self.latest);
        let content = render_table(&metrics).into_bytes();
        if let Some(outbox) = &self.outbox
            && !content.is_empty()
        {
            outbox.send(Parcel {
                bytes: content.len(),
                content,
                signal: Signal::Points,
                items: metrics.list.iter().map(|it| it.points.len() as u64).sum(),
            });
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        let outbox = self.outbox.as_mut();
        outbox.map_or(Ok(()), |outbox| outbox.flush(deadline))
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        let outbox = self.outbox.take();
        outbox.map_or(Ok(()), |mut outbox| outbox.close(deadline))
    }
}

impl fmt::Debug for TerminalMetricsExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TerminalMetricsExporter")
            .finish_non_exhaustive()
    }
}
