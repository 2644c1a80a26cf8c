//! How the values of a histogram are distributed, as far as its buckets tell; of one series, or of
//! several seen as one.
//!
//! A bucket knows how many values it holds and not which. What is answered is
//! its upper boundary, so a quantile is never understated: it is the true one,
//! or larger by less than the width of a bucket.

use super::data::{ExponentialPoint, HistogramPoint};
use super::histogram::ExponentialCounts;

impl ExponentialPoint {
    /// The least value that this share of all values, from 0 to 1, does not exceed: half of them
    /// for 0.5, the median. `None` if there are no values.
    ///
    /// It is never below the true one, which is the value of the rank `share * count`, rounded up,
    /// and above it by a factor of `2^(2^-scale)` at most: 0.3 % at the finest scale, 8, and 4.4 %
    /// at scale 4, where values that are a thousand times as large as others end up. The greatest
    /// value, if it is known, bounds it. A share below 0 is taken for 0, one above 1 for 1.
    ///
    /// ```
    /// use std::time::Duration;
    /// use otel_runtime::metric::{Histogram, Points};
    /// use otel_runtime::{Config, install};
    ///
    /// static WAITS: Histogram = Histogram::new("queue.wait", &[]).unit("s");
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let telemetry = install(Config::new())?;
    /// for millis in 1..=100 {
    ///     WAITS.record(Duration::from_millis(millis), ());
    /// }
    /// let metrics = telemetry.metrics();
    /// let waits = &metrics.metric("queue.wait").unwrap().points;
    /// let Points::ExponentialHistogram { points, .. } = waits else { unreachable!() };
    /// let median = points[0].quantile(0.5).unwrap();
    /// assert!((0.050..0.053).contains(&median));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Costs a walk over the buckets, 160 at most.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let left = rank(self.count(), share)?;
        let Some(left) = left.checked_sub(self.zero_count).filter(|left| *left > 0) else {
            return Some(0.0);
        };
        let boundary = self.upper_boundary(bucket(&self.counts, left)?);
        Some(self.max.map_or(boundary, |max| boundary.min(max)))
    }

    /// Adds the values of another series, of the same metric or of one with the same unit.
    ///
    /// The attributes and exemplars stay, the time spans that of both. The buckets are as fine as
    /// those of the coarser one, or coarser if there would be more than 160 of them.
    ///
    /// ```
    /// use otel_runtime::metric::ExponentialPoint;
    ///
    /// /// The distribution over all series.
    /// fn total(series: &[ExponentialPoint]) -> Option<ExponentialPoint> {
    ///     let (first, rest) = series.split_first()?;
    ///     let mut total = first.clone();
    ///     rest.iter().for_each(|point| total.merge(point));
    ///     Some(total)
    /// }
    /// ```
    ///
    /// Allocates the new buckets.
    pub fn merge(&mut self, other: &Self) {
        let known = |of: &Self, bound: Option<f64>| bound.is_some() || of.count() == 0;
        let is_known = |bound: fn(&Self) -> Option<f64>| {
            known(self, bound(self)) && known(other, bound(other))
        };
        let (has_min, has_max) = (is_known(|of| of.min), is_known(|of| of.max));
        let mut counts = self.to_counts();
        counts.merge(&other.to_counts());
        let bound = |is_known: bool, value: f64| (is_known && !value.is_nan()).then_some(value);
        let (offset, buckets) = counts.trimmed();
        self.start_unix_ns = self.start_unix_ns.min(other.start_unix_ns);
        self.unix_ns = self.unix_ns.max(other.unix_ns);
        self.sum = counts.sum;
        self.min = bound(has_min, counts.least);
        self.max = bound(has_max, counts.greatest);
        self.scale = counts.scale;
        self.zero_count = counts.zeros;
        self.offset = offset;
        self.counts = buckets.to_vec();
    }

    fn to_counts(&self) -> ExponentialCounts {
        ExponentialCounts {
            scale: self.scale,
            offset: self.offset,
            zeros: self.zero_count,
            sum: self.sum,
            least: self.min.unwrap_or(f64::NAN),
            greatest: self.max.unwrap_or(f64::NAN),
            counts: self.counts.clone(),
        }
    }
}

