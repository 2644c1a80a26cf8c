//! The counters of one exporter, kept apart for what it exports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
use std::time::Duration;

use super::{DurationCounts, Durations, LossCause};

/// What an exporter exports.
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Spans.
    Spans,
    /// Points of metrics.
    Points,
    /// Log records.
    Logs,
}

/// Counters of one exporter; any thread may read them at any time.
#[derive(Debug, Default)]
pub struct ExporterStats {
    spans: Tally,
    points: Tally,
    logs: Tally,
    /// Spans handed to it; one thread writes.
    taken: AtomicU64,
    /// Log records handed to it; one thread writes.
    taken_logs: AtomicU64,
    /// How long deliveries took that went well, and those that were lost, by cause.
    deliveries: Durations,
    failures: [Durations; LossCause::ALL.len()],
    /// Deliveries that were tried again, by why.
    retries: [AtomicU64; RetryCause::ALL.len()],
}

/// Why a delivery is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryCause {
    /// Nobody answered.
    Unreachable,
    /// The receiver asked to be tried again.
    Unavailable,
}

impl RetryCause {
    pub(crate) const ALL: [Self; 2] = [Self::Unreachable, Self::Unavailable];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Unavailable => "unavailable",
        }
    }
}

/// What became of the one or the other.
#[derive(Debug, Default)]
struct Tally {
    exported: AtomicU64,
    dropped: [AtomicU64; LossCause::ALL.len()],
}

/// What is reported of an exporter.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) name: &'static str,
    /// What it is called by the semantic conventions.
    pub(crate) component_type: &'static str,
    pub(crate) takes_spans: bool,
    pub(crate) takes_logs: bool,
    pub(crate) stats: Arc<ExporterStats>,
}

impl ExporterStats {
    /// Counts `spans` as delivered.
    pub fn add_exported(&self, spans: u64) {
        self.spans.add_exported(spans);
    }

    /// Counts `spans` as lost.
    pub fn add_dropped(&self, cause: LossCause, spans: u64) {
        self.spans.add_dropped(cause, spans);
    }

    /// Spans delivered so far.
    #[must_use]
    pub fn exported(&self) -> u64 {
        self.spans.exported()
    }

    /// Spans lost so far for this cause.
    #[must_use]
    pub fn dropped(&self, cause: LossCause) -> u64 {
        self.spans.dropped(cause)
    }

    /// Spans lost so far.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.spans.dropped_total()
    }

    /// Counts points of metrics as delivered.
    pub fn add_exported_points(&self, points: u64) {
        self.points.add_exported(points);
    }

    /// Counts points of metrics as lost.
    pub fn add_dropped_points(&self, cause: LossCause, points: u64) {
        self.points.add_dropped(cause, points);
    }

    /// Points of metrics delivered so far; one series counts each time it is delivered.
    #[must_use]
    pub fn exported_points(&self) -> u64 {
        self.points.exported()
    }

    /// Points of metrics lost so far for this cause.
    #[must_use]
    pub fn dropped_points(&self, cause: LossCause) -> u64 {
        self.points.dropped(cause)
    }

    /// Points of metrics lost so far.
    #[must_use]
    pub fn dropped_points_total(&self) -> u64 {
        self.points.dropped_total()
    }

    /// Counts log records as delivered.
    pub fn add_exported_logs(&self, logs: u64) {
        self.logs.add_exported(logs);
    }

    /// Counts log records as lost.
    pub fn add_dropped_logs(&self, cause: LossCause, logs: u64) {
        self.logs.add_dropped(cause, logs);
    }

    /// Log records delivered so far.
    #[must_use]
    pub fn exported_logs(&self) -> u64 {
        self.logs.exported()
    }

    /// Log records lost so far for this cause.
    #[must_use]
    pub fn dropped_logs(&self, cause: LossCause) -> u64 {
        self.logs.dropped(cause)
    }

    /// Log records lost so far.
    #[must_use]
    pub fn dropped_logs_total(&self) -> u64 {
        self.logs.dropped_total()
    }

    /// Counts a log record that is handed to the exporter. Only for the collector.
    pub(crate) fn count_taken_log(&self) {
        let taken = self.taken_logs.load(Ordering::Relaxed);
        self.taken_logs.store(taken + 1, Ordering::Relaxed);
    }

    /// Log records handed to the exporter so far.
    pub(crate) fn taken_logs(&self) -> u64 {
        self.taken_logs.load(Ordering::Relaxed)
    }

    /// Counts a span that is handed to the exporter. Only for the collector.
    pub(crate) fn count_taken(&self) {
        let taken = self.taken.load(Ordering::Relaxed);
        self.taken.store(taken + 1, Ordering::Relaxed);
    }

    /// Spans handed to the exporter so far.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Counts a delivery that took this long, retries included; if it was lost, with the cause.
    #[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
    pub(crate) fn count_delivery(&self, lost: Option<LossCause>, duration: Duration) {
        let durations = lost.map_or(&self.deliveries, |cause| &self.failures[cause as usize]);
        durations.add(duration);
    }

    /// How long deliveries took, by what they were lost for.
    pub(crate) fn deliveries(&self) -> Vec<(Option<LossCause>, DurationCounts)> {
        let failures = LossCause::ALL.map(|cause| (Some(cause), &self.failures[cause as usize]));
        [(None, &self.deliveries)]
            .into_iter()
            .chain(failures)
            .filter_map(|(lost, durations)| Some((lost, durations.read()?)))
            .collect()
    }

    /// Counts an attempt that is followed by another one.
    #[cfg(feature = "otlp")]
    pub(crate) fn count_retry(&self, cause: RetryCause) {
        self.retries[cause as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Attempts that were followed by another one, for this cause.
    pub(crate) fn retries(&self, cause: RetryCause) -> u64 {
        self.retries[cause as usize].load(Ordering::Relaxed)
    }

    #[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
    pub(crate) fn count_exported(&self, signal: Signal, items: u64) {
        self.tally(signal).add_exported(items);
    }

    #[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
    pub(crate) fn count_dropped(&self, signal: Signal, cause: LossCause, items: u64) {
        self.tally(signal).add_dropped(cause, items);
    }

    #[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
    const fn tally(&self, signal: Signal) -> &Tally {
        match signal {
            Signal::Spans => &self.spans,
            Signal::Points => &self.points,
            Signal::Logs => &self.logs,
        }
    }
}

impl Tally {
    fn add_exported(&self, items: u64) {
        self.exported.fetch_add(items, Ordering::Relaxed);
    }

    fn add_dropped(&self, cause: LossCause, items: u64) {
        self.dropped[cause as usize].fetch_add(items, Ordering::Relaxed);
    }

    fn exported(&self) -> u64 {
        self.exported.load(Ordering::Relaxed)
    }

    fn dropped(&self, cause: LossCause) -> u64 {
        self.dropped[cause as usize].load(Ordering::Relaxed)
    }

    fn dropped_total(&self) -> u64 {
        LossCause::ALL
            .into_iter()
            .map(|cause| self.dropped(cause))
            .sum()
    }
}
