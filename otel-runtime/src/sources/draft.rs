//! Metrics, put down in few words.

use std::borrow::Cow;

use crate::metric::{
    AttributeValue, Attributes, HistogramPoint, Metric, NumberPoint, NumberValue, Points,
    RUNTIME_SCOPE, Temporality,
};
use crate::stats::{BOUNDARIES, DurationCounts};

/// Gives metrics in the scope of the runtime.
pub(super) struct Draft<'a> {
    pub(super) give: &'a mut dyn FnMut(Metric),
    /// Since when sums count; 0 if that is as long as there has been a runtime.
    pub(super) start_unix_ns: u64,
}

/// What a metric is called.
pub(super) struct Title {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) description: &'static str,
}

/// A number, and what its series is divided by.
pub(super) type Number = (Attributes, NumberValue);

impl Draft<'_> {
    /// Sums that never fall.
    pub(super) fn counter(&mut self, title: Title, numbers: Vec<Number>) {
        self.sum(title, true, numbers);
    }

    /// Sums that rise and fall.
    pub(super) fn up_down(&mut self, title: Title, numbers: Vec<Number>) {
        self.sum(title, false, numbers);
    }

    /// Last values.
    pub(super) fn gauge(&mut self, title: Title, numbers: Vec<Number>) {
        let point = |number| point(number, 0);
        let points = numbers.into_iter().map(point).collect();
        self.metric(title, Points::Gauge(points));
    }

    /// Durations in seconds.
    pub(super) fn durations(&mut self, title: Title, series: Vec<(Attributes, DurationCounts)>) {
        let points = series
            .into_iter()
            .map(|(attributes, durations)| HistogramPoint {
                attributes,
                start_unix_ns: self.start_unix_ns,
                unix_ns: 0,
                sum: durations.sum_seconds,
                min: None,
                max: None,
                counts: durations.counts,
                exemplars: Vec::new(),
            });
        let points = Points::Histogram {
            temporality: Temporality::Cumulative,
            boundaries: Cow::Borrowed(&BOUNDARIES),
            points: points.collect(),
        };
        self.metric(title, points);
    }

    fn sum(&mut self, title: Title, is_monotonic: bool, numbers: Vec<Number>) {
        let point = |number| point(number, self.start_unix_ns);
        let points = Points::Sum {
            is_monotonic,
            temporality: Temporality::Cumulative,
            points: numbers.into_iter().map(point).collect(),
        };
        self.metric(title, points);
    }

    fn metric(&mut self, title: Title, points: Points) {
        if points.is_empty() {
            return;
        }
        (self.give)(Metric {
            name: Cow::Borrowed(title.name),
            unit: Cow::Borrowed(title.unit),
            description: Cow::Borrowed(title.description),
            scope: RUNTIME_SCOPE,
            points,
        });
    }
}

/// A whole number without attributes.
pub(super) fn alone(value: u64) -> Vec<Number> {
    vec![(Vec::new(), int(value))]
}

/// A whole number; one that is too large is cut off.
pub(super) fn int(value: u64) -> NumberValue {
    NumberValue::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// An attribute.
pub(super) fn text(
    key: &'static str,
    value: impl Into<AttributeValue>,
) -> (Cow<'static, str>, AttributeValue) {
    (Cow::Borrowed(key), value.into())
}

fn point((attributes, value): Number, start_unix_ns: u64) -> NumberPoint {
    NumberPoint {
        attributes,
        start_unix_ns,
        unix_ns: 0,
        value,
        exemplars: Vec::new(),
    }
}
