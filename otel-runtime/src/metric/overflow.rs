//! The series of values that have none of their own.
//!
//! It has one attribute, which the specification gives it, and so there is one
//! of a metric, however many instruments have the metric's name.

use std::borrow::Cow;

use super::collect::Interval;
use super::data::{
    AttributeValue, Attributes, ExponentialPoint, HistogramPoint, NumberPoint, NumberValue,
};
use super::histogram::ExponentialCounts;
use super::points;

const KEY: &str = "otel.metric.overflow";

/// Its attributes.
pub(super) fn attributes() -> Attributes {
    vec![(Cow::Borrowed(KEY), AttributeValue::Bool(true))]
}

/// A point that can take up what another one has counted.
pub(super) trait Join: Sized {
    fn attributes(&self) -> &Attributes;
    fn join(&mut self, other: Self);
}

/// Adds the points of another instrument of the same name, or of another place of the same one.
pub(super) fn extend<P: Join>(points: &mut Vec<P>, more: Vec<P>) {
    let is_overflow = |point: &P| matches!(&**point.attributes(), [(key, _)] if key == KEY);
    for point in more {
        let known = if is_overflow(&point) {
            points.iter_mut().find(|point| is_overflow(point))
        } else {
            None
        };
        match known {
            Some(known) => known.join(point),
            None => points.push(point),
        }
    }
}

impl Join for NumberPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Of two gauges, the value of either is as good.
    fn join(&mut self, other: Self) {
        let is_gauge = self.start_unix_ns == 0;
        self.value = match (self.value, other.value) {
            (_, other) if is_gauge => other,
            (NumberValue::Int(ours), NumberValue::Int(theirs)) => {
                NumberValue::Int(ours.wrapping_add(theirs))
            }
            (NumberValue::Double(ours), NumberValue::Double(theirs)) => {
                NumberValue::Double(ours + theirs)
            }
            // Both are of one kind.
            (ours, _) => ours,
        };
        self.start_unix_ns = self.start_unix_ns.min(other.start_unix_ns);
        self.exemplars.extend(other.exemplars);
    }
}

impl Join for HistogramPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    fn join(&mut self, other: Self) {
        self.sum += other.sum;
        for (ours, theirs) in self.counts.iter_mut().zip(other.counts) {
            *ours += theirs;
        }
        self.min = least(self.min, other.min);
        self.max = greatest(self.max, other.max);
        self.start_unix_ns = self.start_unix_ns.min(other.start_unix_ns);
        self.exemplars.extend(other.exemplars);
    }
}

impl Join for ExponentialPoint {
    fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    fn join(&mut self, other: Self) {
        let counts = |point: &Self| ExponentialCounts {
            scale: point.scale,
            offset: point.offset,
            zeros: point.zero_count,
            sum: point.sum,
            least: point.min.unwrap_or(f64::NAN),
            greatest: point.max.unwrap_or(f64::NAN),
            counts: point.counts.clone(),
        };
        let mut joined = counts(self);
        joined.merge(&counts(&other));
        let interval = Interval {
            start_unix_ns: self.start_unix_ns.min(other.start_unix_ns),
            unix_ns: self.unix_ns,
        };
        let mut exemplars = std::mem::take(&mut self.exemplars);
        exemplars.extend(other.exemplars);
        let attributes = std::mem::take(&mut self.attributes);
        *self = points::exponential(attributes, &joined, exemplars, interval);
    }
}

fn least(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    ours.into_iter().chain(theirs).reduce(f64::min)
}

fn greatest(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    ours.into_iter().chain(theirs).reduce(f64::max)
}
