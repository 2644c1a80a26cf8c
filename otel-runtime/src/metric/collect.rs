//! From the cells of all threads to what exporters see.
//!
//! Runs wherever somebody wants to see the numbers, usually on the collector
//! thread. Instruments of one name become one metric.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::block::Reading;
use super::data::{
    AttributeValue, Attributes, ExponentialPoint, HistogramPoint, Metric, MetricScope, Metrics,
    NumberPoint, NumberValue, Points, Temporality,
};
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::{Instrument, instruments};
use super::label::LabelValue;
use super::spec::{Kind, Number, Spec};

/// When the counting began, and when it is read; in nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) start_unix_ns: u64,
    pub(crate) unix_ns: u64,
}

/// Everything that all instruments have counted since they began.
pub(crate) fn collect(interval: Interval) -> Metrics {
    let mut by_name: BTreeMap<&'static str, Metric> = BTreeMap::new();
    // The list begins with the last one; the first that was registered describes the metric.
    let mut all: Vec<&'static Instrument> = instruments().collect();
    all.reverse();
    for instrument in all {
        let spec = instrument.spec();
        let points = points(spec, &instrument.read(), interval);
        match by_name.get_mut(spec.name) {
            Some(metric) => metric.points.extend(points),
            None => {
                by_name.insert(spec.name, metric(spec, points));
            }
        }
    }
    Metrics {
        list: by_name.into_values().collect(),
    }
}

fn metric(spec: &Spec, points: Points) -> Metric {
    Metric {
        name: Cow::Borrowed(spec.name),
        unit: Cow::Borrowed(spec.unit),
        description: Cow::Borrowed(spec.description),
        scope: MetricScope {
            name: Cow::Borrowed(spec.package),
            version: Cow::Borrowed(spec.version),
        },
        points,
    }
}

impl Points {
    /// Takes the points of another instrument of the same name, if they are of the same kind.
    fn extend(&mut self, more: Self) {
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
            // `install` refuses two instruments of one name and different kinds.
            _ => {}
        }
    }
}

fn points(spec: &Spec, reading: &Reading, interval: Interval) -> Points {
    let temporality = Temporality::Cumulative;
    match reading {
        Reading::Ints(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                spec,
                interval,
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
                sums.iter().map(|sum| Some(NumberValue::Double(*sum))),
            ),
        },
        Reading::Bits(values) => Points::Gauge(numbers(
            spec,
            Interval {
                start_unix_ns: 0,
                ..interval
            },
            values
                .iter()
                .map(|bits| bits.map(|bits| gauge_value(spec, bits))),
        )),
        Reading::Explicit(series) => Points::Histogram {
            temporality,
            boundaries: match spec.kind {
                Kind::Histogram(boundaries) => Cow::Borrowed(boundaries),
                _ => Cow::Borrowed(&[]),
            },
            points: each(series)
                .map(|(index, counts)| explicit(attributes(spec, index), counts, interval))
                .collect(),
        },
        Reading::Exponential(series) => Points::ExponentialHistogram {
            temporality,
            points: each(series)
                .map(|(index, counts)| exponential(attributes(spec, index), counts, interval))
                .collect(),
        },
    }
}

fn each<T>(series: &[T]) -> impl Iterator<Item = (usize, &T)> {
    series.iter().enumerate()
}

fn gauge_value(spec: &Spec, bits: u64) -> NumberValue {
    match spec.kind {
        Kind::Gauge(Number::Int) => NumberValue::Int(bits.cast_signed()),
        _ => NumberValue::Double(f64::from_bits(bits)),
    }
}

fn numbers(
    spec: &Spec,
    interval: Interval,
    values: impl Iterator<Item = Option<NumberValue>>,
) -> Vec<NumberPoint> {
    values
        .enumerate()
        .filter_map(|(index, value)| {
            Some(NumberPoint {
                attributes: attributes(spec, index),
                start_unix_ns: interval.start_unix_ns,
                unix_ns: interval.unix_ns,
                value: value?,
                exemplars: Vec::new(),
            })
        })
        .collect()
}

fn explicit(attributes: Attributes, counts: &ExplicitCounts, interval: Interval) -> HistogramPoint {
    HistogramPoint {
        attributes,
        start_unix_ns: interval.start_unix_ns,
        unix_ns: interval.unix_ns,
        sum: counts.sum,
        min: known(counts.least),
        max: known(counts.greatest),
        counts: counts.counts.clone(),
        exemplars: Vec::new(),
    }
}

fn exponential(
    attributes: Attributes,
    counts: &ExponentialCounts,
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
        exemplars: Vec::new(),
    }
}

fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

/// The attributes of a series, keys without a value left out.
fn attributes(spec: &Spec, series: usize) -> Attributes {
    let mut keys = spec.keys.iter();
    let mut attributes = Attributes::new();
    (spec.describe)(series, &mut |value| {
        let value = match value {
            LabelValue::Missing => None,
            LabelValue::Bool(value) => Some(AttributeValue::Bool(value)),
            LabelValue::Str(text) => Some(AttributeValue::Str(Cow::Borrowed(text))),
        };
        if let (Some(key), Some(value)) = (keys.next(), value) {
            attributes.push((Cow::Borrowed(key), value));
        }
    });
    attributes
}

/// Two instruments that cannot be one metric, though they have one name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conflict {
    pub(crate) first: &'static Spec,
    pub(crate) second: &'static Spec,
    /// What they disagree about.
    pub(crate) about: &'static str,
}

/// Instruments of one name that differ in unit, kind or keys.
pub(crate) fn conflicts() -> Vec<Conflict> {
    let mut first_of: BTreeMap<&'static str, &'static Spec> = BTreeMap::new();
    let mut conflicts = Vec::new();
    let mut all: Vec<&'static Spec> = instruments().map(Instrument::spec).collect();
    all.sort_by_key(|spec| (spec.place.file(), spec.place.line(), spec.place.column()));
    for second in all {
        let first = *first_of.entry(second.name).or_insert(second);
        let about = if first.unit != second.unit {
            "unit"
        } else if first.kind != second.kind {
            "kind"
        } else {
            continue;
        };
        conflicts.push(Conflict {
            first,
            second,
            about,
        });
    }
    conflicts
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            first,
            second,
            about,
        } = self;
        write!(
            f,
            "the metric `{}` is declared with one {about} at {} (unit `{}`, {}) and with another at {} (unit `{}`, {}); give one of them another name",
            first.name, first.place, first.unit, first.kind, second.place, second.unit, second.kind,
        )
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::{Counter, Gauge, Histogram};
    use super::*;

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
        assert_eq!((points[1].start_unix_ns, points[1].unix_ns), (5, 7));
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

    #[test]
    fn two_units_of_one_name_are_a_conflict_that_names_both_places() {
        static SECONDS: Histogram = Histogram::new("test.collect.twice", &[]).unit("s");
        static BYTES: Histogram = Histogram::new("test.collect.twice", &[]).unit("By");
        SECONDS.instrument().register();
        BYTES.instrument().register();
        let all = conflicts();
        let ours: Vec<_> = all
            .iter()
            .filter(|conflict| conflict.first.name == "test.collect.twice")
            .collect();
        assert_eq!(ours.len(), 1);
        let message = ours[0].to_string();
        assert!(message.contains("one unit at"), "{message}");
        assert_eq!(message.matches("collect.rs:").count(), 2, "{message}");
    }
}
