//! The series of values that have none of their own.
//!
//! It has one attribute, which the specification gives it, and so there is one
//! of a metric, however many instruments have the metric's name.

use std::borrow::Cow;

use super::data::{AttributeValue, Attributes, Points};

const KEY: &str = "otel.metric.overflow";

/// Its attributes.
pub(super) fn attributes() -> Attributes {
    vec![(Cow::Borrowed(KEY), AttributeValue::Bool(true))]
}

/// True if one of the points is of it.
pub(super) fn is_among(points: &Points) -> bool {
    let is_overflow = |attributes: &Attributes| matches!(&**attributes, [(key, _)] if key == KEY);
    match points {
        Points::Sum { points, .. } | Points::Gauge(points) => {
            points.iter().any(|point| is_overflow(&point.attributes))
        }
        Points::Histogram { points, .. } => {
            points.iter().any(|point| is_overflow(&point.attributes))
        }
        Points::ExponentialHistogram { points, .. } => {
            points.iter().any(|point| is_overflow(&point.attributes))
        }
    }
}
