//! Moments that others tell, where a tick is kept otherwise.

use super::ticks::ticks;
use super::{rate, wall};

/// Marks a number as nanoseconds since the Unix epoch. No counter of ticks comes so far in a
/// century, and no time before the year 2262 is that late.
const UNIX: u64 = 1 << 63;

/// A time in nanoseconds since the Unix epoch, in place of a tick.
pub(crate) const fn at_unix_ns(unix_ns: u64) -> u64 {
    unix_ns | UNIX
}

/// The same, or a tick if it was a moment ago and ticks are told in seconds: between two ticks a
/// duration is exact, whatever is done to the wall clock.
pub(crate) fn moment_of(unix_ns: u64) -> u64 {
    const A_MOMENT_NS: u64 = 1_000_000_000;
    let (now_ns, now) = (wall::unix_ns(), ticks());
    match now_ns.saturating_sub(unix_ns) {
        // One in the future is no moment ago, unless it is that by the clock's own jitter.
        0 if unix_ns > now_ns + A_MOMENT_NS / 1000 => at_unix_ns(unix_ns),
        ago if ago < A_MOMENT_NS && rate::is_known() => {
            let ago = ago as f64 * 1e-9 / rate::seconds_per_tick();
            now.saturating_sub(ago as u64).max(1)
        }
        _ => at_unix_ns(unix_ns),
    }
}

/// The time that stands in place of a tick, if one does.
#[inline]
pub(crate) const fn told_unix_ns(ticks: u64) -> Option<u64> {
    match ticks & UNIX {
        0 => None,
        _ => Some(ticks & !UNIX),
    }
}

#[cfg(test)]
mod tests {
    use super::super::choose_source;
    use super::*;
    use crate::clock::Calibration;

    #[test]
    fn a_time_in_place_of_a_tick_is_told_as_it_is() {
        let calibration = Calibration::new();
        let long_ago = 1_000_000_000;
        assert_eq!(calibration.unix_ns(at_unix_ns(long_ago)), long_ago);
        assert_eq!(
            calibration.between_ns(at_unix_ns(long_ago), at_unix_ns(long_ago + 7)),
            7
        );
        assert_eq!(
            calibration.between_ns(at_unix_ns(long_ago), at_unix_ns(0)),
            0
        );
    }

    #[test]
    fn a_moment_ago_is_a_tick_and_anything_else_a_time() {
        choose_source();
        let mut calibration = Calibration::new();
        calibration.refresh();
        let (before, now) = (ticks(), wall::unix_ns());
        let tick = moment_of(now);
        assert!(told_unix_ns(tick).is_none());
        // The clocks are read one after the other, and a thread can be interrupted in between.
        assert!(calibration.duration_ns(before.abs_diff(tick)) < 1_000_000_000);
        for other in [now - 3_600_000_000_000, now + 3_600_000_000_000] {
            assert_eq!(told_unix_ns(moment_of(other)), Some(other));
        }
    }
}
