//! Reads the instruments when it is time.

use std::time::{Duration, Instant};

use super::Outlet;
use crate::metric::{self, Interval};

/// When the instruments are read.
#[derive(Debug)]
pub(crate) struct Metering {
    pause: Duration,
    /// How long series are kept that are not used.
    series_idle: Duration,
    next: Instant,
    /// As long as the runtime has run.
    interval: Interval,
}

impl Metering {
    pub(crate) fn new(pause: Duration, series_idle: Duration) -> Self {
        Self {
            pause,
            series_idle,
            next: later(Instant::now(), pause),
            interval: Interval::from_now(),
        }
    }

    /// Reads the instruments if the pause is over, and forgets what nobody uses.
    pub(super) fn tick(&mut self, now: Instant, outlets: &mut [Outlet]) {
        if now >= self.next {
            self.next = later(now, self.pause);
            self.read(outlets);
            metric::expire(now, self.series_idle);
        }
    }

    /// Reads the instruments, and shows every exporter what they have counted.
    pub(super) fn read(&self, outlets: &mut [Outlet]) {
        if outlets.is_empty() {
            return;
        }
        let metrics = metric::collect(self.interval.to_now());
        outlets
            .iter_mut()
            .for_each(|outlet| outlet.metrics(&metrics));
    }
}

/// This much later, or so late that it makes no difference.
fn later(instant: Instant, pause: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + pause.min(YEAR)
}
