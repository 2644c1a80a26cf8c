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

/// How long a tick is, in seconds.
#[inline(always)]
pub(crate) fn seconds_per_tick() -> f64 {
    f64::from_bits(SECONDS_PER_TICK.load(Ordering::Relaxed))
}
