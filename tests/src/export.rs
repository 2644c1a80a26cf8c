//! Drives an exporter as the collector does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use otel_runtime::Resource;
use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, RetryConfig};
use otel_runtime::export::{Exporter, ExporterStats, FlushError, LossCause};

use crate::receiver::PATIENCE;
use crate::spans::{plain, with_view};

/// A started exporter and its counters.
#[derive(Debug)]
pub struct Started<E> {
    /// The exporter.
    pub exporter: E,
    /// What became of its spans.
    pub stats: Arc<ExporterStats>,
}

/// Starts an OTLP exporter.
///
/// # Panics
/// If the settings are wrong.
#[must_use]
pub fn otlp(config: OtlpConfig) -> Started<OtlpExporter> {
    Started::new(OtlpExporter::new(config.diagnostics(false)).expect("valid settings"))
}

/// Attempts that follow each other at once, for a while.
#[must_use]
pub fn hasty() -> RetryConfig {
    RetryConfig {
        initial_backoff: Duration::from_millis(1),
        max_backoff: Duration::from_millis(5),
        ..RetryConfig::default()
    }
}

/// One attempt.
#[must_use]
pub fn no_retry() -> RetryConfig {
    RetryConfig {
        max_elapsed: Duration::ZERO,
        ..RetryConfig::default()
    }
}

impl<E: Exporter> Started<E> {
    /// Starts an exporter.
    ///
    /// # Panics
    /// If it does not start.
    pub fn new(mut exporter: E) -> Self {
        let stats = Arc::new(ExporterStats::default());
        let mut resource = Resource::default();
        resource.set("service.name", "tests");
        exporter
            .start(&resource, Arc::clone(&stats))
            .expect("a start");
        Self { exporter, stats }
    }

    /// Exports so many plain spans.
    pub fn export(&mut self, spans: u64) {
        for number in 0..spans {
            with_view(&plain(number), |view| self.exporter.export(view));
        }
    }

    /// Flushes with all the time that a flush should ever need.
    ///
    /// # Errors
    /// As the exporter has it.
    pub fn flush(&mut self) -> Result<(), FlushError> {
        self.exporter.flush(Instant::now() + PATIENCE)
    }

    /// Shuts down within so much time.
    ///
    /// # Errors
    /// As the exporter has it.
    pub fn shutdown(&mut self, within: Duration) -> Result<(), FlushError> {
        self.exporter.shutdown(Instant::now() + within)
    }

    /// Exported, and lost for this cause.
    #[must_use]
    pub fn counts(&self, cause: LossCause) -> (u64, u64) {
        assert_eq!(
            self.stats.dropped_total(),
            self.stats.dropped(cause),
            "all losses are {cause}"
        );
        (self.stats.exported(), self.stats.dropped(cause))
    }
}
