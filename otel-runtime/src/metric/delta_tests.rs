//! Deltas and cumulative sums agree, whatever was counted when.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::data::{AttributeValue, MetricScope};
use super::*;

/// Deltas of one series, added up; buckets by scale and index.
#[derive(Default)]
struct Exponential {
    buckets: BTreeMap<(i32, i32), u64>,
    zeros: u64,
    sum: f64,
}

/// What is counted between two readings: the series, and a whole number.
type Interval = Vec<(u8, u32)>;

fn intervals() -> impl Strategy<Value = Vec<Interval>> {
    vec(vec((0..3u8, 0..40_000u32), 0..12), 1..6)
}

fn attributes(series: u8) -> Attributes {
    vec![("series".into(), AttributeValue::Int(series.into()))]
}

fn metrics(points: Points) -> Metrics {
    Metrics {
        list: vec![Metric {
            name: "test".into(),
            unit: "".into(),
            description: "".into(),
            scope: MetricScope::default(),
            points,
        }],
    }
}

fn only(metrics: Metrics) -> Points {
    metrics.list.into_iter().next().unwrap().points
}

/// Cumulative and added-up deltas, at each reading; each delta begins where the last reading was.
fn readings(intervals: &[Interval], mut read: impl FnMut(&[(u8, u32)], u64)) {
    let mut all = Vec::new();
    for (number, interval) in (1..).zip(intervals) {
        all.extend_from_slice(interval);
        read(&all, number * 10);
    }
}

