//! What became of the spans: exported, or lost and why.

mod durations;
mod ledger;
mod report;

pub(crate) use durations::{BOUNDARIES, DurationCounts, Durations};
pub use ledger::ExporterStats;
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
pub(crate) use ledger::Signal;
pub(crate) use ledger::{Ledger, RetryCause};
pub(crate) use report::{Baseline, Counts};
pub use report::{ExporterReport, Stats};

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::site::Site;

/// Why a span or a log record was not exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LossCause {
    /// The thread's ring buffer was full: the collector could not keep up.
    RingFull,
    /// The span ended while its thread was being torn down.
    ThreadEnded,
    /// The values were larger than a record can hold.
    RecordTooLarge,
    /// Too many values of unfinished spans were waiting.
    StoreFull,
    /// The exporter's queue was full: the receiver could not keep up.
    QueueFull,
    /// The receiver refused it.
    Rejected,
    /// It could not be delivered, retries included.
    Failed,
    /// It was still undelivered when the shutdown's time was up.
    Shutdown,
    /// Its trace was cancelled by the program.
    Cancelled,
}

impl LossCause {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::RingFull,
        Self::ThreadEnded,
        Self::RecordTooLarge,
        Self::StoreFull,
        Self::QueueFull,
        Self::Rejected,
        Self::Failed,
        Self::Shutdown,
        Self::Cancelled,
    ];

    /// A short, stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RingFull => "ring_full",
            Self::ThreadEnded => "thread_ended",
            Self::RecordTooLarge => "record_too_large",
            Self::StoreFull => "store_full",
            Self::QueueFull => "queue_full",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Shutdown => "shutdown",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for LossCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Spans, log records and notes lost on the callers' threads, by cause.
static LOST_SPANS: [AtomicU64; LossCause::ALL.len()] =
    [const { AtomicU64::new(0) }; LossCause::ALL.len()];
static LOST_LOGS: [AtomicU64; LossCause::ALL.len()] =
    [const { AtomicU64::new(0) }; LossCause::ALL.len()];
static LOST_NOTES: AtomicU64 = AtomicU64::new(0);
static LOST_VALUES: AtomicU64 = AtomicU64::new(0);
static REDACTED: [AtomicU64; REDACTED_BY.len()] = [const { AtomicU64::new(0) }; REDACTED_BY.len()];
static MISSED_OBSERVATIONS: AtomicU64 = AtomicU64::new(0);
static FORGOTTEN_CARRIED: AtomicU64 = AtomicU64::new(0);

/// Counts a span that did not reach the collector.
#[cold]
pub(crate) fn lose(site: &Site, cause: LossCause) {
    site.count_drop();
    LOST_SPANS[cause as usize].fetch_add(1, Ordering::Relaxed);
}

/// Counts a value, event, link or error of a span that did not reach the collector.
#[cold]
pub(crate) fn lose_note(_cause: LossCause) {
    LOST_NOTES.fetch_add(1, Ordering::Relaxed);
}

/// Counts a log record that did not reach the collector, or was not taken by it any more.
#[cold]
pub(crate) fn lose_log(cause: LossCause) {
    LOST_LOGS[cause as usize].fetch_add(1, Ordering::Relaxed);
}

/// Log records lost on the callers' threads for this cause since the process started.
pub(crate) fn lost_logs(cause: LossCause) -> u64 {
    LOST_LOGS[cause as usize].load(Ordering::Relaxed)
}

/// Spans lost on the callers' threads for this cause since the process started.
pub(crate) fn lost_spans(cause: LossCause) -> u64 {
    LOST_SPANS[cause as usize].load(Ordering::Relaxed)
}

/// Counts a value of a metric that found no cell: an allocator's own, while the cells of its
/// thread were being allocated.
#[cold]
pub(crate) fn lose_value() {
    LOST_VALUES.fetch_add(1, Ordering::Relaxed);
}

/// Values of metrics lost since the process started.
pub(crate) fn lost_values() -> u64 {
    LOST_VALUES.load(Ordering::Relaxed)
}

/// Notes lost on the callers' threads since the process started.
pub(crate) fn lost_notes() -> u64 {
    LOST_NOTES.load(Ordering::Relaxed)
}

/// Counts sources of metrics that were not asked, or did not answer in time.
pub(crate) fn miss_observations(sources: u64) {
    MISSED_OBSERVATIONS.fetch_add(sources, Ordering::Relaxed);
}

/// Sources of metrics that did not answer since the process started.
pub(crate) fn missed_observations() -> u64 {
    MISSED_OBSERVATIONS.load(Ordering::Relaxed)
}

/// Counts trace state and baggage of a context that found no room, or were asked for too late.
#[cold]
pub(crate) fn forget_carried() {
    FORGOTTEN_CARRIED.fetch_add(1, Ordering::Relaxed);
}

/// By what values are found that nobody shall see.
pub(crate) const REDACTED_BY: [&str; 6] = ["name", "token", "userinfo", "email", "card", "ip"];

/// Counts a value that was hidden, found by the one of [`REDACTED_BY`] at this place.
#[cold]
pub(crate) fn count_redacted(by: usize) {
    REDACTED[by].fetch_add(1, Ordering::Relaxed);
}

/// Values hidden since the process started.
pub(crate) fn redacted() -> [u64; REDACTED_BY.len()] {
    std::array::from_fn(|by| REDACTED[by].load(Ordering::Relaxed))
}

/// How often that has happened since the process started.
pub(crate) fn forgotten_carried() -> u64 {
    FORGOTTEN_CARRIED.load(Ordering::Relaxed)
}
