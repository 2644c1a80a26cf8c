//! Metrics of one name become one metric.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::data::{AttributeValue, Attributes, HistogramPoint, Metric, NumberValue, Points};
use super::instrument::Instrument;
use super::overflow;

/// Metrics by name. Of those of one name that cannot be one, each is kept.
#[derive(Debug, Default)]
pub(super) struct Merged(BTreeMap<Cow<'static, str>, Vec<Draft>>);

/// A metric that is not put together yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// It without its points; the first one of its name says what it is.
    pub(super) outline: Metric,
    pub(super) parts: Vec<Part>,
    /// Parts of it come from elsewhere and may be of the same series.
    pub(super) has_doubles: bool,
}

/// Some of the points of a metric.
#[derive(Debug)]
pub(super) enum Part {
    /// Those of an instrument.
    Unread(&'static Instrument),
    Read(Points),
}

impl Merged {
    /// Adds the series of an instrument, which no other instrument has, but for that of what has
    /// none.
    pub(super) fn add(&mut self, metric: Metric) {
        let may_double = overflow::is_among(&metric.points);
        self.put_read(metric, may_double);
    }

    /// Adds series that may be there already.
    pub(super) fn add_again(&mut self, metric: Metric) {
        self.put_read(metric, true);
    }

    /// Adds the series of an instrument, to be read later. Another one of its name may be its like,
    /// declared in another crate or in another version of one.
    pub(super) fn add_unread(&mut self, outline: Metric, instrument: &'static Instrument) {
        let may_double = self.0.contains_key(&outline.name);
        self.put(outline, Part::Unread(instrument), may_double);
    }

    /// All of them, by name.
    pub(super) fn into_drafts(self) -> impl Iterator<Item = Draft> {
        self.0.into_values().flatten()
    }

    fn put_read(&mut self, mut metric: Metric, may_double: bool) {
        let none = metric.points.without_any();
        let points = std::mem::replace(&mut metric.points, none);
        self.put(metric, Part::Read(points), may_double);
    }

    fn put(&mut self, outline: Metric, part: Part, may_double: bool) {
        let drafts = self.0.entry(outline.name.clone()).or_default();
        let fitting = drafts.iter_mut().find(|draft| {
            draft.outline.unit == outline.unit && draft.outline.points.take_in(&outline.points)
        });
        match fitting {
            Some(draft) => {
                draft.has_doubles |= may_double;
                draft.parts.push(part);
            }
            None => drafts.push(Draft {
                outline,
                parts: vec![part],
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

    /// Of the same kind, none.
    fn without_any(&self) -> Self {
        match self {
            Self::Sum {
                is_monotonic,
                temporality,
                ..
            } => Self::Sum {
                is_monotonic: *is_monotonic,
                temporality: *temporality,
                points: Vec::new(),
            },
            Self::Gauge(_) => Self::Gauge(Vec::new()),
            Self::Histogram {
                temporality,
                boundaries,
                ..
            } => Self::Histogram {
                temporality: *temporality,
                boundaries: boundaries.clone(),
                points: Vec::new(),
            },
            Self::ExponentialHistogram { temporality, .. } => Self::ExponentialHistogram {
                temporality: *temporality,
                points: Vec::new(),
            },
        }
    }

    /// Adds points of the same kind; others are left out.
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
            _ => {}
        }
    }

    /// Makes one point of those of the same series: their sum, or of a gauge, the last one.
    pub(super) fn join_doubles(&mut self) {
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
    let are_none = [known.count() == 0, more.count() == 0];
    // A bound that one of them does not know is not known of both.
    let both = |one: Option<f64>, other: Option<f64>, choose: fn(f64, f64) -> f64| match are_none {
        [true, _] => other,
        [_, true] => one,
        _ => one.zip(other).map(|(one, other)| choose(one, other)),
    };
    known.min = both(known.min, more.min, f64::min);
    known.max = both(known.max, more.max, f64::max);
    for (count, more) in known.counts.iter_mut().zip(&more.counts) {
        *count = count.saturating_add(*more);
    }
    known.sum += more.sum;
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn point(bounds: Option<(f64, f64)>, counts: [u64; 2]) -> HistogramPoint {
        HistogramPoint {
            attributes: Attributes::new(),
            start_unix_ns: 1,
            unix_ns: 2,
            sum: 1.0,
            min: bounds.map(|(min, _)| min),
            max: bounds.map(|(_, max)| max),
            counts: counts.to_vec(),
            exemplars: Vec::new(),
        }
    }

    #[test]
    fn a_bound_that_one_point_does_not_know_is_not_known_of_both() {
        let known = || point(Some((1.0, 2.0)), [1, 1]);
        let unknown = || point(None, [3, 0]);
        let nothing = || point(None, [0, 0]);
        for (mut one, other, counts, bounds) in [
            (known(), known(), [2, 2], (Some(1.0), Some(2.0))),
            (known(), unknown(), [4, 1], (None, None)),
            (unknown(), known(), [4, 1], (None, None)),
            (known(), nothing(), [1, 1], (Some(1.0), Some(2.0))),
            (nothing(), known(), [1, 1], (Some(1.0), Some(2.0))),
            (
                point(None, [u64::MAX, 0]),
                known(),
                [u64::MAX, 1],
                (None, None),
            ),
        ] {
            add_histogram(&mut one, other);
            assert_eq!((&one.counts[..], (one.min, one.max)), (&counts[..], bounds));
        }
    }
}
