//! From the cells of all threads to what exporters see of an instrument.
//!
//! Runs wherever somebody wants to see the numbers, usually on the collector
//! thread.

use std::borrow::Cow;

use super::block::Reading;
use super::call::{CallSpec, ERROR_TYPE};
use super::data::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope,
    NumberPoint, NumberValue, Points, Temporality,
};
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::Instrument;
use super::label::LabelValue;
use super::spec::{Kind, Number, Spec};
use crate::clock::unix_ns;

/// When the counting began, and when it is read; in nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) start_unix_ns: u64,
    pub(crate) unix_ns: u64,
}

impl Interval {
    /// An interval that begins now, and has no length yet.
    pub(crate) fn from_now() -> Self {
        let unix_ns = unix_ns();
        Self {
            start_unix_ns: unix_ns,
            unix_ns,
        }
    }

    /// Until now, of things whose beginning is not known.
    #[cfg(feature = "metrics")]
    pub(crate) fn of_all_time() -> Self {
        Self {
            start_unix_ns: 0,
            unix_ns: unix_ns(),
        }
    }

    /// The same, lasting until now.
    pub(super) fn to_now(self) -> Self {
        Self {
            unix_ns: unix_ns(),
            ..self
        }
    }
}

/// What an instrument has counted.
pub(super) fn points_of(instrument: &'static Instrument, interval: Interval) -> Points {
    // In this order: what is an exemplar has been counted.
    let mut exemplars = instrument.exemplars();
    let reading = instrument.read();
    // What was counted since the moment of reading is shown next time.
    let times = interval.start_unix_ns..=interval.unix_ns;
    let is_of_interval = |exemplar: &Exemplar| times.contains(&exemplar.unix_ns);
    exemplars
        .iter_mut()
        .for_each(|all| all.retain(is_of_interval));
    points(instrument.spec(), &reading, &exemplars, interval)
}

pub(super) fn metric(spec: &Spec, points: Points) -> Metric {
    let (package, version) = match &spec.calls {
        Some(calls) => (calls.site.spec().package, calls.site.spec().version),
        None => (spec.package, spec.version),
    };
    Metric {
        name: Cow::Borrowed(spec.name),
        unit: Cow::Borrowed(spec.unit),
        description: Cow::Borrowed(spec.description),
        scope: MetricScope {
            name: Cow::Borrowed(package),
            version: Cow::Borrowed(version),
        },
        points,
    }
}

impl Points {
    /// None, of the kind that an instrument has.
    pub(super) fn none(spec: &Spec) -> Self {
        let temporality = Temporality::Cumulative;
        match spec.kind {
            Kind::Counter(_) | Kind::UpDownCounter(_) => Self::Sum {
                is_monotonic: matches!(spec.kind, Kind::Counter(_)),
                temporality,
                points: Vec::new(),
            },
            Kind::Gauge(_) => Self::Gauge(Vec::new()),
            Kind::Histogram(boundaries) => Self::Histogram {
                temporality,
                boundaries: Cow::Borrowed(boundaries),
                points: Vec::new(),
            },
            Kind::ExponentialHistogram => Self::ExponentialHistogram {
                temporality,
                points: Vec::new(),
            },
        }
    }

    /// A function knows many errors that it never returns. The counter of its calls has a series
    /// for each of them from the start; a histogram, which is thirty numbers, only of those seen.
    pub(super) fn leave_out_errors_never_seen(&mut self) {
        let is_of_error = |attributes: &Attributes| {
            let mut keys = attributes.iter().map(|(key, _)| key);
            keys.any(|key| key == ERROR_TYPE)
        };
        match self {
            Self::Histogram { points, .. } => {
                points.retain(|point| point.count() > 0 || !is_of_error(&point.attributes));
            }
            Self::ExponentialHistogram { points, .. } => {
                points.retain(|point| point.count() > 0 || !is_of_error(&point.attributes));
            }
            Self::Sum { .. } | Self::Gauge(_) => {}
        }
    }

