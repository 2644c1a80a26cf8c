//! What instruments have counted, as exporters see it: OpenTelemetry's [data model].
//!
//! [data model]: https://opentelemetry.io/docs/specs/otel/metrics/data-model/

use std::borrow::Cow;

use super::scale;
use crate::context::{SpanId, TraceId};

/// Everything that was counted up to one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// One entry for each metric, by name.
    pub list: Vec<Metric>,
}

/// A metric: a name, and a point for each of its series.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: Cow<'static, str>,
    /// The unit of its values, in UCUM; empty if there is none.
    pub unit: Cow<'static, str>,
    /// What it is about; may be empty.
    pub description: Cow<'static, str>,
    /// The instrumentation scope.
    pub scope: MetricScope,
    /// Its points.
    pub points: Points,
}

/// The package that declares a metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MetricScope {
    /// The package's name; empty if unknown.
    pub name: Cow<'static, str>,
    /// Its version; empty if unknown.
    pub version: Cow<'static, str>,
}

/// The points of a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Points {
    /// Sums.
    Sum {
        /// They never fall.
        is_monotonic: bool,
        /// Since when they count.
        temporality: Temporality,
        /// One for each series.
        points: Vec<NumberPoint>,
    },
    /// Last values.
    Gauge(Vec<NumberPoint>),
    /// How many values are between boundaries.
    Histogram {
        /// Since when they count.
        temporality: Temporality,
        /// The boundaries; a value that equals one is below it.
        boundaries: Cow<'static, [f64]>,
        /// One for each series.
        points: Vec<HistogramPoint>,
    },
    /// How many values are of which size.
    ExponentialHistogram {
        /// Since when they count.
        temporality: Temporality,
        /// One for each series.
        points: Vec<ExponentialPoint>,
    },
}

/// Since when a sum counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Temporality {
    /// Since the beginning.
    #[default]
    Cumulative,
    /// Since it was last exported.
    Delta,
}

/// The attributes of a series.
pub type Attributes = Vec<(Cow<'static, str>, AttributeValue)>;

/// What an attribute of a series can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttributeValue {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Str(Cow<'static, str>),
}

/// A whole or floating-point number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberValue {
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
}

/// A sum or last value.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberPoint {
    /// What the series is divided by.
    pub attributes: Attributes,
    /// Since when it counts, in nanoseconds since the Unix epoch; 0 for a gauge.
    pub start_unix_ns: u64,
    /// When it was read.
    pub unix_ns: u64,
    /// The number.
    pub value: NumberValue,
    /// Values that stand for the others, with the spans they belong to.
    pub exemplars: Vec<Exemplar>,
}

/// How many values are between boundaries.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramPoint {
    /// What the series is divided by.
    pub attributes: Attributes,
    /// Since when it counts, in nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// When it was read.
    pub unix_ns: u64,
    /// The sum of all values.
    pub sum: f64,
    /// The least value; `None` if there is none, or if it is not known since when.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// How many values are in each bucket; one more than there are boundaries.
    pub counts: Vec<u64>,
    /// Values that stand for the others, with the spans they belong to.
    pub exemplars: Vec<Exemplar>,
}

/// How many values are of which size.
///
/// Bucket `i` of `counts` holds the values above `2^((offset + i)/2^scale)`, up to and with
/// `2^((offset + i + 1)/2^scale)`. There are no negative values.
#[derive(Clone, Debug, PartialEq)]
pub struct ExponentialPoint {
    /// What the series is divided by.
    pub attributes: Attributes,
    /// Since when it counts, in nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// When it was read.
    pub unix_ns: u64,
    /// The sum of all values.
    pub sum: f64,
    /// The least value; `None` if there is none, or if it is not known since when.
    pub min: Option<f64>,
    /// The greatest value.
    pub max: Option<f64>,
    /// How fine the buckets are: `2^scale` of them for each doubling.
    pub scale: i32,
    /// How many values are zero.
    pub zero_count: u64,
    /// The index of the first bucket.
    pub offset: i32,
    /// How many values are in each bucket.
    pub counts: Vec<u64>,
    /// Values that stand for the others, with the spans they belong to.
    pub exemplars: Vec<Exemplar>,
}

/// A value that was counted, and the span it belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exemplar {
    /// The value.
    pub value: NumberValue,
    /// When it was counted, in nanoseconds since the Unix epoch.
    pub unix_ns: u64,
    /// The trace and the span; `None` if it was counted within no span that is recorded.
    pub span: Option<(TraceId, SpanId)>,
}

impl From<bool> for AttributeValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for AttributeValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&'static str> for AttributeValue {
    fn from(text: &'static str) -> Self {
        Self::Str(Cow::Borrowed(text))
    }
}

impl From<String> for AttributeValue {
    fn from(text: String) -> Self {
        Self::Str(Cow::Owned(text))
    }
}

impl Points {
    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Sum { points, .. } | Self::Gauge(points) => points.len(),
            Self::Histogram { points, .. } => points.len(),
            Self::ExponentialHistogram { points, .. } => points.len(),
        }
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl HistogramPoint {
    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        sum_of(0, &self.counts)
    }
}

impl ExponentialPoint {
    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        sum_of(self.zero_count, &self.counts)
    }

    /// The same buckets at a coarser scale: the index of the first one, and their counts.
    ///
    /// A scale finer than the point's own is taken for its own.
    #[must_use]
    pub fn rescaled(&self, scale: i32) -> (i32, Cow<'_, [u64]>) {
        let steps = u32::try_from(self.scale.saturating_sub(scale)).unwrap_or(0);
        if steps == 0 || self.counts.is_empty() {
            return (self.offset, Cow::Borrowed(&self.counts));
        }
        let steps = steps.min(31);
        let coarse = |index: usize| (self.offset.saturating_add(index as i32)) >> steps;
        let first = coarse(0);
        let buckets = coarse(self.counts.len() - 1) - first + 1;
        let mut counts = vec![0; buckets as usize];
        for (index, count) in self.counts.iter().enumerate() {
            let sum = &mut counts[(coarse(index) - first) as usize];
            *sum = u64::saturating_add(*sum, *count);
        }
        (first, Cow::Owned(counts))
    }

    /// What the values of bucket `place` of `counts` are above, rounded to a number.
    #[cfg(feature = "opentelemetry-sdk")]
    pub(crate) fn lower_boundary(&self, place: usize) -> f64 {
        let below = self.offset.saturating_add(place as i32).saturating_sub(1);
        scale::upper_boundary(below, self.scale)
    }

    /// The greatest value that bucket `place` of `counts` can hold, rounded to a number.
    #[must_use]
    pub fn upper_boundary(&self, place: usize) -> f64 {
        scale::upper_boundary(self.offset.saturating_add(place as i32), self.scale)
    }
}

/// A sum that would be too large is the largest one.
fn sum_of(zeros: u64, counts: &[u64]) -> u64 {
    counts.iter().copied().fold(zeros, u64::saturating_add)
}

impl Metrics {
    /// The metric of this name.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.list.iter().find(|metric| metric.name == name)
    }
}