impl HistogramPoint {
    /// The least value that this share of all values, from 0 to 1, does not exceed, given the
    /// boundaries of the metric that the point is of.
    ///
    /// It is never below the true one, which is the value of the rank `share * count`, rounded up,
    /// and in the same bucket. The greatest value, if it is known, bounds it. A share below 0 is
    /// taken for 0, one above 1 for 1.
    ///
    /// `None` if there are no values, or if the value is above the last boundary and nobody knows
    /// the greatest one.
    ///
    /// ```
    /// use otel_runtime::metric::HistogramPoint;
    ///
    /// fn p99(point: &HistogramPoint, boundaries: &[f64]) -> Option<f64> {
    ///     point.quantile(boundaries, 0.99)
    /// }
    /// ```
    ///
    /// Costs a walk over the buckets.
    #[must_use]
    pub fn quantile(&self, boundaries: &[f64], share: f64) -> Option<f64> {
        let left = rank(self.count(), share)?;
        let boundary = boundaries.get(bucket(&self.counts, left)?);
        match (boundary, self.max) {
            (Some(&boundary), Some(max)) => Some(boundary.min(max)),
            (boundary, max) => boundary.copied().or(max),
        }
    }
}

/// Which value it is, by size and counted from 1; `None` if there are none.
fn rank(count: u64, share: f64) -> Option<u64> {
    let rank = (count as f64 * share).ceil() as u64;
    (count > 0).then(|| rank.clamp(1, count))
}

