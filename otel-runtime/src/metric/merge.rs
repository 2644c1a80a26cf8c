//! Metrics of one name become one metric.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::data::{AttributeValue, Attributes, HistogramPoint, Metric, NumberValue, Points};
use super::overflow;

/// Metrics by name. Of those of one name that cannot be one, each is kept.
#[derive(Debug, Default)]
pub(super) struct Merged(BTreeMap<Cow<'static, str>, Vec<Draft>>);

#[derive(Debug)]
struct Draft {
    metric: Metric,
    /// Parts of it come from elsewhere and may be of the same series.
    has_doubles: bool,
}

impl Merged {
    /// Adds the series of an instrument, which no other instrument has, but for that of what has
    /// none.
    pub(super) fn add(&mut self, metric: Metric) {
        let may_double = overflow::is_among(&metric.points);
        self.put(metric, may_double);
    }

    /// Adds series that may be there already.
    pub(super) fn add_again(&mut self, metric: Metric) {
        self.put(metric, true);
    }

    /// All of them, by name. The first one of each name describes it.
    pub(super) fn into_list(self) -> Vec<Metric> {
        let drafts = self.0.into_values().flatten();
        drafts
            .map(|mut draft| {
                if draft.has_doubles {
                    draft.metric.points.join_doubles();
                }
                draft.metric
            })
            .collect()
    }

    fn put(&mut self, metric: Metric, may_double: bool) {
        let drafts = self.0.entry(metric.name.clone()).or_default();
        let fitting = drafts.iter_mut().find(|draft| {
            draft.metric.unit == metric.unit && draft.metric.points.take_in(&metric.points)
        });
        match fitting {
            Some(draft) => {
                draft.has_doubles |= may_double;
                draft.metric.points.extend(metric.points);
            }
            None => drafts.push(Draft {
                metric,
                has_doubles: may_double,
            }),
        }
    }
}

impl Points {
    /// True if both can be the points of one metric.
    fn take_in(&self, more: &Self) -> bool {
        match (self, more) {
            (
                Self::Sum {
                    is_monotonic,
                    temporality,
                    ..
                },
                Self::Sum {
                    is_monotonic: more,
                    temporality: of_more,
                    ..
                },
            ) => is_monotonic == more && temporality == of_more,
            (
                Self::Histogram {
                    boundaries,
                    temporality,
                    ..
                },
                Self::Histogram {
                    boundaries: more,
                    temporality: of_more,
                    ..
                },
            ) => boundaries == more && temporality == of_more,
            (
                Self::ExponentialHistogram { temporality, .. },
                Self::ExponentialHistogram {
                    temporality: more, ..
                },
            ) => temporality == more,
            (Self::Gauge(_), Self::Gauge(_)) => true,
            _ => false,
        }
    }

    /// Takes more points, if they are of the same kind.
    pub(super) fn extend(&mut self, more: Self) {
        match (self, more) {
            (Self::Sum { points, .. }, Self::Sum { points: more, .. })
            | (Self::Gauge(points), Self::Gauge(more)) => points.extend(more),
            (Self::Histogram { points, .. }, Self::Histogram { points: more, .. }) => {
                points.extend(more);
            }
            (
                Self::ExponentialHistogram { points, .. },
                Self::ExponentialHistogram { points: more, .. },
            ) => points.extend(more),
            // Only what fits is put together.
            _ => {}
        }
    }

    /// Makes one point of those of the same series: their sum, or of a gauge, the last one.
    fn join_doubles(&mut self) {
        match self {
            Self::Sum { points, .. } => join(
                points,
                |point| &point.attributes,
                |known, more| known.value = sum(known.value, more.value),
            ),
            Self::Gauge(points) => join(
                points,
                |point| &point.attributes,
                |known, more| *known = more,
            ),
            Self::ExponentialHistogram { points, .. } => join(
                points,
                |point| &point.attributes,
                |known, more| known.merge(&more),
            ),
            Self::Histogram { points, .. } => {
                join(points, |point| &point.attributes, add_histogram);
            }
        }
    }
}

/// Joins each point with the earlier one of the same attributes, if there is one.
fn join<P>(
    points: &mut Vec<P>,
    attributes: impl Fn(&P) -> &Attributes,
    mut add: impl FnMut(&mut P, P),
) {
    let mut place_of: HashMap<Attributes, usize> = HashMap::with_capacity(points.len());
    let mut joined: Vec<P> = Vec::with_capacity(points.len());
    for point in points.drain(..) {
        let place = *place_of
            .entry(sorted(attributes(&point)))
            .or_insert(joined.len());
        match joined.get_mut(place) {
            Some(known) => add(known, point),
            None => joined.push(point),
        }
    }
    *points = joined;
}

fn add_histogram(known: &mut HistogramPoint, more: HistogramPoint) {
    for (count, more) in known.counts.iter_mut().zip(&more.counts) {
        *count += more;
    }
    known.sum += more.sum;
    let both = |one: Option<f64>, other: Option<f64>, choose: fn(f64, f64) -> f64| match one {
        Some(one) => Some(other.map_or(one, |other| choose(one, other))),
        None => other,
    };
    known.min = both(known.min, more.min, f64::min);
    known.max = both(known.max, more.max, f64::max);
    known.exemplars.extend(more.exemplars);
}

fn sorted(attributes: &Attributes) -> Attributes {
    let mut sorted: Vec<(Cow<'static, str>, AttributeValue)> = attributes.clone();
    sorted.sort_by(|(key, _), (other, _)| key.cmp(other));
    sorted
}

fn sum(one: NumberValue, other: NumberValue) -> NumberValue {
    let double = |value| match value {
        NumberValue::Int(value) => value as f64,
        NumberValue::Double(value) => value,
    };
    match (one, other) {
        (NumberValue::Int(one), NumberValue::Int(other)) => {
            NumberValue::Int(one.wrapping_add(other))
        }
        (one, other) => NumberValue::Double(double(one) + double(other)),
    }
}
