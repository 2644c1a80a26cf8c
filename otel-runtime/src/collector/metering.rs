//! Reads the instruments when it is time.

use std::time::{Duration, Instant};

use super::Outlet;
use crate::metric::{self, Interval, LONGEST_ROUND, Round};

/// When the instruments are read.
#[derive(Debug)]
pub(crate) struct Metering {
    pause: Duration,
    /// How long series are kept that are not used.
    series_idle: Duration,
    next: Instant,
    /// What sources are being asked for the reading that is due, and how long they may take.
    asked: Option<(Round, Instant)>,
    /// As long as the runtime has run.
    interval: Interval,
}

impl Metering {
    pub(crate) fn new(pause: Duration, series_idle: Duration) -> Self {
        Self {
            pause,
            series_idle,
            next: later(Instant::now(), pause),
            asked: None,
            interval: Interval::from_now(),
        }
    }

    /// Reads the instruments if the pause is over and the sources have answered: the rings must
    /// not wait for them.
    pub(super) fn tick(&mut self, now: Instant, outlets: &mut [Outlet]) {
        if now >= self.next {
            self.next = later(now, self.pause);
            if outlets.is_empty() {
                metric::expire(now, self.series_idle);
            } else if self.asked.is_none() {
                self.asked = Some((metric::begin_round(), now + LONGEST_ROUND));
            }
        }
        if let Some((round, deadline)) = self.asked
            && (round.is_over() || now >= deadline)
        {
            self.asked = None;
            self.show(round, now, outlets);
            metric::expire(now, self.series_idle);
        }
    }

    /// Reads the instruments now, and shows every exporter what they have counted. Sources get
    /// half of the time that there is.
    pub(super) fn read(&mut self, outlets: &mut [Outlet], deadline: Instant) {
        if outlets.is_empty() {
            return;
        }
        self.asked = None;
        let now = Instant::now();
        let half = deadline.saturating_duration_since(now) / 2;
        let round = metric::begin_round();
        self.show(round, now + half.min(LONGEST_ROUND), outlets);
    }

    fn show(&self, round: Round, deadline: Instant, outlets: &mut [Outlet]) {
        let metrics = metric::collect_by(self.interval, round, deadline);
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
