//! Reads the instruments when it is time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Outlet;
use crate::metric::{self, Interval};

/// When the instruments are read.
#[derive(Debug)]
pub(super) struct Metering {
    interval: Duration,
    next: Instant,
    start_unix_ns: u64,
}

impl Metering {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            interval,
            next: later(Instant::now(), interval),
            start_unix_ns: unix_ns(),
        }
    }

    /// Reads the instruments if the interval is over.
    pub(super) fn tick(&mut self, now: Instant, outlets: &mut [Outlet]) {
        if now >= self.next {
            self.next = later(now, self.interval);
            self.read(outlets);
        }
    }

    /// Reads the instruments, and shows every exporter what they have counted.
    pub(super) fn read(&self, outlets: &mut [Outlet]) {
        if outlets.is_empty() {
            return;
        }
        let metrics = metric::collect(Interval {
            start_unix_ns: self.start_unix_ns,
            unix_ns: unix_ns(),
        });
        outlets
            .iter_mut()
            .for_each(|outlet| outlet.metrics(&metrics));
    }
}

fn unix_ns() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
}

/// This much later, or so late that it makes no difference.
fn later(instant: Instant, pause: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + pause.min(YEAR)
}
