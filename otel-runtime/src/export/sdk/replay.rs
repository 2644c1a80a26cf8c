//! Values that a histogram may have been given: as many in each bucket, and with the same sum.
//!
//! All values of a bucket are taken to be one value, at the same share of the
//! way through each bucket; the share is the one with which the sum is right.
//! There is one, because the values that were counted have that sum; unless it has become too great
//! for a number. Then the counts are right, and the sum is some finite one.

use crate::metric::{Attributes, ExponentialPoint, HistogramPoint, Points};

/// A bucket with values in it: above the lower boundary, up to and with the upper one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bucket {
    lower: f64,
    upper: f64,
    count: u64,
}

/// Gives each value of each series with how many there are of it.
pub(super) fn each_value(points: &Points, mut give: impl FnMut(&Attributes, f64, u64)) {
    match points {
        Points::Histogram {
            points, boundaries, ..
        } => {
            for point in points {
                let buckets = explicit(point, boundaries);
                spread(&buckets, point.sum, |value, count| {
                    give(&point.attributes, value, count);
                });
            }
        }
        Points::ExponentialHistogram { points, .. } => {
            for point in points {
                if point.zero_count > 0 {
                    give(&point.attributes, 0.0, point.zero_count);
                }
                spread(&exponential(point), point.sum, |value, count| {
                    give(&point.attributes, value, count);
                });
            }
        }
        Points::Sum { .. } | Points::Gauge(_) => {}
    }
}

/// How far all values together may be taken to be beyond the boundaries: finite in any case, for the
/// SDK leaves out what is not.
const FARTHEST: f64 = f64::MAX / 4.0;

/// The outermost buckets reach as far as they must for the sum.
fn explicit(point: &HistogramPoint, boundaries: &[f64]) -> Vec<Bucket> {
    let (mean, count) = if point.sum.is_nan() {
        // What came after an infinite sum has none that is known.
        (0.0, 1.0)
    } else {
        let count = point.count().max(1) as f64;
        (point.sum.clamp(-FARTHEST, FARTHEST) / count, count)
    };
    let far = |bound: f64| (2.0 * (mean.abs() + bound.abs()) * count + 1.0).min(FARTHEST / count);
    let counts = point.counts.iter().enumerate();
    let mut buckets: Vec<Bucket> = counts
        .filter(|(_, count)| **count > 0)
        .map(|(place, count)| {
            let below = place.checked_sub(1).and_then(|place| boundaries.get(place));
            let (lower, upper) = match (below, boundaries.get(place)) {
                (Some(lower), Some(upper)) => (*lower, *upper),
                (Some(lower), None) => (*lower, lower + far(*lower)),
                (None, Some(upper)) if *upper > 0.0 => (0.0_f64.next_down(), *upper),
                (None, Some(upper)) => (upper - far(*upper), *upper),
                (None, None) => (mean.next_down(), mean),
            };
            Bucket {
                lower,
                upper,
                count: *count,
            }
        })
        .collect();
    // Values below zero, though the first boundary is above it.
    if lowest(&buckets) > point.sum
        && let Some(first) = buckets.first_mut()
        && first.lower == 0.0_f64.next_down()
    {
        first.lower = first.upper - far(first.upper);
    }
    buckets
}

fn exponential(point: &ExponentialPoint) -> Vec<Bucket> {
    let counts = point.counts.iter().enumerate();
    counts
        .filter(|(_, count)| **count > 0)
        .map(|(place, count)| {
            let lower = point.lower_boundary(place);
            Bucket {
                lower,
                upper: point.upper_boundary(place).clamp(lower.next_up(), f64::MAX),
                count: *count,
            }
        })
        .collect()
}

/// The sum of the lower boundaries.
fn lowest(buckets: &[Bucket]) -> f64 {
    let sums = buckets.iter();
    sums.map(|bucket| bucket.lower * bucket.count as f64).sum()
}

fn spread(buckets: &[Bucket], sum: f64, mut give: impl FnMut(f64, u64)) {
    let widths = buckets.iter();
    let room: f64 = widths
        .map(|bucket| (bucket.upper - bucket.lower) * bucket.count as f64)
        .sum();
    let share = ((sum - lowest(buckets)) / room).clamp(0.0, 1.0);
    let share = if share.is_nan() { 1.0 } else { share };
    for bucket in buckets {
        let value = bucket.lower + share * (bucket.upper - bucket.lower);
        // Rounding must not take it to another bucket.
        give(
            value.clamp(bucket.lower.next_up(), bucket.upper),
            bucket.count,
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::metric::Temporality;

    const BOUNDARIES: [f64; 4] = [0.5, 1.0, 10.0, 100.0];

    fn of_sum(sum: f64, counts: Vec<u64>, boundaries: &[f64]) -> Points {
        Points::Histogram {
            temporality: Temporality::Delta,
            boundaries: boundaries.to_vec().into(),
            points: vec![HistogramPoint {
                attributes: Attributes::new(),
                start_unix_ns: 0,
                unix_ns: 0,
                sum,
                min: None,
                max: None,
                counts,
                exemplars: Vec::new(),
            }],
        }
    }

    /// What is given: how many in each bucket, and their sum.
    fn replayed(points: &Points, boundaries: &[f64]) -> (Vec<u64>, f64) {
        let (mut counts, mut sum) = (vec![0; boundaries.len() + 1], 0.0);
        each_value(points, |_, value, count| {
            assert!(value.is_finite(), "the SDK leaves out {value}");
            counts[boundaries.partition_point(|boundary| *boundary < value)] += count;
            sum += value * count as f64;
        });
        (counts, sum)
    }

    proptest! {
        #[test]
        fn every_bucket_gets_its_count_and_all_together_the_sum(values in vec(-50.0..1000.0_f64, 1..50)) {
            let mut counts = vec![0; BOUNDARIES.len() + 1];
            for value in &values {
                counts[BOUNDARIES.partition_point(|boundary| boundary < value)] += 1;
            }
            let sum: f64 = values.iter().sum();
            let (given, given_sum) = replayed(&of_sum(sum, counts.clone(), &BOUNDARIES), &BOUNDARIES);
            prop_assert_eq!(given, counts);
            prop_assert!((given_sum - sum).abs() <= 1e-6 * values.len() as f64 * 1000.0, "{given_sum} {sum}");
        }

        #[test]
        fn every_bucket_gets_its_count_whatever_the_sum(sum in any_sum(), counts in vec(0..5_u64, 5), boundaries in any_boundaries()) {
            let counts = counts[..=boundaries.len()].to_vec();
            let (given, _) = replayed(&of_sum(sum, counts.clone(), boundaries), boundaries);
            prop_assert_eq!(given, counts);
        }
    }

    fn any_sum() -> impl Strategy<Value = f64> {
        let odd = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN,
        ];
        prop_oneof![any::<f64>(), select(odd.to_vec())]
    }

    fn any_boundaries() -> impl Strategy<Value = &'static [f64]> {
        let lists: [&[f64]; 4] = [&BOUNDARIES, &[], &[-10.0, -1.0], &[-1e300, 1e300]];
        select(lists.to_vec())
    }
}