proptest! {
    #[test]
    fn deltas_of_counters_add_up(intervals in intervals()) {
        let mut deltas = Deltas::default();
        let mut sums = BTreeMap::new();
        readings(&intervals, |all, unix_ns| {
            let points: Vec<_> = (0..3u8).map(|series| NumberPoint {
                attributes: attributes(series),
                start_unix_ns: 5,
                unix_ns,
                value: NumberValue::Int(of(all, series).map(i64::from).sum()),
                exemplars: Vec::new(),
            }).collect();
            let cumulative = metrics(Points::Sum {
                is_monotonic: true,
                temporality: Temporality::Cumulative,
                points: points.clone(),
            });
            let Points::Sum { points: since, temporality: Temporality::Delta, .. } =
                only(deltas.take(&cumulative)) else { panic!("a sum of deltas") };
            for point in since {
                let first = !sums.contains_key(&format!("{:?}", point.attributes));
                assert!(first && point.start_unix_ns == 5 || point.start_unix_ns % 10 == 0);
                let NumberValue::Int(value) = point.value else { panic!("whole") };
                *sums.entry(format!("{:?}", point.attributes)).or_insert(0) += value;
            }
            for point in &points {
                let sum = sums[&format!("{:?}", point.attributes)];
                assert_eq!(NumberValue::Int(sum), point.value);
            }
        });
    }

    #[test]
    fn deltas_of_explicit_buckets_add_up(intervals in intervals()) {
        let mut deltas = Deltas::default();
        let mut sums: BTreeMap<String, (Vec<u64>, f64)> = BTreeMap::new();
        readings(&intervals, |all, unix_ns| {
            let points: Vec<_> = (0..3u8).map(|series| HistogramPoint {
                attributes: attributes(series),
                start_unix_ns: 5,
                unix_ns,
                sum: of(all, series).map(f64::from).sum(),
                min: None,
                max: None,
                counts: (0..4).map(|bucket| {
                    of(all, series).filter(|value| value / 10_000 == bucket).count() as u64
                }).collect(),
                exemplars: Vec::new(),
            }).collect();
            let cumulative = metrics(Points::Histogram {
                temporality: Temporality::Cumulative,
                boundaries: Cow::Borrowed(&[]),
                points: points.clone(),
            });
            let Points::Histogram { points: since, .. } = only(deltas.take(&cumulative))
                else { panic!("a histogram") };
            for point in since {
                let (counts, sum) = sums.entry(format!("{:?}", point.attributes))
                    .or_insert_with(|| (vec![0; 4], 0.0));
                counts.iter_mut().zip(&point.counts).for_each(|(sum, count)| *sum += count);
                *sum += point.sum;
            }
            for point in &points {
                let (counts, sum) = &sums[&format!("{:?}", point.attributes)];
                assert_eq!((counts, *sum), (&point.counts, point.sum));
            }
        });
    }

    /// A value stands for its bucket at scale 8; the scale falls while the series goes on.
    #[test]
    fn deltas_of_exponential_buckets_add_up_at_any_scales(
        intervals in intervals(),
        falls in vec(0..4i32, 5),
    ) {
        let mut deltas = Deltas::default();
        let mut sums: BTreeMap<String, Exponential> = BTreeMap::new();
        let mut scale = 8;
        let mut fall = falls.into_iter();
        readings(&intervals, |all, unix_ns| {
            scale -= fall.next().unwrap();
            let points: Vec<_> = (0..3u8)
                .map(|series| exponential(series, of(all, series), scale, unix_ns))
                .collect();
            let cumulative = metrics(Points::ExponentialHistogram {
                temporality: Temporality::Cumulative,
                points: points.clone(),
            });
            let Points::ExponentialHistogram { points: since, .. } =
                only(deltas.take(&cumulative)) else { panic!("a histogram") };
            for point in since {
                assert_eq!(point.scale, scale);
                let Exponential { buckets, zeros, sum } = sums.entry(format!("{:?}", point.attributes))
                    .or_default();
                *zeros += point.zero_count;
                *sum += point.sum;
                for (index, count) in (point.offset..).zip(&point.counts) {
                    *buckets.entry((scale, index)).or_default() += count;
                }
            }
            for point in &points {
                let Exponential { buckets, zeros, sum } = &sums[&format!("{:?}", point.attributes)];
                let mut merged: BTreeMap<i32, u64> = BTreeMap::new();
                for ((of_scale, index), count) in buckets {
                    *merged.entry(index >> (of_scale - scale)).or_default() += count;
                }
                let buckets: BTreeMap<_, _> =
                    (point.offset..).zip(point.counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
                merged.retain(|_, count| *count > 0);
                assert_eq!(merged, buckets);
                assert_eq!((*zeros, *sum), (point.zero_count, point.sum));
            }
        });
    }
}

fn of(all: &[(u8, u32)], series: u8) -> impl Iterator<Item = u32> + Clone {
    let values = all.iter().filter(move |(of, _)| *of == series);
    values.map(|(_, value)| *value)
}

fn exponential(
    series: u8,
    values: impl Iterator<Item = u32> + Clone,
    scale: i32,
    unix_ns: u64,
) -> ExponentialPoint {
    let index = |value: u32| (value as i32 / 10 - 2_000) >> (8 - scale);
    let filled = values.clone().filter(|value| *value >= 100);
    let offset = filled.clone().map(index).min().unwrap_or(0);
    let last = filled.clone().map(index).max();
    let buckets = last.map_or(0, |last| last - offset + 1);
    let mut counts = vec![0; buckets as usize];
    filled.for_each(|value| counts[(index(value) - offset) as usize] += 1);
    ExponentialPoint {
        attributes: attributes(series),
        start_unix_ns: 5,
        unix_ns,
        sum: values.clone().map(f64::from).sum(),
        min: None,
        max: None,
        scale,
        zero_count: values.filter(|value| *value < 100).count() as u64,
        offset,
        counts,
        exemplars: Vec::new(),
    }
}

#[test]
fn a_series_that_began_anew_is_shown_whole() {
    let point = |start_unix_ns, value| {
        metrics(Points::Sum {
            is_monotonic: true,
            temporality: Temporality::Cumulative,
            points: vec![NumberPoint {
                attributes: attributes(0),
                start_unix_ns,
                unix_ns: start_unix_ns + 10,
                value: NumberValue::Int(value),
                exemplars: Vec::new(),
            }],
        })
    };
    let mut deltas = Deltas::default();
    let _ = deltas.take(&point(1, 9));
    let Points::Sum { points, .. } = only(deltas.take(&point(50, 11))) else {
        panic!("a sum");
    };
    assert_eq!(points[0].value, NumberValue::Int(11));
    assert_eq!(points[0].start_unix_ns, 50);
}

#[test]
fn one_name_with_several_boundaries_is_several_histograms() {
    let reading = |counts: [u64; 2], unix_ns| {
        let metric = |boundary: f64| {
            let mut one = metrics(Points::Histogram {
                temporality: Temporality::Cumulative,
                boundaries: vec![boundary].into(),
                points: vec![HistogramPoint {
                    attributes: attributes(0),
                    start_unix_ns: 5,
                    unix_ns,
                    sum: 1.0,
                    min: None,
                    max: None,
                    counts: counts.to_vec(),
                    exemplars: Vec::new(),
                }],
            });
            one.list.remove(0)
        };
        Metrics {
            list: vec![metric(1.0), metric(2.0)],
        }
    };
    let mut deltas = Deltas::default();
    let _ = deltas.take(&reading([1, 2], 10));
    for metric in deltas.take(&reading([1, 5], 20)).list {
        let Points::Histogram { points, .. } = &metric.points else {
            panic!("{metric:?}");
        };
        assert_eq!(points[0].counts, [0, 3]);
    }
}
