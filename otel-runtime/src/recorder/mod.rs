//! The recorder of the `metrics` crate: what any dependency counts with it appears beside ours.
//!
//! ```text
//!  counter!("a", "k" => v) ─► known key? ─► the series' handle ─► a cell of the calling thread
//!                                 │ no
//!                                 ▼
//!                     name checked, series made, or the metric's overflow
//! ```
//!
//! Runs on the callers' threads. A handle that a caller keeps costs what an
//! instrument of ours costs; the macros look the key up each time, as with any
//! recorder.

mod handle;
mod known;
mod name;
mod source;
mod unit;

use std::fmt;
use std::sync::OnceLock;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use crate::metric::{self, Attached};
use known::{KNOWN, Sort};

/// Takes what is counted with the [`metrics`] crate, by the program or any of its dependencies.
///
/// ```
/// use otel_runtime::Config;
/// use otel_runtime::recorder::MetricsRecorder;
///
/// let config = Config::new().with_metrics_recorder(MetricsRecorder::new().max_series(200));
/// # let _ = config;
/// ```
///
/// Counters become monotonic sums, gauges gauges, histograms exponential histograms, with their
/// labels, descriptions and units. A name that is none by OpenTelemetry's [rules] is changed until
/// it is one, `my::queue size` to `my.queue_size`, and that is told once. What is counted before the
/// runtime is installed, or after its shutdown, is left out; so are values of histograms below
/// zero, which are counted as lost ([`Stats::dropped_measurements`]).
///
/// The recorder stays set when the runtime is shut down, as the crate knows no way back, and the
/// next installation takes it up again. Series are kept until the program ends: with more than
/// [`max_series`](Self::max_series) sets of labels a metric has one series more, with the attribute
/// `otel.metric.overflow`, for all others; so it has when all metrics together have 50,000. There are
/// at most 2000 metrics; what is counted under further names is lost, told once, and counted.
///
/// # Cost
/// With a handle that the caller keeps, that of an [instrument](crate::metric::Counter) and a
/// virtual call; with the macros, a look-up in a table more. Each series takes some 400 bytes, and
/// each thread that counts in it some 50, or 1.5 KB in a histogram. A thread also has a table with a
/// pointer for each of all series up to the latest it counts in: half a megabyte at most.
///
/// [`metrics`]: https://docs.rs/metrics
/// [rules]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
/// [`Stats::dropped_measurements`]: crate::Stats::dropped_measurements
#[derive(Clone, Debug)]
#[must_use = "a recorder does nothing until it is given to the configuration"]
pub struct MetricsRecorder {
    max_series: usize,
}

/// Another recorder is set already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occupied;

impl MetricsRecorder {
    /// A recorder with at most 1000 series for each metric.
    pub const fn new() -> Self {
        Self { max_series: 1000 }
    }

    /// Keeps this many sets of labels of each metric apart.
    pub const fn max_series(mut self, max: usize) -> Self {
        self.max_series = max;
        self
    }

    /// Sets it as the program's recorder, if it is not yet.
    pub(crate) fn install(&self) -> Result<Attached, Occupied> {
        static IS_SET: OnceLock<bool> = OnceLock::new();
        known::set_max_series(self.max_series);
        match IS_SET.get_or_init(|| metrics::set_global_recorder(Global).is_ok()) {
            true => Ok(metric::attach_own(source::Recorded)),
            false => Err(Occupied),
        }
    }
}

impl Default for MetricsRecorder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Occupied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "another recorder of the `metrics` crate is set already; set none, or leave \
             `Config::with_metrics_recorder` out",
        )
    }
}

impl std::error::Error for Occupied {}

/// What the `metrics` crate holds.
#[derive(Debug)]
struct Global;

impl Recorder for Global {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        KNOWN
            .made()
            .describe(Sort::Counter, &key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        KNOWN.made().describe(Sort::Gauge, &key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        KNOWN
            .made()
            .describe(Sort::Histogram, &key, unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        Counter::from_arc(KNOWN.made().handle(Sort::Counter, key, metadata))
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(KNOWN.made().handle(Sort::Gauge, key, metadata))
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(KNOWN.made().handle(Sort::Histogram, key, metadata))
    }
}

/// Leaves locks behind that somebody may hold, in a forked child.
pub(crate) fn forget_in_child() {
    KNOWN.abandon();
}
