//! How often one place may say something.

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::clock::{seconds_per_tick, ticks};

/// How many records one place may write: so many at once, and so many a second after that.
///
/// ```
/// use otel_runtime::log::RateLimit;
///
/// let limit = RateLimit::per_second(10).burst(100);
/// assert_eq!(limit.to_string(), "10/s, 100 at once");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    per_second: u32,
    burst: u32,
}

impl RateLimit {
    /// So many records a second, and at once; one at least.
    #[must_use]
    pub const fn per_second(records: u32) -> Self {
        let records = if records == 0 { 1 } else { records };
        Self {
            per_second: records,
            burst: records,
        }
    }

    /// The same, with so many records at once after a silence; one at least.
    #[must_use]
    pub const fn burst(mut self, records: u32) -> Self {
        self.burst = if records == 0 { 1 } else { records };
        self
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.per_second)?;
        if self.burst != self.per_second {
            write!(f, ", {} at once", self.burst)?;
        }
        Ok(())
    }
}

/// Holds one place to its limit: the [generic cell rate algorithm], in one word.
///
/// [generic cell rate algorithm]: https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
#[derive(Debug)]
pub(super) struct Limiter {
    /// Ticks from one record to the next; zero without a limit.
    interval: AtomicU64,
    burst: AtomicU32,
    /// The tick at which the place would be at its rate again.
    next: AtomicU64,
    /// Records that were not written since the last [`take_suppressed`](Self::take_suppressed).
    suppressed: AtomicU64,
}

impl Limiter {
    pub(super) const fn new() -> Self {
        Self {
            interval: AtomicU64::new(0),
            burst: AtomicU32::new(0),
            next: AtomicU64::new(0),
            suppressed: AtomicU64::new(0),
        }
    }

    /// From now on this limit holds, or none.
    pub(super) fn set(&self, limit: Option<RateLimit>) {
        let interval = limit.map_or(0, |limit| {
            let seconds = 1.0 / f64::from(limit.per_second);
            ((seconds / seconds_per_tick()) as u64).max(1)
        });
        self.burst
            .store(limit.map_or(0, |limit| limit.burst), Ordering::Relaxed);
        self.interval.store(interval, Ordering::Relaxed);
    }

    /// Says whether one more record may be written, and counts it if not.
    #[inline]
    pub(super) fn allows_one(&self) -> bool {
        let interval = self.interval.load(Ordering::Relaxed);
        interval == 0 || self.allows_at(ticks(), interval)
    }

    #[cold]
    fn allows_at(&self, now: u64, interval: u64) -> bool {
        let burst = u64::from(self.burst.load(Ordering::Relaxed)).max(1);
        let room = interval.saturating_mul(burst);
        // Nothing else is ordered by the word: each exchange stands for itself.
        let taken = self
            .next
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
                let after = next.max(now).saturating_add(interval);
                (after - now <= room).then_some(after)
            });
        if taken.is_err() {
            self.suppressed.fetch_add(1, Ordering::Relaxed);
        }
        taken.is_ok()
    }

    /// How many records were not written since the last call.
    pub(super) fn take_suppressed(&self) -> u64 {
        match self.suppressed.load(Ordering::Relaxed) {
            0 => 0,
            _ => self.suppressed.swap(0, Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ticks from one record to the next.
    const EACH: u64 = 100;

    fn limiter(burst: u32) -> Limiter {
        let limiter = Limiter::new();
        limiter.interval.store(EACH, Ordering::Relaxed);
        limiter.burst.store(burst, Ordering::Relaxed);
        limiter
    }

    #[test]
    fn a_place_without_a_limit_says_everything() {
        let limiter = Limiter::new();
        assert!((0..1000).all(|_| limiter.allows_one()));
        assert_eq!(limiter.take_suppressed(), 0);
    }

    #[test]
    fn a_burst_goes_through_and_then_one_each_interval() {
        let limiter = limiter(3);
        let allowed = |now, times| (0..times).filter(|_| limiter.allows_at(now, EACH)).count();
        assert_eq!(allowed(1000, 10), 3);
        assert_eq!(allowed(1000 + EACH, 10), 1);
        assert_eq!(allowed(1000 + EACH + EACH / 2, 10), 0);
        assert_eq!(allowed(1000 + 100 * EACH, 10), 3);
        assert_eq!(limiter.take_suppressed(), 7 + 9 + 10 + 7);
        assert_eq!(limiter.take_suppressed(), 0);
    }

    #[test]
    fn threads_share_one_limit() {
        let limiter = limiter(50);
        let allowed: usize = std::thread::scope(|scope| {
            let each = || (0..100).filter(|_| limiter.allows_at(1, EACH)).count();
            let threads = [(); 4].map(|()| scope.spawn(each));
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .sum()
        });
        assert_eq!((allowed, limiter.take_suppressed()), (50, 350));
    }
}
