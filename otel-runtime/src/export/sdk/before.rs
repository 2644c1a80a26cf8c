//! What counters had reached before the SDK was told of them.
//!
//! The SDK takes the moment at which its provider was made for the beginning of all sums. Under a
//! second installation that is later than theirs, so they are shown without what they had reached.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::metric::{Attributes, Metric, Metrics, NumberPoint, NumberValue, Points};

/// The points of counters, by name and unit of their metric; none under a first installation.
#[derive(Default)]
pub(super) struct Before(HashMap<[Cow<'static, str>; 2], HashMap<Attributes, NumberPoint>>);

impl Before {
    pub(super) fn take(&mut self, metrics: &Metrics) {
        for metric in &metrics.list {
            if let Points::Sum {
                is_monotonic: true,
                points,
                ..
            } = &metric.points
            {
                let points = points.iter();
                let points = points.map(|point| (point.attributes.clone(), point.clone()));
                self.0.insert(key(metric), points.collect());
            }
        }
    }

    /// The points of a metric, without what there was of them before.
    pub(super) fn since<'a>(
        &self,
        metric: &Metric,
        points: &'a [NumberPoint],
    ) -> Cow<'a, [NumberPoint]> {
        let Some(before) = self.0.get(&key(metric)) else {
            return Cow::Borrowed(points);
        };
        let since = |point: &NumberPoint| {
            let before = before.get(&point.attributes);
            let follows = before.filter(|before| before.start_unix_ns == point.start_unix_ns);
            NumberPoint {
                value: follows.map_or(point.value, |before| less(point.value, before.value)),
                ..point.clone()
            }
        };
        points.iter().map(since).collect()
    }
}

fn key(metric: &Metric) -> [Cow<'static, str>; 2] {
    [metric.name.clone(), metric.unit.clone()]
}

/// All of it, if it does not follow from what there was before.
fn less(now: NumberValue, before: NumberValue) -> NumberValue {
    match (now, before) {
        (NumberValue::Int(now), NumberValue::Int(before)) if now >= before => {
            NumberValue::Int(now - before)
        }
        (NumberValue::Double(now), NumberValue::Double(before)) if now >= before => {
            NumberValue::Double(now - before)
        }
        _ => now,
    }
}
