//! From the cells of all threads to what exporters see.
//!
//! Runs wherever somebody wants to see the numbers, usually on the collector
//! thread. Instruments of one name become one metric.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::block::Reading;
use super::call::{CallSpec, Endings};
use super::data::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope,
    Metrics, NumberPoint, NumberValue, Points, Temporality,
};
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::{Instrument, instruments};
use super::label::LabelValue;
use super::spec::{Kind, Number, Spec};
use crate::clock::unix_ns;

/// The unit of numbers of calls.
pub(super) const CALLS_UNIT: &str = "{call}";

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

    /// The same, lasting until now.
    pub(crate) fn to_now(self) -> Self {
        Self {
            unix_ns: unix_ns(),
            ..self
        }
    }
}

/// Everything that all instruments have counted since they began.
pub(crate) fn collect(interval: Interval) -> Metrics {
    let mut by_name: BTreeMap<&'static str, Metric> = BTreeMap::new();
    // The list begins with the last one; the first that was registered describes the metric.
    let mut all: Vec<&'static Instrument> = instruments().collect();
    all.reverse();
    let mut add = |name, metric: Metric| match by_name.get_mut(name) {
        Some(known) => known.points.extend(metric.points),
        None => {
            by_name.insert(name, metric);
        }
    };
    for instrument in all {
        let spec = instrument.spec();
        // In this order: what is an exemplar has been counted.
        let mut exemplars = instrument.exemplars();
        let reading = instrument.read();
        // What was counted since the moment of reading is shown next time.
        let times = interval.start_unix_ns..=interval.unix_ns;
        let is_of_interval = |exemplar: &Exemplar| times.contains(&exemplar.unix_ns);
        exemplars
            .iter_mut()
            .for_each(|all| all.retain(is_of_interval));
        let durations = metric(spec, points(spec, &reading, &exemplars, interval));
        if let Some(endings) = spec.endings() {
            add(endings.counter, counter(endings, &durations));
        }
        add(spec.name, durations);
    }
    Metrics {
        list: by_name.into_values().collect(),
    }
}

fn metric(spec: &Spec, points: Points) -> Metric {
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

/// How many calls there were, by how long they took.
fn counter(endings: &Endings, durations: &Metric) -> Metric {
    let counted = |attributes: &Attributes, exemplars: &[Exemplar], interval: Interval, count| {
        // The latest call stands for the others.
        let latest = exemplars.iter().max_by_key(|exemplar| exemplar.unix_ns);
        let one = |latest: &Exemplar| Exemplar {
            value: NumberValue::Int(1),
            ..*latest
        };
        NumberPoint {
            attributes: attributes.clone(),
            start_unix_ns: interval.start_unix_ns,
            unix_ns: interval.unix_ns,
            value: NumberValue::Int(u64::cast_signed(count)),
            exemplars: latest.map(one).into_iter().collect(),
        }
    };
    macro_rules! counted {
        ($points:ident) => {
            $points
                .iter()
                .map(|of| {
                    let interval = Interval {
                        start_unix_ns: of.start_unix_ns,
                        unix_ns: of.unix_ns,
                    };
                    counted(&of.attributes, &of.exemplars, interval, of.count())
                })
                .collect()
        };
    }
    let (temporality, points) = match &durations.points {
        Points::Histogram {
            temporality,
            points,
            ..
        } => (*temporality, counted!(points)),
        Points::ExponentialHistogram {
            temporality,
            points,
        } => (*temporality, counted!(points)),
        // Durations are a histogram.
        Points::Sum { .. } | Points::Gauge(_) => (Temporality::Cumulative, Vec::new()),
    };
    Metric {
        name: Cow::Borrowed(endings.counter),
        unit: Cow::Borrowed(CALLS_UNIT),
        description: Cow::Borrowed("How many calls of the function have ended."),
        scope: durations.scope.clone(),
        points: Points::Sum {
            is_monotonic: true,
            temporality,
            points,
        },
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
                .map(|bits| bits.map(|bits| gauge_value(spec, bits))),
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

fn gauge_value(spec: &Spec, bits: u64) -> NumberValue {
    match spec.kind {
        Kind::Gauge(Number::Int) => NumberValue::Int(bits.cast_signed()),
        _ => NumberValue::Double(f64::from_bits(bits)),
    }
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
}
