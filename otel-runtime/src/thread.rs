//! What each thread keeps for itself: the current span, the sources of its
//! ids, and the producing end of its ring.
//!
//! Runs on the caller's threads. Nothing here has a destructor, so that it can
//! be used while the thread is being torn down; a sentinel with a destructor,
//! made together with the ring, returns the ring at the thread's end.

mod ids;
mod push;

use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::time::Instant;

use crate::context::Current;
use crate::ring::Producer;

pub(crate) use push::{forget_ring, note, push};

thread_local! {
    static LOCAL: Local = const { Local::new() };
}

/// The thread's own state.
pub(crate) struct Local {
    current: Cell<Current>,
    seeds: Cell<[u64; 2]>,
    producer: UnsafeCell<ManuallyDrop<Option<Producer>>>,
    scratch: ManuallyDrop<Cell<Vec<u8>>>,
    /// What the panic hook noted of the latest panic on this thread.
    panic: ManuallyDrop<Cell<Vec<u8>>>,
    last_mark: Cell<Option<Instant>>,
    /// The sentinel has run: there is no ring any more and there will be none.
    has_ended: Cell<bool>,
}

/// Runs `work` with the calling thread's state.
#[inline]
pub(crate) fn with<T>(work: impl FnOnce(&Local) -> T) -> T {
    LOCAL.with(work)
}

/// From now on nothing is recorded on this thread: it belongs to the telemetry itself.
pub(crate) fn suppress() {
    with(|local| local.current.set(Current::SUPPRESSED));
}

/// Lends the calling thread's buffer for values.
pub(crate) fn lend_scratch() -> Vec<u8> {
    with(Local::take_scratch)
}

/// Runs `work` as part of `current`, and goes back to what was before, also after a panic.
pub(crate) fn scoped<T>(current: Current, work: impl FnOnce() -> T) -> T {
    struct Restore(Current);
    impl Drop for Restore {
        fn drop(&mut self) {
            with(|local| local.current.set(self.0));
        }
    }
    let _restore = Restore(with(|local| local.attach(current)));
    work()
}

impl Local {
    const fn new() -> Self {
        Self {
            current: Cell::new(Current::NONE),
            seeds: Cell::new([0; 2]),
            producer: UnsafeCell::new(ManuallyDrop::new(None)),
            scratch: ManuallyDrop::new(Cell::new(Vec::new())),
            panic: ManuallyDrop::new(Cell::new(Vec::new())),
            last_mark: Cell::new(None),
            has_ended: Cell::new(false),
        }
    }

    /// The current span.
    #[inline]
    pub(crate) fn current(&self) -> Current {
        self.current.get()
    }

    /// Goes back to a span that was current on this thread before, or on to a child of it.
    #[inline]
    pub(crate) fn set_current(&self, current: Current) {
        self.current.set(current);
    }

    /// Makes a span current that may come from another thread; returns what was current.
    #[inline]
    pub(crate) fn attach(&self, current: Current) -> Current {
        self.ensure_seeded();
        self.current.replace(current)
    }

    /// Lends the buffer in which values are prepared.
    pub(crate) fn take_scratch(&self) -> Vec<u8> {
        self.scratch.take()
    }

    /// What the panic hook noted of the latest panic on this thread, as values.
    pub(crate) fn panic_values(&self) -> &Cell<Vec<u8>> {
        &self.panic
    }

    /// Takes the buffer back, unless it has grown beyond what is worth keeping.
    pub(crate) fn return_scratch(&self, mut scratch: Vec<u8>) {
        const KEPT_BYTES: usize = 64 * 1024;
        if scratch.capacity() <= KEPT_BYTES && !self.has_ended.get() {
            scratch.clear();
            self.scratch.set(scratch);
        }
    }
}
