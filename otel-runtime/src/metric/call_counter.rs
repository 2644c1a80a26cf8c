//! The counter of a function's calls, which is read off their durations.

use std::borrow::Cow;

use super::call::Endings;
use super::collect::Interval;
use super::data::{Attributes, Exemplar, Metric, NumberPoint, NumberValue, Points, Temporality};

/// The unit of numbers of calls.
pub(super) const CALLS_UNIT: &str = "{call}";

/// How many calls there were, by how long they took.
pub(super) fn counter(endings: &Endings, durations: &Metric) -> Metric {
    let counted = |attributes: &Attributes, exemplars: &[Exemplar], interval: Interval, count| {
        // The latest call stands for the others.
        let latest = exemplars.iter().max_by_key(|exemplar| exemplar.unix_ns);
        let one = |latest: &Exemplar| Exemplar {
            value: NumberValue::Int(1),
            ..*latest
        };
        NumberPoint {
            attributes: attributes.clone(),
            start_unix_ns: interval.start_unix_ns,
            unix_ns: interval.unix_ns,
            value: NumberValue::Int(u64::cast_signed(count)),
            exemplars: latest.map(one).into_iter().collect(),
        }
    };
    macro_rules! counted {
        ($points:ident) => {
            $points
                .iter()
                .map(|of| {
                    let interval = Interval {
                        start_unix_ns: of.start_unix_ns,
                        unix_ns: of.unix_ns,
                    };
                    counted(&of.attributes, &of.exemplars, interval, of.count())
                })
                .collect()
        };
    }
    let (temporality, points) = match &durations.points {
        Points::Histogram {
            temporality,
            points,
            ..
        } => (*temporality, counted!(points)),
        Points::ExponentialHistogram {
            temporality,
            points,
        } => (*temporality, counted!(points)),
        // Durations are a histogram.
        Points::Sum { .. } | Points::Gauge(_) => (Temporality::Cumulative, Vec::new()),
    };
    Metric {
        name: Cow::Borrowed(endings.counter),
        unit: Cow::Borrowed(CALLS_UNIT),
        description: Cow::Borrowed("How many calls of the function have ended."),
        scope: durations.scope.clone(),
        points: Points::Sum {
            is_monotonic: true,
            temporality,
            points,
        },
    }
}