/// The bucket that holds the value of this rank.
fn bucket(counts: &[u64], rank: u64) -> Option<usize> {
    let mut left = rank;
    counts.iter().position(|count| {
        let is_here = left <= *count;
        left = left.saturating_sub(*count);
        is_here
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::histogram::{Explicit, Exponential};
    use super::*;

    const BOUNDARIES: [f64; 4] = [-1.0, 0.0, 1.0, 1000.0];

    fn exponential(values: &[f64]) -> ExponentialPoint {
        let histogram = Exponential::new();
        values.iter().for_each(|value| histogram.record(*value));
        let read = histogram.read();
        let (offset, counts) = read.trimmed();
        ExponentialPoint {
            attributes: Vec::new(),
            start_unix_ns: 0,
            unix_ns: 0,
            sum: read.sum,
            min: values.iter().copied().reduce(f64::min),
            max: values.iter().copied().reduce(f64::max),
            scale: read.scale,
            zero_count: read.zeros,
            offset,
            counts: counts.to_vec(),
            exemplars: Vec::new(),
        }
    }

    fn explicit(values: &[f64]) -> HistogramPoint {
        let histogram = Explicit::new(BOUNDARIES.len());
        for value in values {
            histogram.record(&BOUNDARIES, *value);
        }
        HistogramPoint {
            attributes: Vec::new(),
            start_unix_ns: 0,
            unix_ns: 0,
            sum: values.iter().sum(),
            min: values.iter().copied().reduce(f64::min),
            max: values.iter().copied().reduce(f64::max),
            counts: histogram.read().counts,
            exemplars: Vec::new(),
        }
    }

    /// The value of the rank `share * count`, rounded up.
    fn true_quantile(values: &mut [f64], share: f64) -> f64 {
        values.sort_by(f64::total_cmp);
        let rank = (values.len() as f64 * share).ceil() as usize;
        values[rank.clamp(1, values.len()) - 1]
    }

    /// By how much the boundaries of a bucket differ, as a factor.
    fn width(point: &ExponentialPoint) -> f64 {
        f64::from(-point.scale).exp2().exp2()
    }

    /// Values of one size, of all sizes, and zeros.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let any = (1_u64 << 52..f64::INFINITY.to_bits()).prop_map(f64::from_bits);
        prop_oneof![
            vec(prop_oneof![9 => 1e-6..1e-3, 1 => Just(0.0)], 1..200),
            vec(prop_oneof![9 => 1e-9..1e9, 1 => Just(0.0)], 1..200),
            vec(any, 1..50),
        ]
    }

    proptest! {
        #[test]
        fn an_exponential_quantile_is_within_its_bucket(mut values in values(), share in 0.0..=1.0) {
            let point = exponential(&values);
            let quantile = point.quantile(share).unwrap();
            let truth = true_quantile(&mut values, share);
            let width = width(&point);
            // a boundary is rounded
            prop_assert!(quantile >= truth * (1.0 - 1e-12), "{quantile} of {truth}");
            prop_assert!(quantile / width <= truth * (1.0 + 1e-12), "{quantile} of {truth}");
            let unbounded = ExponentialPoint { max: None, ..point.clone() };
            // the last boundary is beyond all numbers
            let quantile = unbounded.quantile(share).unwrap().min(f64::MAX);
            prop_assert!(quantile >= truth * (1.0 - 1e-12), "{quantile} of {truth}");
            prop_assert!(quantile / width <= truth * (1.0 + 1e-12), "{quantile} of {truth}");
            prop_assert_eq!(point.quantile(1.0), point.max);
        }

        #[test]
        fn an_explicit_quantile_is_within_its_bucket(mut values in vec(-2.0..2000.0, 1..200), share in 0.0..=1.0) {
            let point = explicit(&values);
            let quantile = point.quantile(&BOUNDARIES, share).unwrap();
            let truth = true_quantile(&mut values, share);
            prop_assert!(quantile >= truth);
            let between = |boundary: &f64| (truth..quantile).contains(boundary);
            prop_assert!(!BOUNDARIES.iter().any(between), "{quantile} of {truth}");
        }

        #[test]
        fn merged_series_are_what_one_series_would_be(a in values(), b in values(), share in 0.0..=1.0) {
            let mut merged = exponential(&a);
            merged.merge(&exponential(&b));
            let mut values = [a, b].concat();
            let one = exponential(&values);
            prop_assert_eq!(merged.count(), one.count());
            prop_assert_eq!((merged.min, merged.max), (one.min, one.max));
            prop_assert_eq!(merged.zero_count, one.zero_count);
            // added up in another order; beyond all numbers in both
            let is_same = merged.sum == one.sum;
            prop_assert!(is_same || (merged.sum - one.sum).abs() <= one.sum * 1e-12);
            prop_assert!(merged.counts.len() <= 160);
            let truth = true_quantile(&mut values, share);
            let (quantile, width) = (merged.quantile(share).unwrap(), width(&merged));
            prop_assert!(quantile >= truth * (1.0 - 1e-12), "{quantile} of {truth}");
            prop_assert!(quantile / width <= truth * (1.0 + 1e-12), "{quantile} of {truth}");
        }

        #[test]
        fn a_larger_share_has_no_smaller_quantile(values in values(), a in 0.0..=1.0, b in 0.0..=1.0) {
            let point = exponential(&values);
            prop_assert!(point.quantile(f64::min(a, b)) <= point.quantile(f64::max(a, b)));
        }
    }

    #[test]
    fn without_values_there_is_no_quantile() {
        assert_eq!(exponential(&[]).quantile(0.5), None);
        assert_eq!(explicit(&[]).quantile(&BOUNDARIES, 0.5), None);
    }

    #[test]
    fn a_bound_that_one_series_does_not_know_is_unknown_for_both() {
        let mut unknown = exponential(&[1.0]);
        unknown.max = None;
        let mut merged = exponential(&[2.0, 3.0]);
        merged.merge(&unknown);
        assert_eq!((merged.min, merged.max), (Some(1.0), None));
        let mut merged = exponential(&[]);
        merged.merge(&exponential(&[2.0, 3.0]));
        assert_eq!((merged.min, merged.max), (Some(2.0), Some(3.0)));
        merged.merge(&exponential(&[]));
        assert_eq!((merged.count(), merged.max), (2, Some(3.0)));
    }

    #[test]
    fn above_the_last_boundary_only_the_greatest_value_tells() {
        let mut point = explicit(&[0.5, 5000.0]);
        assert_eq!(point.quantile(&BOUNDARIES, 1.0), Some(5000.0));
        point.max = None;
        assert_eq!(point.quantile(&BOUNDARIES, 1.0), None);
        assert_eq!(point.quantile(&BOUNDARIES, 0.5), Some(1.0));
    }

    #[test]
    fn a_share_that_is_none_is_the_nearest_one() {
        let point = exponential(&[1.0, 8.0]);
        assert_eq!(point.quantile(-1.0), point.quantile(0.0));
        assert_eq!(point.quantile(7.0), Some(8.0));
        assert_eq!(point.quantile(f64::NAN), point.quantile(0.0));
    }
}