    /// Says when the points were read, and since when they count, where that is not said.
    pub(super) fn fill_in(&mut self, interval: Interval) {
        let fill = |start: Option<&mut u64>, unix_ns: &mut u64| {
            if let Some(start @ 0) = start {
                *start = interval.start_unix_ns;
            }
            if *unix_ns == 0 {
                *unix_ns = interval.unix_ns;
            }
        };
        match self {
            Self::Sum { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
            Self::Gauge(points) => points
                .iter_mut()
                .for_each(|point| fill(None, &mut point.unix_ns)),
            Self::Histogram { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
            Self::ExponentialHistogram { points, .. } => points
                .iter_mut()
                .for_each(|point| fill(Some(&mut point.start_unix_ns), &mut point.unix_ns)),
        }
    }
}

fn points(
    spec: &Spec,
    reading: &Reading,
    exemplars: &[Vec<Exemplar>],
    interval: Interval,
) -> Points {
    let temporality = Temporality::Cumulative;
    let of = |index: usize| exemplars.get(index).cloned().unwrap_or_default();
    match reading {
        Reading::Ints(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                spec,
                interval,
                of,
                sums.iter()
                    .map(|sum| Some(NumberValue::Int(sum.cast_signed()))),
            ),
        },
        Reading::Doubles(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                spec,
                interval,
                of,
                sums.iter().map(|sum| Some(NumberValue::Double(*sum))),
            ),
        },
        Reading::Bits(values) => Points::Gauge(numbers(
            spec,
            Interval {
                start_unix_ns: 0,
                ..interval
            },
            of,
            values
                .iter()
                .map(|bits| bits.map(|bits| number(spec, bits))),
        )),
        Reading::Explicit(series) => Points::Histogram {
            temporality,
            boundaries: match spec.kind {
                Kind::Histogram(boundaries) => Cow::Borrowed(boundaries),
                _ => Cow::Borrowed(&[]),
            },
            points: each(series)
                .filter_map(|(index, counts)| {
                    let attributes = attributes(spec, index, counts.count())?;
                    Some(explicit(attributes, counts, of(index), interval))
                })
                .collect(),
        },
        Reading::Exponential(series) => Points::ExponentialHistogram {
            temporality,
            points: each(series)
                .filter_map(|(index, counts)| {
                    let attributes = attributes(spec, index, counts.count())?;
                    Some(exponential(attributes, counts, of(index), interval))
                })
                .collect(),
        },
    }
}

fn each<T>(series: &[T]) -> impl Iterator<Item = (usize, &T)> {
    series.iter().enumerate()
}

/// What the bits of such an instrument's value mean.
pub(super) fn number(spec: &Spec, bits: u64) -> NumberValue {
    match spec.kind {
        Kind::Counter(Number::Int)
        | Kind::UpDownCounter(Number::Int)
        | Kind::Gauge(Number::Int) => NumberValue::Int(bits.cast_signed()),
        _ => NumberValue::Double(f64::from_bits(bits)),
    }
}

/// The attributes of a series that is not about how calls end.
pub(super) fn attributes_of(spec: &Spec, series: usize) -> Attributes {
    attributes(spec, series, 0).unwrap_or_default()
}

fn numbers(
    spec: &Spec,
    interval: Interval,
    exemplars: impl Fn(usize) -> Vec<Exemplar>,
    values: impl Iterator<Item = Option<NumberValue>>,
) -> Vec<NumberPoint> {
    values
        .enumerate()
        .filter_map(|(index, value)| {
            Some(NumberPoint {
                attributes: attributes(spec, index, 0)?,
                start_unix_ns: interval.start_unix_ns,
                unix_ns: interval.unix_ns,
                value: value?,
                exemplars: exemplars(index),
            })
        })
        .collect()
}

