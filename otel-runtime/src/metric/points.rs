//! From what was read of an instrument to the points of its series.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;

use super::block::Reading;
use super::call::CallSpec;
use super::collect::Interval;
use super::data::{
    AttributeValue, Attributes, Exemplar, ExponentialPoint, HistogramPoint, NumberPoint,
    NumberValue, Points, Temporality,
};
use super::exemplar::OfPlace;
use super::histogram::{ExplicitCounts, ExponentialCounts};
use super::instrument::Instrument;
use super::label::LabelValue;
use super::open::{Generation, Interner, Live, Place};
use super::overflow;
use super::spec::{Kind, Number, Spec};

/// What an instrument has counted.
pub(super) fn points_of(instrument: &Instrument, interval: Interval) -> Points {
    let spec = instrument.spec();
    let met = instrument.met();
    if met.is_empty() && spec.endings().is_some_and(|endings| endings.are_met) {
        return points(
            spec,
            &Reading::none(&Spec { series: 0, ..*spec }),
            &[],
            interval,
            |_, _| None,
        );
    }
    if let Some(interner) = instrument.interner() {
        return open_points(instrument, interner, interval, &met);
    }
    // In this order: what is an exemplar has been counted.
    let mut exemplars = instrument.exemplars();
    let reading = instrument.read();
    // What was counted since the moment of reading is shown next time.
    let times = interval.start_unix_ns..=interval.unix_ns;
    let is_of_interval = |exemplar: &Exemplar| times.contains(&exemplar.unix_ns);
    exemplars
        .iter_mut()
        .for_each(|all| all.retain(is_of_interval));
    points(spec, &reading, &exemplars, interval, |series, count| {
        attributes(spec, series, count, &[], &met)
    })
}

/// What an instrument with open labels has counted: the series in which there is something, and
/// what has none of its own.
fn open_points(
    instrument: &Instrument,
    interner: &Interner,
    interval: Interval,
    met: &[Live],
) -> Points {
    let spec = instrument.spec();
    // In this order: what is an exemplar has been counted.
    let exemplars = instrument.open_exemplars();
    let (overflow, values) = instrument.read_overflow();
    let of_overflow = of_place(&exemplars, interval, |place| {
        place.generation == Generation::OVERFLOW
    });
    let mut all = points(spec, &overflow, &of_overflow, interval, |_, _| {
        (values != 0).then(overflow::attributes)
    });
    // A gauge that is zero has been set to it.
    let is_gauge = matches!(spec.kind, Kind::Gauge(_));
    // A sum that can fall is shown also when it is zero again.
    let before = instrument.shown();
    let shown = RefCell::new(HashSet::new());
    for live in interner.live() {
        let reading = instrument.read_place(live.place);
        let start_unix_ns = live.start_unix_ns.max(interval.start_unix_ns);
        let interval = Interval {
            start_unix_ns,
            // The value may have come since the reading began.
            unix_ns: interval.unix_ns.max(start_unix_ns),
        };
        let of_live = of_place(&exemplars, interval, |place| place == live.place);
        all.extend(points(spec, &reading, &of_live, interval, |cell, count| {
            let series = (live.place, cell);
            let is_shown = count != 0 || is_gauge || before.contains(&series);
            is_shown.then(|| shown.borrow_mut().insert(series))?;
            attributes(spec, cell, count, &live.attributes, met)
        }));
    }
    instrument.set_shown(shown.into_inner());
    all
}

/// The exemplars of one place, by cell.
fn of_place(
    exemplars: &[OfPlace],
    interval: Interval,
    is_it: impl Fn(Place) -> bool,
) -> Vec<Vec<Exemplar>> {
    let times = interval.start_unix_ns..=interval.unix_ns;
    let mut by_cell = Vec::new();
    for found in exemplars {
        if is_it(found.place) && times.contains(&found.exemplar.unix_ns) {
            if by_cell.len() <= found.cell {
                by_cell.resize(found.cell + 1, Vec::new());
            }
            by_cell[found.cell].push(found.exemplar);
        }
    }
    by_cell
}

/// How many series an instrument has, and how many values found none.
pub(super) fn used(instrument: &'static Instrument) -> (usize, u64) {
    let are_met = (instrument.spec().endings()).is_some_and(|endings| endings.are_met);
    let overflowed = match instrument.interner() {
        None if !are_met => return (instrument.spec().series, 0),
        None => 0,
        Some(_) => instrument.read_overflow().1,
    };
    let points = points_of(instrument, Interval::from_now());
    let overflow = usize::from(overflowed != 0);
    (points.len().saturating_sub(overflow), overflowed)
}

/// What was read, each series with the attributes that it has if it counted so many values, or
/// anything at all; left out if that is `None`.
fn points(
    spec: &Spec,
    reading: &Reading,
    exemplars: &[Vec<Exemplar>],
    interval: Interval,
    attributes: impl Fn(usize, u64) -> Option<Attributes>,
) -> Points {
    let temporality = Temporality::Cumulative;
    let of = |index: usize| exemplars.get(index).cloned().unwrap_or_default();
    match reading {
        Reading::Ints(sums) => Points::Sum {
            is_monotonic: matches!(spec.kind, Kind::Counter(_)),
            temporality,
            points: numbers(
                interval,
                of,
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
                of,
                attributes,
                sums.iter().map(|sum| Some(NumberValue::Double(*sum))),
            ),
        },
        Reading::Bits(values) => Points::Gauge(numbers(
            Interval {
                start_unix_ns: 0,
                ..interval
            },
            of,
            attributes,
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
                    let attributes = attributes(index, counts.count())?;
                    Some(explicit(attributes, counts, of(index), interval))
                })
                .collect(),
        },
        Reading::Exponential(series) => Points::ExponentialHistogram {
            temporality,
            points: each(series)
                .filter_map(|(index, counts)| {
                    let attributes = attributes(index, counts.count())?;
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
    attributes(spec, series, 0, &[], &[]).unwrap_or_default()
}

fn numbers(
    interval: Interval,
    exemplars: impl Fn(usize) -> Vec<Exemplar>,
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
fn attributes(
    spec: &Spec,
    series: usize,
    count: u64,
    open: &[Option<AttributeValue>],
    met: &[Live],
) -> Option<Attributes> {
    let mut keys = spec.keys.iter();
    let mut open = open.iter().cloned();
    let mut attributes = Attributes::new();
    let (labels, ending) = match spec.endings() {
        Some(endings) => (
            series / endings.count(),
            endings.attributes(series % endings.count(), count, met)?,
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
