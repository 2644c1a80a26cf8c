//! How long a tick is, for those who cannot ask a calibration.

use std::sync::atomic::{AtomicU64, Ordering};

/// The bits of the number; zero until it has been measured.
static SECONDS_PER_TICK: AtomicU64 = AtomicU64::new(0);

/// True once the length of a tick is known.
pub(crate) fn is_known() -> bool {
    SECONDS_PER_TICK.load(Ordering::Relaxed) != 0
}

/// Says how long a tick is.
pub(super) fn set(ns_per_tick: f64) {
    SECONDS_PER_TICK.store((ns_per_tick * 1e-9).to_bits(), Ordering::Relaxed);
}

/// The seconds from one tick to another; none if the second is the earlier one, as it may be where
/// two cores disagree by a few ticks.
#[inline(always)]
pub(crate) fn seconds_between(start_ticks: u64, end_ticks: u64) -> f64 {
    let ticks = end_ticks.wrapping_sub(start_ticks).cast_signed().max(0);
    ticks as f64 * f64::from_bits(SECONDS_PER_TICK.load(Ordering::Relaxed))
}
