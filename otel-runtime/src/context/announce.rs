//! Whether spans are looked at when they begin, so that those of some places can be announced.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_ON: AtomicBool = AtomicBool::new(false);

/// Has the spans of traces that begin from now on looked at, or not.
pub(crate) fn set(on: bool) {
    IS_ON.store(on, Ordering::Relaxed);
}

/// True if they are.
#[inline]
pub(crate) fn is_on() -> bool {
    // A trace more or less at the switch is no error.
    IS_ON.load(Ordering::Relaxed)
}