fn explicit(
    attributes: Attributes,
    counts: &ExplicitCounts,
    exemplars: Vec<Exemplar>,
    interval: Interval,
) -> HistogramPoint {
    HistogramPoint {
        attributes,
        start_unix_ns: interval.start_unix_ns,
        unix_ns: interval.unix_ns,
        sum: counts.sum,
        min: known(counts.least),
        max: known(counts.greatest),
        counts: counts.counts.clone(),
        exemplars,
    }
}

fn exponential(
    attributes: Attributes,
    counts: &ExponentialCounts,
    exemplars: Vec<Exemplar>,
    interval: Interval,
) -> ExponentialPoint {
    let (offset, buckets) = counts.trimmed();
    ExponentialPoint {
        attributes,
        start_unix_ns: interval.start_unix_ns,
        unix_ns: interval.unix_ns,
        sum: counts.sum,
        min: known(counts.least),
        max: known(counts.greatest),
        scale: counts.scale,
        zero_count: counts.zeros,
        offset,
        counts: buckets.to_vec(),
        exemplars,
    }
}

fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// The attributes of a series that counted so many values, keys without a value left out; `None` if
/// it is not to be seen.
fn attributes(spec: &Spec, series: usize, count: u64) -> Option<Attributes> {
    let mut keys = spec.keys.iter();
    let mut attributes = Attributes::new();
    let (labels, ending) = match spec.endings() {
        Some(endings) => (
            series / endings.count(),
            endings.attributes(series % endings.count(), count)?,
        ),
        None => (series, Attributes::new()),
    };
    (spec.describe)(labels, &mut |value| {
        let value = match value {
            LabelValue::Missing => None,
            LabelValue::Bool(value) => Some(AttributeValue::Bool(value)),
            LabelValue::Str(text) => Some(AttributeValue::Str(Cow::Borrowed(text))),
        };
        if let (Some(key), Some(value)) = (keys.next(), value) {
            attributes.push((Cow::Borrowed(key), value));
        }
    });
    attributes.extend(spec.calls.iter().map(CallSpec::function));
    attributes.extend(ending);
    Some(attributes)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::{Counter, Gauge, Histogram};
    use super::*;
    use crate::metric::collect;

    static DECLARED: Counter<bool> = Counter::new("test.collect.declared", &["big"])
        .unit("{thing}")
        .description("Things.");
    static UNSET: Gauge = Gauge::new("test.collect.unset", &[]);
    static SIZES: Histogram<bool> = Histogram::new("test.collect.sizes", &["big"]).buckets(&[1.0]);

    #[test]
    fn every_series_is_there_before_its_first_value_but_for_gauges() {
        DECLARED.instrument().register();
        UNSET.instrument().register();
        SIZES.instrument().register();
        let interval = Interval {
            start_unix_ns: 5,
            unix_ns: 7,
        };
        let metrics = collect(interval);
        let metric = metrics.metric("test.collect.declared").unwrap();
        assert_eq!(
            (&*metric.unit, &*metric.description),
            ("{thing}", "Things.")
        );
        let Points::Sum {
            points,
            is_monotonic: true,
            ..
        } = &metric.points
        else {
            panic!("{metric:?}");
        };
        let big = |value| vec![(Cow::Borrowed("big"), AttributeValue::Bool(value))];
        assert_eq!(points[0].attributes, big(false));
        assert_eq!(points[1].attributes, big(true));
        assert_eq!(points[1].value, NumberValue::Int(0));
        assert_eq!(points[1].start_unix_ns, 5);
        assert!(points[1].unix_ns > 7);
        let unset = metrics.metric("test.collect.unset").unwrap();
        assert_eq!(unset.points, Points::Gauge(Vec::new()));
        let sizes = metrics.metric("test.collect.sizes").unwrap();
        let Points::Histogram { points, .. } = &sizes.points else {
            panic!("{sizes:?}");
        };
        assert_eq!(
            (points.len(), points[0].count(), points[0].min),
            (2, 0, None)
        );
    }
}
