//! Values that a histogram may have been given: as many in each bucket, and with the same sum.
//!
//! All values of a bucket are taken to be one value, at the same share of the
//! way through each bucket; the share is the one with which the sum is right.
//! There is one, because the values that were counted have that sum.

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

/// The outermost buckets reach as far as they must for the sum.
fn explicit(point: &HistogramPoint, boundaries: &[f64]) -> Vec<Bucket> {
    let mean = point.sum / point.count().max(1) as f64;
    let far = |bound: f64| 2.0 * (mean.abs() + bound.abs()) * point.count() as f64 + 1.0;
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

    use super::*;
    use crate::metric::Temporality;

    const BOUNDARIES: [f64; 4] = [0.5, 1.0, 10.0, 100.0];

    proptest! {
        #[test]
        fn every_bucket_gets_its_count_and_all_together_the_sum(values in vec(-50.0..1000.0_f64, 1..50)) {
            let mut counts = vec![0; BOUNDARIES.len() + 1];
            for value in &values {
                counts[BOUNDARIES.partition_point(|boundary| boundary < value)] += 1;
            }
            let sum: f64 = values.iter().sum();
            let points = Points::Histogram {
                temporality: Temporality::Delta,
                boundaries: BOUNDARIES.to_vec().into(),
                points: vec![HistogramPoint {
                    attributes: Attributes::new(),
                    start_unix_ns: 0,
                    unix_ns: 0,
                    sum,
                    min: None,
                    max: None,
                    counts: counts.clone(),
                    exemplars: Vec::new(),
                }],
            };
            let (mut replayed, mut replayed_sum) = (vec![0; counts.len()], 0.0);
            each_value(&points, |_, value, count| {
                replayed[BOUNDARIES.partition_point(|boundary| *boundary < value)] += count;
                replayed_sum += value * count as f64;
            });
            prop_assert_eq!(replayed, counts);
            prop_assert!((replayed_sum - sum).abs() <= 1e-6 * values.len() as f64 * 1000.0, "{replayed_sum} {sum}");
        }
    }
}
