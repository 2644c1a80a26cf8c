//! The least and the greatest value of a series of a histogram, on one thread.

use super::sync::{AtomicU64, Ordering, Own};

/// The least and the greatest value; the bits of NaN before there is one.
#[derive(Debug)]
pub(super) struct Range {
    least: AtomicU64,
    greatest: AtomicU64,
}

impl Range {
    pub(super) fn new() -> Self {
        Self {
            least: AtomicU64::new(f64::NAN.to_bits()),
            greatest: AtomicU64::new(f64::NAN.to_bits()),
        }
    }

    #[inline(always)]
    pub(super) fn widen(&self, value: f64) {
        if !self.holds(value) {
            self.set(value);
        }
    }

    /// True if the value is neither below nor above what has been seen.
    #[inline(always)]
    pub(super) fn holds(&self, value: f64) -> bool {
        // Nothing is below or above NaN: the first value is neither, and is not held.
        f64::from_bits(self.least.own()) <= value && f64::from_bits(self.greatest.own()) >= value
    }

    #[cold]
    fn set(&self, value: f64) {
        let least = f64::from_bits(self.least.own());
        let greatest = f64::from_bits(self.greatest.own());
        self.least
            .store(least.min(value).to_bits(), Ordering::Relaxed);
        self.greatest
            .store(greatest.max(value).to_bits(), Ordering::Relaxed);
    }

    /// Forgets both.
    pub(super) fn clear(&self) {
        let none = f64::NAN.to_bits();
        self.least.store(none, Ordering::Relaxed);
        self.greatest.store(none, Ordering::Relaxed);
    }

    /// Both.
    pub(super) fn read(&self) -> (f64, f64) {
        (
            f64::from_bits(self.least.load(Ordering::Relaxed)),
            f64::from_bits(self.greatest.load(Ordering::Relaxed)),
        )
    }
}
