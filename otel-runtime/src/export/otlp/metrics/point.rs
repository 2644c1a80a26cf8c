//! The points of a metric, whatever its kind, one by one.

use crate::export::view::Value;
use crate::metric::{AttributeValue, ExponentialPoint, HistogramPoint, NumberPoint, Points};

/// One point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Point<'a> {
    Number(&'a NumberPoint),
    /// With the boundaries of its metric.
    Histogram(&'a HistogramPoint, &'a [f64]),
    Exponential(&'a ExponentialPoint),
}

/// All points, in their order.
pub(super) fn points(points: &Points) -> impl Iterator<Item = Point<'_>> {
    let (numbers, histograms, exponentials): (&[_], (&[_], &[f64]), &[_]) = match points {
        Points::Sum { points, .. } | Points::Gauge(points) => (points, (&[], &[]), &[]),
        Points::Histogram {
            points, boundaries, ..
        } => (&[], (points, boundaries), &[]),
        Points::ExponentialHistogram { points, .. } => (&[], (&[], &[]), points),
    };
    let (histograms, boundaries) = histograms;
    numbers
        .iter()
        .map(Point::Number)
        .chain(
            histograms
                .iter()
                .map(|point| Point::Histogram(point, boundaries)),
        )
        .chain(exponentials.iter().map(Point::Exponential))
}

/// The attribute's value as that of a span's attribute.
pub(super) fn value(value: &AttributeValue) -> Value<'_> {
    match value {
        AttributeValue::Bool(value) => Value::Bool(*value),
        AttributeValue::Int(value) => Value::Int(*value),
        AttributeValue::Str(text) => Value::Str(text),
    }
}
