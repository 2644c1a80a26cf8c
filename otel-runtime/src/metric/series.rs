//! How many series each metric has.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::collect::Interval;
use super::data::{
    AttributeValue, Metric, MetricScope, NumberPoint, NumberValue, Points, Temporality,
};

/// The scope of metrics that the runtime itself declares.
pub(crate) const RUNTIME_SCOPE: MetricScope = MetricScope {
    name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
    version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
};

/// Somebody wants to know.
static IS_WANTED: AtomicBool = AtomicBool::new(false);

/// Whether each reading tells how many series there are.
pub(crate) fn count_series(is_wanted: bool) {
    IS_WANTED.store(is_wanted, Ordering::Relaxed);
}

/// The numbers of series of the metrics that have been read, except for the runtime's own.
#[derive(Debug)]
pub(super) struct SeriesCounts {
    interval: Interval,
    points: Vec<NumberPoint>,
}

impl SeriesCounts {
    /// None yet; `None` if nobody wants them.
    pub(super) fn new(interval: Interval) -> Option<Self> {
        IS_WANTED.load(Ordering::Relaxed).then_some(Self {
            interval,
            points: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, metric: &Metric) {
        if metric.scope == RUNTIME_SCOPE {
            return;
        }
        self.points.push(NumberPoint {
            attributes: vec![(
                Cow::Borrowed("otelkit.metric.name"),
                AttributeValue::Str(metric.name.clone()),
            )],
            start_unix_ns: self.interval.start_unix_ns,
            unix_ns: self.interval.unix_ns,
            value: NumberValue::Int(metric.points.len() as i64),
            exemplars: Vec::new(),
        });
    }

    /// The metric, without its points.
    pub(super) fn outline() -> Metric {
        Metric {
            name: Cow::Borrowed("otelkit.metric.series"),
            unit: Cow::Borrowed("{series}"),
            description: Cow::Borrowed("How many series a metric has."),
            scope: RUNTIME_SCOPE,
            points: Points::Sum {
                is_monotonic: false,
                temporality: Temporality::Cumulative,
                points: Vec::new(),
            },
        }
    }

    /// The metric of the numbers that were added.
    pub(super) fn metric(&mut self) -> Metric {
        let mut metric = Self::outline();
        metric.points.extend(Points::Sum {
            is_monotonic: false,
            temporality: Temporality::Cumulative,
            points: std::mem::take(&mut self.points),
        });
        metric
    }
}
