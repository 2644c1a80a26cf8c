//! Exponential histograms as classic ones, whose boundaries do not move.

use crate::metric::ExponentialPoint;

/// The exponents of two that are boundaries: first, last, step.
const OF_SECONDS: (i32, i32, usize) = (-20, 10, 1);
const OF_OTHERS: (i32, i32, usize) = (-10, 40, 2);

/// The boundaries for values of this unit, but for the last one, which is infinite.
pub(super) fn boundaries(unit: &str) -> impl Iterator<Item = f64> {
    exponents(unit).map(|exponent| f64::from(exponent).exp2())
}

/// How many values each of the boundaries is not below.
///
/// At a scale below 0, where not every power of two is a boundary, a bucket counts at the first
/// boundary that is not below all of it.
pub(super) fn cumulative(point: &ExponentialPoint, unit: &str) -> impl Iterator<Item = u64> {
    let (offset, counts) = point.rescaled(0);
    let scale = point.scale.min(0);
    let mut below = point.zero_count;
    let mut next = 0;
    exponents(unit).map(move |exponent| {
        // bucket `index` ends at 2^((index + 1) / 2^scale)
        let end = |place: usize| (i64::from(offset) + place as i64 + 1) << -scale;
        while next < counts.len() && end(next) <= i64::from(exponent) {
            below += counts[next];
            next += 1;
        }
        below
    })
}

fn exponents(unit: &str) -> impl Iterator<Item = i32> + use<> {
    let (first, last, step) = match unit {
        "s" => OF_SECONDS,
        _ => OF_OTHERS,
    };
    (first..=last).step_by(step)
}
