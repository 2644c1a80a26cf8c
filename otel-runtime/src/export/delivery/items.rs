//! How much of each signal is meant: spans and points of metrics are not added up.

use std::ops::{Add, AddAssign, Sub};

use crate::stats::Signal;

/// So many spans, and so many points of metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Items {
    pub(super) spans: u64,
    pub(super) points: u64,
}

impl Items {
    pub(super) const fn of(signal: Signal, number: u64) -> Self {
        match signal {
            Signal::Spans => Self {
                spans: number,
                points: 0,
            },
            Signal::Points => Self {
                spans: 0,
                points: number,
            },
        }
    }
}

impl Add for Items {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            spans: self.spans + other.spans,
            points: self.points + other.points,
        }
    }
}

impl AddAssign for Items {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Never below nothing: what was settled meanwhile may be more than what is asked about.
impl Sub for Items {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            spans: self.spans.saturating_sub(other.spans),
            points: self.points.saturating_sub(other.points),
        }
    }
}
