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

/// The numbers of series of these metrics, except for the runtime's own.
pub(super) fn series(list: &[Metric], interval: Interval) -> Option<Metric> {
    if !IS_WANTED.load(Ordering::Relaxed) {
        return None;
    }
    let counted = list.iter().filter(|metric| metric.scope != RUNTIME_SCOPE);
    let points: Vec<_> = counted
        .map(|metric| NumberPoint {
            attributes: vec![(
                Cow::Borrowed("otelkit.metric.name"),
                AttributeValue::Str(metric.name.clone()),
            )],
            start_unix_ns: interval.start_unix_ns,
            unix_ns: interval.unix_ns,
            value: NumberValue::Int(metric.points.len() as i64),
            exemplars: Vec::new(),
        })
        .collect();
    (!points.is_empty()).then_some(Metric {
        name: Cow::Borrowed("otelkit.metric.series"),
        unit: Cow::Borrowed("{series}"),
        description: Cow::Borrowed("How many series a metric has."),
        scope: RUNTIME_SCOPE,
        points: Points::Sum {
            is_monotonic: false,
            temporality: Temporality::Cumulative,
            points,
        },
    })
}
