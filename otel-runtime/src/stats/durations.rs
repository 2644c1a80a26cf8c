//! How long something took that happens a few times a second at most.

use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
use std::time::Duration;

/// The boundaries that OpenTelemetry advises for requests over a network, in seconds.
pub(crate) const BOUNDARIES: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Durations, counted between fixed boundaries; any thread may add and read.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    counts: [AtomicU64; BOUNDARIES.len() + 1],
    sum_ns: AtomicU64,
}

/// What was counted so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DurationCounts {
    pub(crate) counts: Vec<u64>,
    pub(crate) sum_seconds: f64,
}

impl Durations {
    #[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
    pub(crate) fn add(&self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        let bucket = BOUNDARIES.partition_point(|boundary| *boundary < seconds);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        let ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.sum_ns.fetch_add(ns, Ordering::Relaxed);
    }

    /// `None` if there is none.
    pub(crate) fn read(&self) -> Option<DurationCounts> {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let counts: Vec<u64> = self.counts.iter().map(load).collect();
        counts
            .iter()
            .any(|count| *count > 0)
            .then(|| DurationCounts {
                counts,
                sum_seconds: load(&self.sum_ns) as f64 / 1e9,
            })
    }
}
