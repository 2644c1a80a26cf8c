//! One exporter, kept from harming the collector.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use crate::context::TraceId;
use crate::export::{Exporter, ExporterError, FlushError, LogView, SpanView};
use crate::metric::Metrics;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Ledger, LossCause};

/// An exporter and its counters. One that panics gets no more work; what it would have got is
/// counted as failed.
pub(crate) struct Outlet {
    exporter: Box<dyn Exporter>,
    stats: Arc<ExporterStats>,
    takes_spans: bool,
    takes_logs: bool,
    has_panicked: bool,
}

impl Outlet {
    /// Starts the exporter.
    pub(crate) fn start(
        mut exporter: Box<dyn Exporter>,
        resource: &Resource,
    ) -> Result<Self, ExporterError> {
        let stats = Arc::new(ExporterStats::default());
        exporter.start(resource, Arc::clone(&stats))?;
        Ok(Self {
            takes_spans: exporter.takes_spans(),
            takes_logs: exporter.takes_logs(),
            exporter,
            stats,
            has_panicked: false,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.exporter.name()
    }

    /// What is reported of it.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger {
            name: self.name(),
            component_type: self.exporter.component_type(),
            takes_spans: self.takes_spans,
            takes_logs: self.takes_logs,
            stats: Arc::clone(&self.stats),
        }
    }

    pub(crate) fn export(&mut self, span: &SpanView<'_>) {
        if !self.takes_spans {
            return;
        }
        self.stats.count_taken();
        if self.has_panicked {
            self.stats.add_dropped(LossCause::Failed, 1);
        } else {
            self.guarded((), |exporter| exporter.export(span));
        }
    }

    pub(crate) fn log(&mut self, log: &LogView<'_>) {
        if !self.takes_logs {
            return;
        }
        self.stats.count_taken_log();
        if self.has_panicked {
            self.stats.add_dropped_logs(LossCause::Failed, 1);
        } else {
            self.guarded((), |exporter| exporter.log(log));
        }
    }

    pub(crate) fn counted_before(&mut self, metrics: &Metrics) {
        self.guarded((), |exporter| exporter.counted_before(metrics));
    }

    pub(crate) fn metrics(&mut self, metrics: &Metrics) {
        self.guarded((), |exporter| exporter.metrics(metrics));
    }

    pub(crate) fn tick(&mut self, now: Instant) {
        self.guarded((), |exporter| exporter.tick(now));
    }

    /// Hands over everything, without waiting.
    pub(crate) fn ship(&mut self) {
        self.guarded((), |exporter| exporter.ship());
    }

    /// Returns what went wrong.
    pub(crate) fn flush(&mut self, deadline: Instant) -> Option<String> {
        self.deliver(|exporter| exporter.flush(deadline))
    }

    /// Returns what went wrong.
    pub(crate) fn shutdown(&mut self, deadline: Instant) -> Option<String> {
        self.deliver(|exporter| exporter.shutdown(deadline))
    }

    pub(crate) fn cancel_trace(&mut self, trace_id: TraceId) {
        let forgotten = self.guarded(0, |exporter| exporter.cancel_trace(trace_id));
        self.stats.add_dropped(LossCause::Cancelled, forgotten);
    }

    fn deliver(
        &mut self,
        deliver: impl FnOnce(&mut dyn Exporter) -> Result<(), FlushError>,
    ) -> Option<String> {
        let name = self.name();
        let panicked = || {
            Err(FlushError {
                last_error: Some("it panicked".into()),
                ..FlushError::default()
            })
        };
        let result = if self.has_panicked {
            panicked()
        } else {
            self.guarded(panicked(), deliver)
        };
        result
            .err()
            .map(|error| format!("exporter `{name}`: {error}"))
    }

    fn guarded<T>(&mut self, otherwise: T, work: impl FnOnce(&mut dyn Exporter) -> T) -> T {
        if self.has_panicked {
            return otherwise;
        }
        // The exporter is not touched again after a panic, so its state cannot be seen broken.
        match catch_unwind(AssertUnwindSafe(|| work(&mut *self.exporter))) {
            Ok(result) => result,
            Err(_) => {
                self.has_panicked = true;
                // Those that the exporter has not accounted for when it dies are lost.
                let settled = self.stats.exported() + self.stats.dropped_total();
                self.stats.add_dropped(
                    LossCause::Failed,
                    self.stats.taken().saturating_sub(settled),
                );
                let settled = self.stats.exported_logs() + self.stats.dropped_logs_total();
                self.stats.add_dropped_logs(
                    LossCause::Failed,
                    self.stats.taken_logs().saturating_sub(settled),
                );
                otherwise
            }
        }
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        if self.has_panicked {
            // Its destructor may panic as well, and on the collector thread that must not matter.
            let exporter = std::mem::replace(&mut self.exporter, Box::new(Gone));
            let _ = catch_unwind(AssertUnwindSafe(|| drop(exporter)));
        }
    }
}

/// Stands where an exporter was.
struct Gone;

impl Exporter for Gone {
    fn name(&self) -> &'static str {
        "none"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, _: &SpanView<'_>) {}

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}
