//! Keeps finished spans and the latest metrics, for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::data::SpanData;
use super::exporter::{Exporter, ExporterError, FlushError};
use super::log_data::LogData;
use super::log_view::LogView;
use super::view::SpanView;
use crate::context::TraceId;
use crate::metric::Metrics;
use crate::resource::Resource;
use crate::stats::ExporterStats;

/// Keeps every finished span and every log record in memory, without a limit; for tests.
///
/// A clone is a handle to the same spans: give one to the configuration, keep the other.
///
/// ```
/// use otel_runtime::export::MemoryExporter;
///
/// let spans = MemoryExporter::new();
/// let exporter = spans.clone(); // goes to the configuration
/// # drop(exporter);
/// assert!(spans.spans().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryExporter {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    spans: Vec<SpanData>,
    logs: Vec<LogData>,
    metrics: Metrics,
    resource: Resource,
    stats: Arc<ExporterStats>,
}

impl MemoryExporter {
    /// An exporter without spans.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The spans so far, in the order in which they were exported. Copies them.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        self.lock().spans.clone()
    }

    /// The spans so far; forgets them.
    #[must_use]
    pub fn take(&self) -> Vec<SpanData> {
        std::mem::take(&mut self.lock().spans)
    }

    /// The log records so far, in the order in which they were exported. Copies them.
    #[must_use]
    pub fn logs(&self) -> Vec<LogData> {
        self.lock().logs.clone()
    }

    /// The log records so far; forgets them.
    #[must_use]
    pub fn take_logs(&self) -> Vec<LogData> {
        std::mem::take(&mut self.lock().logs)
    }

    /// The metrics as they were read last.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.lock().metrics.clone()
    }

    /// The resource the runtime was installed with.
    #[must_use]
    pub fn resource(&self) -> Resource {
        self.lock().resource.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // a test that panicked left whole spans behind
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exporter for MemoryExporter {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let mut kept = self.lock();
        kept.resource = resource.clone();
        kept.stats = stats;
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        let span = SpanData::from(span);
        let mut kept = self.lock();
        kept.spans.push(span);
        kept.stats.add_exported(1);
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn log(&mut self, log: &LogView<'_>) {
        let log = LogData::from(log);
        let mut kept = self.lock();
        kept.logs.push(log);
        kept.stats.add_exported_logs(1);
    }

    fn metrics(&mut self, metrics: &Metrics) {
        self.lock().metrics = metrics.clone();
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let mut kept = self.lock();
        let before = kept.spans.len();
        kept.spans.retain(|span| span.trace_id != trace_id);
        (before - kept.spans.len()) as u64
    }
}
