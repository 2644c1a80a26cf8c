//! From the cells of all threads, and from all sources, to what exporters see.
//!
//! Runs wherever somebody wants to see the numbers, usually on the collector
//! thread. Instruments of one name become one metric.

use std::borrow::Cow;
use std::time::Instant;

use super::block::Reading;
use super::call::{CallSpec, ERROR_TYPE};
use super::call_counter::counter;
use super::data::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, Metric, MetricScope,
    Metrics, NumberPoint, NumberValue, Points, Temporality,
};
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::{Instrument, instruments};
use super::label::LabelValue;
use super::merge::{Draft, Merged, Part};
use super::rounds::{self, LONGEST_ROUND, Round};
use super::series::SeriesCounts;
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

    /// The same, lasting until now.
    fn to_now(self) -> Self {
        Self {
            unix_ns: unix_ns(),
            ..self
        }
    }
}

/// Everything that all instruments have counted since the interval began, and what all sources say
/// now; waits for them, but not longer than five seconds.
pub(crate) fn collect(interval: Interval) -> Metrics {
    Readings::begin(interval).all()
}

/// The same with what the sources have said in a round, which is waited for until the deadline.
pub(crate) fn collect_by(interval: Interval, round: Round, deadline: Instant) -> Metrics {
    Readings::by(interval, round, deadline).all()
}

/// Metrics that are read one by one, so that never all points are there at once.
#[derive(Debug)]
pub(crate) struct Readings {
    interval: Interval,
    drafts: Vec<Option<Draft>>,
    outlines: Vec<Metric>,
    series: Option<SeriesCounts>,
}

impl Readings {
    /// Waits for what sources have to say, but not longer than five seconds.
    pub(crate) fn begin(interval: Interval) -> Self {
        Self::by(interval, rounds::begin(), Instant::now() + LONGEST_ROUND)
    }

    fn by(interval: Interval, round: Round, deadline: Instant) -> Self {
        let observed = round.wait(deadline);
        let interval = interval.to_now();
        let mut merged = Merged::default();
        // The list begins with the last one; the first that was registered describes the metric.
        let mut all: Vec<&'static Instrument> = instruments().collect();
        all.reverse();
        for instrument in all {
            let spec = instrument.spec();
            let mut outline = metric(spec, Points::none(spec));
            let Some(endings) = spec.endings() else {
                merged.add_unread(outline, instrument);
                continue;
            };
            // One reading makes two metrics, which agree.
            outline.points = read(instrument, interval);
            merged.add(counter(endings, &outline));
            outline.points.leave_out_errors_never_seen();
            merged.add(outline);
        }
        let mut add = |mut metric: Metric| {
            metric.points.fill_in(interval);
            merged.add_again(metric);
        };
        rounds::own(&mut add);
        observed.iter().cloned().for_each(add);
        let drafts: Vec<_> = merged.into_drafts().map(Some).collect();
        let series = SeriesCounts::new(interval);
        let outlines = drafts.iter().flatten().map(|draft| draft.outline.clone());
        Self {
            interval,
            outlines: outlines
                .chain(series.is_some().then(SeriesCounts::outline))
                .collect(),
            drafts,
            series,
        }
    }

    /// Every metric without its points, by name; the last one may be about the others.
    pub(crate) fn outlines(&self) -> &[Metric] {
        &self.outlines
    }

    /// The metric at this place of the outlines. A second time it has no points.
    pub(crate) fn read(&mut self, place: usize) -> Metric {
        let draft = match self.drafts.get_mut(place) {
            Some(draft) => draft.take(),
            None => match &mut self.series {
                Some(series) => return series.metric(),
                None => None,
            },
        };
        let Some(draft) = draft else {
            return self.outlines[place].clone();
        };
        let mut metric = draft.outline;
        for part in draft.parts {
            metric.points.extend(match part {
                Part::Unread(instrument) => read(instrument, self.interval),
                Part::Read(points) => points,
            });
        }
        if draft.has_doubles {
            metric.points.join_doubles();
        }
        if let Some(series) = &mut self.series {
            series.add(&metric);
        }
        metric
    }

    fn all(mut self) -> Metrics {
        let places = 0..self.outlines.len();
        Metrics {
            list: places.map(|place| self.read(place)).collect(),
        }
    }
}

/// What an instrument has counted.
fn read(instrument: &Instrument, interval: Interval) -> Points {
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

impl Points {
    /// None, of the kind that an instrument has.
    fn none(spec: &Spec) -> Self {
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
    fn leave_out_errors_never_seen(&mut self) {
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
    fn fill_in(&mut self, interval: Interval) {
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
