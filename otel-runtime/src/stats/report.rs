//! The counters of a runtime, read together.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    Ledger, LossCause, REDACTED_BY, forgotten_carried, lost_logs, lost_notes, lost_spans,
    lost_values, missed_observations, redacted,
};

/// The counters of the process when a runtime was installed: what came before is not its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Baseline {
    lost: [u64; LossCause::ALL.len()],
    lost_logs: [u64; LossCause::ALL.len()],
    lost_notes: u64,
    lost_values: u64,
    missed_observations: u64,
    forgotten_carried: u64,
    redacted: [u64; REDACTED_BY.len()],
}

/// What the collector has seen; it writes, everybody reads.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Span records taken from the rings.
    pub(crate) drained: AtomicU64,
    /// Log records taken from the rings.
    pub(crate) drained_logs: AtomicU64,
    /// Spans of cancelled traces among them.
    pub(crate) cancelled: AtomicU64,
    /// Attributes set under a key that no annotation declares.
    pub(crate) undeclared: AtomicU64,
    /// Notes forgotten because too many were waiting for their spans.
    pub(crate) store_full: AtomicU64,
    /// The most bytes that have waited in all rings at one look, and the fullest that one ring was,
    /// in thousandths of it.
    pub(crate) most_waiting_bytes: AtomicU64,
    pub(crate) fullest_permille: AtomicU64,
}

/// What was recorded since the installation, and what became of it.
///
/// For every exporter that takes spans, once everything has been flushed:
/// `recorded = lost on the way to it + exported + dropped by it`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Spans that ended while being recorded.
    pub recorded: u64,
    /// Spans lost on the way to the exporters, by cause; causes without a loss left out.
    pub dropped: Vec<(LossCause, u64)>,
    /// Log records that passed the filter and the rate limit of their place.
    pub recorded_logs: u64,
    /// Log records lost on the way to the exporters, by cause; causes without a loss left out.
    pub dropped_logs: Vec<(LossCause, u64)>,
    /// Values, events, links and errors of spans that found no room; their spans say so.
    pub dropped_notes: u64,
    /// Values of metrics that found no cell: those that an allocator counts while the cells of its
    /// own thread are being allocated.
    pub dropped_measurements: u64,
    /// How often a callback or another source of metrics had no part in a reading: it panicked, or
    /// took too long; and how many metrics sources gave that cannot be.
    pub missed_observations: u64,
    /// How often the trace state and baggage of a context had been forgotten when they were asked
    /// for, or found no room; see [`Context`](crate::Context).
    pub forgotten_baggage: u64,
    /// Attributes that were set under a key no annotation declares: perhaps misspelt.
    pub undeclared_attributes: u64,
    /// Values that were hidden, by what they were found: `name`, or what a
    /// [pattern](crate::redact::Pattern::name) is called; those that found nothing left out.
    pub redacted: Vec<(&'static str, u64)>,
    /// What the exporters did.
    pub exporters: Vec<ExporterReport>,
}

/// What one exporter did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExporterReport {
    /// Its name.
    pub name: &'static str,
    /// False if it is for metrics or log records alone.
    pub takes_spans: bool,
    /// True if it gets log records.
    pub takes_logs: bool,
    /// Spans delivered.
    pub exported: u64,
    /// Spans lost, by cause; causes without a loss left out.
    pub dropped: Vec<(LossCause, u64)>,
    /// Points of metrics delivered; one series counts each time it is delivered.
    pub exported_points: u64,
    /// Points of metrics lost, by cause; causes without a loss left out.
    pub dropped_points: Vec<(LossCause, u64)>,
    /// Log records delivered.
    pub exported_logs: u64,
    /// Log records lost, by cause; causes without a loss left out.
    pub dropped_logs: Vec<(LossCause, u64)>,
}

impl Baseline {
    pub(crate) fn now() -> Self {
        Self {
            lost: LossCause::ALL.map(lost_spans),
            lost_logs: LossCause::ALL.map(lost_logs),
            lost_notes: lost_notes(),
            lost_values: lost_values(),
            missed_observations: missed_observations(),
            forgotten_carried: forgotten_carried(),
            redacted: redacted(),
        }
    }
}

impl Stats {
    /// Spans that every exporter of spans has delivered; 0 if there is none.
    #[must_use]
    pub fn exported(&self) -> u64 {
        self.exporters
            .iter()
            .filter(|exporter| exporter.takes_spans)
            .map(|exporter| exporter.exported)
            .min()
            .unwrap_or(0)
    }

