//! The stack of the place where an error was returned.

use std::backtrace::Backtrace;
use std::sync::atomic::{AtomicBool, Ordering};

use super::note;
use crate::site::Site;
use crate::value::Key;

/// All Sites take stacks. Set by `install` before a dial is turned on.
static ALL: AtomicBool = AtomicBool::new(false);

pub(crate) fn set_all(on: bool) {
    ALL.store(on, Ordering::Relaxed);
}

/// True if errors of this Site are recorded with their stack.
pub(super) fn is_wanted(site: &Site) -> bool {
    site.spec().stack_trace || is_wanted_everywhere()
}

/// True if all errors are recorded with their stack.
pub(super) fn is_wanted_everywhere() -> bool {
    ALL.load(Ordering::Relaxed)
}

/// Appends the calling thread's stack. Costs milliseconds the first time, and allocates.
#[cold]
pub(super) fn capture(bytes: &mut Vec<u8>) {
    let stack = Backtrace::force_capture();
    note::capture(Key::Named("stack"), &crate::value::Display(&stack), bytes);
}
