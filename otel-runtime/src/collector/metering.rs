//! Reads the instruments when it is time.

use std::time::{Duration, Instant};

use super::Outlet;
use crate::db;
use crate::metric::{self, Interval, Round, longest_round};
use crate::redact::Redactor;

/// When the instruments are read.
#[derive(Debug)]
pub(crate) struct Metering {
    pause: Duration,
    /// How long series are kept that are not used.
    series_idle: Duration,
    next: Instant,
    /// What sources are being asked for the reading that is due, and how long they may take.
    asked: Option<Asked>,
    /// As long as there has been a runtime.
    interval: Interval,
}

impl Metering {
    pub(crate) fn new(pause: Duration, series_idle: Duration) -> Self {
        Self {
            pause,
            series_idle,
            next: later(Instant::now(), pause),
            asked: None,
            interval: Interval::of_counting(),
        }
    }

    /// Reads the instruments if the pause is over and the sources have answered: the rings must
    /// not wait for them.
    pub(super) fn tick(&mut self, now: Instant, outlets: &mut [Outlet], redactor: &mut Redactor) {
        if now >= self.next {
            self.next = later(now, self.pause);
            if outlets.is_empty() {
                metric::expire(now, self.series_idle);
            } else if self.asked.is_none() {
                self.asked = Some(Asked {
                    round: metric::begin_round(),
                    deadline: now + longest_round(),
                });
            }
        }
        if let Some(asked) = self.asked
            && asked.is_over()
        {
            self.asked = None;
            self.show(asked.round, now, outlets, redactor);
            metric::expire(now, self.series_idle);
        }
    }

    /// Asks all sources for a reading that somebody waits for. They get half of the time that there
    /// is; nothing is asked where nobody is shown anything.
    pub(super) fn ask(&mut self, outlets: &[Outlet], deadline: Instant) -> Option<Asked> {
        if outlets.is_empty() {
            return None;
        }
        self.asked = None;
        let now = Instant::now();
        let half = deadline.saturating_duration_since(now) / 2;
        Some(Asked {
            round: metric::begin_round(),
            deadline: now + half.min(longest_round()),
        })
    }

    /// Reads the instruments now, and shows every exporter what they have counted.
    pub(super) fn read(&self, asked: Asked, outlets: &mut [Outlet], redactor: &mut Redactor) {
        self.show(asked.round, asked.deadline, outlets, redactor);
    }

    fn show(
        &self,
        round: Round,
        deadline: Instant,
        outlets: &mut [Outlet],
        redactor: &mut Redactor,
    ) {
        db::read_waiting();
        let mut metrics = metric::collect_by(self.interval, round, deadline);
        redactor.labels(&mut metrics);
        outlets
            .iter_mut()
            .for_each(|outlet| outlet.metrics(&metrics));
    }
}

/// A reading that waits for its sources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    round: Round,
    deadline: Instant,
}

impl Asked {
    /// True once there is nothing more to wait for.
    pub(super) fn is_over(self) -> bool {
        self.round.is_over() || Instant::now() >= self.deadline
    }
}

/// This much later, or so late that it makes no difference.
fn later(instant: Instant, pause: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + pause.min(YEAR)
}