    /// Spans that did not reach some exporter's receiver, those of cancelled traces included.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        let by_exporter = self
            .exporters
            .iter()
            .map(|exporter| total(&exporter.dropped));
        total(&self.dropped) + by_exporter.max().unwrap_or(0)
    }

    /// Spans and log records lost against the program's will.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let unwanted = |dropped: &[(LossCause, u64)]| {
            let unwanted = dropped
                .iter()
                .filter(|(cause, _)| *cause != LossCause::Cancelled);
            unwanted.map(|(_, spans)| spans).sum::<u64>()
        };
        let by_exporter = self
            .exporters
            .iter()
            .map(|exporter| unwanted(&exporter.dropped));
        let logs = self
            .exporters
            .iter()
            .map(|exporter| total(&exporter.dropped_logs));
        unwanted(&self.dropped)
            + by_exporter.max().unwrap_or(0)
            + total(&self.dropped_logs)
            + logs.max().unwrap_or(0)
    }

    pub(crate) fn gather(baseline: &Baseline, counts: &Counts, exporters: &[Ledger]) -> Self {
        let cancelled = counts.cancelled.load(Ordering::Relaxed);
        let before_exporters = |cause: LossCause| {
            let on_threads = lost_spans(cause).saturating_sub(baseline.lost[cause as usize]);
            on_threads
                + if cause == LossCause::Cancelled {
                    cancelled
                } else {
                    0
                }
        };
        let dropped = nonzero(before_exporters);
        // A cancelled span has been drained; what was lost on the threads has not.
        let recorded = counts.drained.load(Ordering::Relaxed) + total(&dropped) - cancelled;
        let dropped_logs =
            nonzero(|cause| lost_logs(cause).saturating_sub(baseline.lost_logs[cause as usize]));
        let drained_logs = counts.drained_logs.load(Ordering::Relaxed);
        let store_full = counts.store_full.load(Ordering::Relaxed);
        Self {
            recorded,
            dropped,
            recorded_logs: drained_logs + total(&dropped_logs),
            dropped_logs,
            dropped_notes: lost_notes().saturating_sub(baseline.lost_notes) + store_full,
            dropped_measurements: lost_values().saturating_sub(baseline.lost_values),
            missed_observations: missed_observations().saturating_sub(baseline.missed_observations),
            forgotten_baggage: forgotten_carried().saturating_sub(baseline.forgotten_carried),
            undeclared_attributes: counts.undeclared.load(Ordering::Relaxed),
            redacted: REDACTED_BY
                .into_iter()
                .zip(redacted().into_iter().zip(baseline.redacted))
                .map(|(by, (now, before))| (by, now.saturating_sub(before)))
                .filter(|(_, values)| *values > 0)
                .collect(),
            exporters: exporters
                .iter()
                .map(
                    |Ledger {
                         name,
                         takes_spans,
                         takes_logs,
                         stats,
                         ..
                     }| ExporterReport {
                        name,
                        takes_spans: *takes_spans,
                        takes_logs: *takes_logs,
                        exported: stats.exported(),
                        dropped: nonzero(|cause| stats.dropped(cause)),
                        exported_points: stats.exported_points(),
                        dropped_points: nonzero(|cause| stats.dropped_points(cause)),
                        exported_logs: stats.exported_logs(),
                        dropped_logs: nonzero(|cause| stats.dropped_logs(cause)),
                    },
                )
                .collect(),
        }
    }
}

impl ExporterReport {
    fn has_points(&self) -> bool {
        self.exported_points > 0 || !self.dropped_points.is_empty()
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recorded {}", self.recorded)?;
        write_causes(f, &self.dropped)?;
        if self.recorded_logs > 0 {
            write!(f, "; {} log records", self.recorded_logs)?;
            write_causes(f, &self.dropped_logs)?;
        }
        for exporter in &self.exporters {
            write!(f, "; {} exported", exporter.name)?;
            if exporter.takes_spans {
                write!(f, " {}", exporter.exported)?;
                write_causes(f, &exporter.dropped)?;
            }
            let mut and = if exporter.takes_spans { "," } else { "" };
            if exporter.takes_logs && self.recorded_logs > 0 {
                write!(f, "{and} {} log records", exporter.exported_logs)?;
                write_causes(f, &exporter.dropped_logs)?;
                and = ",";
            }
            if !exporter.takes_spans && !exporter.takes_logs || exporter.has_points() {
                write!(f, "{and} {} points", exporter.exported_points)?;
                write_causes(f, &exporter.dropped_points)?;
            }
        }
        if self.dropped_notes > 0 {
            write!(f, "; {} values dropped", self.dropped_notes)?;
        }
        if self.missed_observations > 0 {
            write!(f, "; {} observations missed", self.missed_observations)?;
        }
        if self.forgotten_baggage > 0 {
            write!(f, "; baggage forgotten {} times", self.forgotten_baggage)?;
        }
        Ok(())
    }
}

fn write_causes(f: &mut fmt::Formatter<'_>, dropped: &[(LossCause, u64)]) -> fmt::Result {
    for (index, (cause, spans)) in dropped.iter().enumerate() {
        write!(
            f,
            "{} {cause} {spans}",
            if index == 0 { ", dropped" } else { "," }
        )?;
    }
    Ok(())
}

fn nonzero(count: impl Fn(LossCause) -> u64) -> Vec<(LossCause, u64)> {
    let counted = LossCause::ALL.map(|cause| (cause, count(cause)));
    counted
        .into_iter()
        .filter(|(_, spans)| *spans > 0)
        .collect()
}

fn total(dropped: &[(LossCause, u64)]) -> u64 {
    dropped.iter().map(|(_, spans)| spans).sum()
}
