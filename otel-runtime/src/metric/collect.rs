//! From the cells of all threads to what exporters see.
//!
//! Runs wherever somebody wants to see the numbers, usually on the collector
//! thread. Instruments of one name become one metric.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::time::{SystemTime, UNIX_EPOCH};

use super::block::Reading;
use super::call::{CallSpec, Endings};
use super::data::{
    AttributeValue, Attributes, ExponentialPoint, HistogramPoint, Metric, MetricScope, Metrics,
    NumberPoint, NumberValue, Points, Temporality,
};
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::{Instrument, instruments};
use super::label::LabelValue;
use super::open::Interner;
use super::overflow;
use super::spec::{Kind, Number, Spec};

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

fn unix_ns() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
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
        let durations = metric(spec, points_of(instrument, interval));
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
    let count = |attributes: &Attributes, start_unix_ns, unix_ns, count: u64| NumberPoint {
        attributes: attributes.clone(),
        start_unix_ns,
        unix_ns,
        value: NumberValue::Int(count.cast_signed()),
        exemplars: Vec::new(),
    };
    let (temporality, points) = match &durations.points {
        Points::Histogram {
            temporality,
            points,
            ..
        } => (
            *temporality,
            points
                .iter()
                .map(|of| count(&of.attributes, of.start_unix_ns, of.unix_ns, of.count()))
                .collect(),
        ),
        Points::ExponentialHistogram {
            temporality,
            points,
        } => (
            *temporality,
            points
                .iter()
                .map(|of| count(&of.attributes, of.start_unix_ns, of.unix_ns, of.count()))
                .collect(),
        ),
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

/// What an instrument has counted.
pub(super) fn points_of(instrument: &Instrument, interval: Interval) -> Points {
    let spec = instrument.spec();
    match instrument.interner() {
        Some(interner) => open_points(instrument, interner, interval),
        None => points(spec, &instrument.read(), interval, |series, count| {
            attributes(spec, series, count, &[])
        }),
    }
}

/// What an instrument with open labels has counted: the series in which there is something, and
/// what has none of its own.
fn open_points(instrument: &Instrument, interner: &Interner, interval: Interval) -> Points {
    let spec = instrument.spec();
    let (overflow, values) = instrument.read_overflow();
    let mut all = points(spec, &overflow, interval, |_, _| {
        (values != 0).then(overflow::attributes)
    });
    // A sum that can fall is shown also when it is zero again.
    let before = instrument.shown();
    let shown = RefCell::new(HashSet::new());
    for live in interner.live() {
        let reading = instrument.read_place(live.place);
        let interval = Interval {
            start_unix_ns: live.start_unix_ns.max(interval.start_unix_ns),
            ..interval
        };
        all.extend(points(spec, &reading, interval, |cell, count| {
            let series = (live.place, cell);
            (count != 0 || before.contains(&series)).then(|| shown.borrow_mut().insert(series))?;
            attributes(spec, cell, count, &live.attributes)
        }));
    }
    instrument.set_shown(shown.into_inner());
    all
}

/// How many series an instrument has, and how many values found none.
pub(super) fn used(instrument: &Instrument) -> (usize, u64) {
    match instrument.interner() {
        None => (instrument.spec().series, 0),
        Some(interner) => {
            let (_, values) = instrument.read_overflow();
            let points = open_points(instrument, interner, Interval::from_now());
            (
                points.len().saturating_sub(usize::from(values != 0)),
                values,
            )
        }
    }
}

/// What was read, each series with the attributes it has if it counted so many values, or something
/// at all; left out if that is `None`.
fn points(
    spec: &Spec,
    reading: &Reading,
    interval: Interval,
    attributes: impl Fn(usize, u64) -> Option<Attributes>,
) -> Points {
    let temporality = Temporality::Cumulative;
    match reading {
        Reading::Ints(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                interval,
                attributes,
                sums.iter()
                    .map(|sum| Some(NumberValue::Int(sum.cast_signed()))),
            ),
        },
        Reading::Doubles(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                interval,
                attributes,
                sums.iter().map(|sum| Some(NumberValue::Double(*sum))),
            ),
        },
        Reading::Bits(values) => Points::Gauge(numbers(
            Interval {
                start_unix_ns: 0,
                ..interval
            },
            attributes,
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
                    let attributes = attributes(index, counts.count())?;
                    Some(explicit(attributes, counts, interval))
                })
                .collect(),
        },
        Reading::Exponential(series) => Points::ExponentialHistogram {
            temporality,
            points: each(series)
                .filter_map(|(index, counts)| {
                    let attributes = attributes(index, counts.count())?;
                    Some(exponential(attributes, counts, interval))
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
    interval: Interval,
    attributes: impl Fn(usize, u64) -> Option<Attributes>,
    values: impl Iterator<Item = Option<NumberValue>>,
) -> Vec<NumberPoint> {
    values
        .enumerate()
        .filter_map(|(index, value)| {
            let value = value?;
            let is_zero = matches!(value, NumberValue::Int(0) | NumberValue::Double(0.0));
            Some(NumberPoint {
                attributes: attributes(index, u64::from(!is_zero))?,
                start_unix_ns: interval.start_unix_ns,
                unix_ns: interval.unix_ns,
                value,
                exemplars: Vec::new(),
            })
        })
        .collect()
}

pub(super) fn explicit(
    attributes: Attributes,
    counts: &ExplicitCounts,
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
        exemplars: Vec::new(),
    }
}

pub(super) fn exponential(
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

/// The attributes of a series that counted so many values, keys without a value left out; `None` if
/// it is not to be seen.
fn attributes(
    spec: &Spec,
    series: usize,
    count: u64,
    open: &[Option<AttributeValue>],
) -> Option<Attributes> {
    let mut keys = spec.keys.iter();
    let mut open = open.iter().cloned();
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
            LabelValue::Open => open.next().flatten(),
        };
        if let (Some(key), Some(value)) = (keys.next(), value) {
            attributes.push((Cow::Borrowed(key), value));
        }
    });
    for (key, value) in spec.open_keys.iter().zip(open) {
        attributes.extend(value.map(|value| (Cow::Borrowed(*key), value)));
    }
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
