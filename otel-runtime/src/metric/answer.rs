//! What a source says when it is asked, and whether it can be.
//!
//! A source of the program may give anything. What others compute with must not
//! surprise them: what cannot be is refused, metric by metric.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::data::{ExponentialPoint, HistogramPoint, Metric, Points, Temporality};
use super::source::Source;

/// What a source has said.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) metrics: Vec<Metric>,
    /// How many metrics were refused.
    pub(super) refused: u64,
    pub(super) first_refused: Option<Refused>,
}

/// A metric that cannot be.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) metric: String,
    /// What is wrong with it.
    pub(super) fault: &'static str,
}

/// Everything the source gives; `None` if it panics. It is not touched again then, so its state
/// cannot be seen broken.
pub(super) fn ask(source: Arc<dyn Source>) -> Option<Answer> {
    let asked = catch_unwind(AssertUnwindSafe(move || {
        let mut answer = Answer::default();
        source.metrics(&mut |metric| answer.take(metric));
        // The last one to hold it, if it was detached meanwhile.
        drop(source);
        answer
    }));
    asked.ok()
}

impl Answer {
    fn take(&mut self, metric: Metric) {
        match fault(&metric.points) {
            None => self.metrics.push(metric),
            Some(fault) => {
                self.refused += 1;
                self.first_refused.get_or_insert_with(|| Refused {
                    metric: metric.name.into_owned(),
                    fault,
                });
            }
        }
    }
}

/// Why there can be no such points.
fn fault(points: &Points) -> Option<&'static str> {
    let temporality = match points {
        Points::Gauge(_) => Temporality::Cumulative,
        Points::Sum { temporality, .. }
        | Points::Histogram { temporality, .. }
        | Points::ExponentialHistogram { temporality, .. } => *temporality,
    };
    if temporality == Temporality::Delta {
        return Some("its points are deltas; a source gives sums since the beginning");
    }
    match points {
        Points::Histogram {
            boundaries, points, ..
        } => {
            let fault = points
                .iter()
                .find_map(|point| fault_of_counts(point, boundaries.len()));
            fault.or_else(|| fault_of_boundaries(boundaries))
        }
        Points::ExponentialHistogram { points, .. } => {
            points.iter().find_map(fault_of_exponential_counts)
        }
        Points::Sum { .. } | Points::Gauge(_) => None,
    }
}

fn fault_of_boundaries(boundaries: &[f64]) -> Option<&'static str> {
    let rise = boundaries.is_sorted_by(|one, next| one < next);
    let are_finite = boundaries.iter().all(|boundary| boundary.is_finite());
    (!rise || !are_finite).then_some("its boundaries are not finite numbers that rise")
}

fn fault_of_counts(point: &HistogramPoint, boundaries: usize) -> Option<&'static str> {
    if point.counts.len() != boundaries + 1 {
        return Some("its points do not have one bucket more than there are boundaries");
    }
    fault_of_total(0, &point.counts)
}

fn fault_of_exponential_counts(point: &ExponentialPoint) -> Option<&'static str> {
    /// Those that the data model allows.
    const SCALES: std::ops::RangeInclusive<i32> = -10..=20;
    /// The powers of two between which numbers are.
    const EXPONENTS: [i64; 2] = [-1075, 1024];
    if !SCALES.contains(&point.scale) {
        return Some("the scale of its buckets is not between -10 and 20");
    }
    let index = |exponent: i64| match u32::try_from(point.scale) {
        Ok(finer) => exponent << finer,
        Err(_) => exponent >> point.scale.unsigned_abs(),
    };
    let first = i64::from(point.offset);
    let end = first + point.counts.len() as i64;
    if !point.counts.is_empty() && (first < index(EXPONENTS[0]) || end > index(EXPONENTS[1]) + 1) {
        return Some("its buckets are of values that no number has");
    }
    fault_of_total(point.zero_count, &point.counts)
}

fn fault_of_total(zeros: u64, counts: &[u64]) -> Option<&'static str> {
    let total = counts
        .iter()
        .try_fold(zeros, |sum, count| sum.checked_add(*count));
    total
        .is_none()
        .then_some("its points have more values than can be counted")
}

#[cfg(all(test, not(loom)))]
#[path = "answer_tests.rs"]
mod tests;
