//! From ticks to Unix nanoseconds. Used by the collector thread, and once at the beginning to
//! learn how long a tick is.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::moment::told_unix_ns;
use super::rate;
use super::ticks::ticks;

/// The mapping of ticks to time.
#[derive(Debug)]
pub(crate) struct Calibration {
    first: Reading,
    /// The point through which the mapping to the wall clock goes.
    anchor: Reading,
    checked: Instant,
    ns_per_tick: f64,
}

/// The three clocks, read as close together as possible.
#[derive(Clone, Copy, Debug)]
struct Reading {
    ticks: u64,
    monotonic: Instant,
    unix_ns: u64,
}

/// Shorter than this, the reading errors would show in the rate.
const SHORTEST_BASELINE: Duration = Duration::from_millis(2);
/// The rate and the wall clock are looked at this often.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// A smaller difference to the wall clock is reading noise: correcting it
/// would only make spans of one trace disagree.
const NOISE_NS: u64 = 5_000;

impl Calibration {
    /// Starts the baseline.
    pub(crate) fn new() -> Self {
        let first = Reading::take();
        Self {
            first,
            anchor: first,
            checked: first.monotonic,
            ns_per_tick: 0.0,
        }
    }

    /// Measures the rate, and follows the wall clock; cheap if done recently.
    ///
    /// The first call waits until the baseline is long enough, two milliseconds
    /// after [`new`](Self::new) at most.
    pub(crate) fn refresh(&mut self) {
        if self.ns_per_tick == 0.0 {
            let elapsed = self.first.monotonic.elapsed();
            if let Some(missing) = SHORTEST_BASELINE.checked_sub(elapsed) {
                std::thread::sleep(missing);
            }
        } else if self.checked.elapsed() < CHECK_INTERVAL {
            return;
        }
        let now = Reading::take();
        self.checked = now.monotonic;
        let passed_ticks = now.ticks.wrapping_sub(self.first.ticks).max(1);
        let passed_ns = now
            .monotonic
            .duration_since(self.first.monotonic)
            .as_nanos();
        self.ns_per_tick = passed_ns as f64 / passed_ticks as f64;
        rate::set(self.ns_per_tick);
        if self.unix_ns(now.ticks).abs_diff(now.unix_ns) > NOISE_NS {
            self.anchor = now;
        }
    }

    /// The wall-clock time of a tick, or the one that stands in its place.
    pub(crate) fn unix_ns(&self, ticks: u64) -> u64 {
        if let Some(told) = told_unix_ns(ticks) {
            return told;
        }
        let passed = ticks.wrapping_sub(self.anchor.ticks).cast_signed();
        let passed_ns = (passed as f64 * self.ns_per_tick) as i64;
        self.anchor.unix_ns.saturating_add_signed(passed_ns)
    }

    /// How long it is from one tick to another, or to a time that stands in its place.
    pub(crate) fn between_ns(&self, start: u64, end: u64) -> u64 {
        if told_unix_ns(start | end).is_some() {
            return self.unix_ns(end).saturating_sub(self.unix_ns(start));
        }
        self.duration_ns(end.saturating_sub(start))
    }

    /// The length of a number of ticks.
    pub(crate) fn duration_ns(&self, ticks: u64) -> u64 {
        (ticks as f64 * self.ns_per_tick) as u64
    }
}

impl Reading {
    /// The tightest of a few attempts: a preemption between the reads would
    /// otherwise become an error of milliseconds.
    fn take() -> Self {
        const ATTEMPTS: usize = 5;
        let attempt = || {
            let before = ticks();
            let monotonic = Instant::now();
            let wall = SystemTime::now();
            let width = ticks().wrapping_sub(before);
            let unix_ns = wall
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_nanos();
            let unix_ns = u64::try_from(unix_ns).unwrap_or(u64::MAX);
            (
                width,
                Self {
                    ticks: before + width / 2,
                    monotonic,
                    unix_ns,
                },
            )
        };
        let mut best = attempt();
        for _ in 1..ATTEMPTS {
            let next = attempt();
            if next.0 < best.0 {
                best = next;
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::super::choose_source;
    use super::*;

    #[test]
    fn ticks_become_the_time_at_which_they_were_read() {
        choose_source();
        let mut calibration = Calibration::new();
        calibration.refresh();
        let before = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos() as u64;
        let tick = ticks();
        let after = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos() as u64;
        let mapped = calibration.unix_ns(tick);
        let tolerance = 5_000_000;
        assert!(mapped + tolerance >= before && mapped <= after + tolerance);
    }

    #[test]
    fn a_later_tick_is_never_an_earlier_time() {
        choose_source();
        let mut calibration = Calibration::new();
        calibration.refresh();
        let first = ticks();
        let second = ticks();
        assert!(first > 0 && second >= first);
        assert!(calibration.unix_ns(second) >= calibration.unix_ns(first));
    }

    #[test]
    fn ticks_before_the_anchor_are_earlier_times() {
        choose_source();
        let early = ticks();
        let mut calibration = Calibration::new();
        calibration.refresh();
        assert!(calibration.unix_ns(early) <= calibration.unix_ns(ticks()));
    }
}
