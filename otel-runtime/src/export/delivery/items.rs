//! How much of each signal is meant: spans, points of metrics and log records are not added up.

use std::ops::{Add, AddAssign, Sub};

use crate::stats::Signal;

/// So many spans, so many points of metrics, and so many log records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Items {
    pub(super) spans: u64,
    pub(super) points: u64,
    pub(super) logs: u64,
}

impl Items {
    pub(super) const fn of(signal: Signal, number: u64) -> Self {
        let (mut spans, mut points, mut logs) = (0, 0, 0);
        match signal {
            Signal::Spans => spans = number,
            Signal::Points => points = number,
            Signal::Logs => logs = number,
        }
        Self {
            spans,
            points,
            logs,
        }
    }

    pub(super) const fn number(self, signal: Signal) -> u64 {
        match signal {
            Signal::Spans => self.spans,
            Signal::Points => self.points,
            Signal::Logs => self.logs,
        }
    }
}

impl Add for Items {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            spans: self.spans + other.spans,
            points: self.points + other.points,
            logs: self.logs + other.logs,
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
            logs: self.logs.saturating_sub(other.logs),
        }
    }
}
