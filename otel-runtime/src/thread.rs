//! What each thread keeps for itself: the current span, the sources of its
//! ids, and the producing end of its ring.
//!
//! Runs on the caller's threads. Nothing here has a destructor, so that it can
//! be used while the thread is being torn down; a sentinel with a destructor,
//! made together with the ring, returns the ring at the thread's end.

mod carried;
mod cells;
mod entered;
mod ids;
mod push;
mod starts;

use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::ptr;
use std::time::Instant;

use crate::context::{Current, Meta, Ticket, enter_mirror, leave_mirror};
use crate::ring::Producer;
use cells::CellTable;
use entered::Entered;

pub(crate) use carried::{
    CarriedBefore, Held, find as find_carried, forget_carried, keep as keep_carried, noted_baggage,
    release as release_carried, set_noted_baggage,
};
pub(crate) use push::{forget_ring, note, push, try_push};
use starts::Starts;
pub(crate) use starts::{Origin, StartCounts, start_counts};

thread_local! {
    static LOCAL: Local = const { Local::new() };
}

/// The thread's own state.
///
/// The parts of the current span stand in this order, and apart, because a wide load of two
/// words that narrow stores have just written has to wait for both.
#[repr(C)]
pub(crate) struct Local {
    span: Cell<u64>,
    trace: Cell<[u64; 2]>,
    meta: Cell<Meta>,
    seeds: Cell<[u64; 2]>,
    cells: CellTable,
    /// Means something only if `meta` says that something is carried.
    carried: Cell<Ticket>,
    /// What was carried before spans that carry something else, the outermost first.
    carried_below: ManuallyDrop<Cell<Vec<Ticket>>>,
    producer: UnsafeCell<ManuallyDrop<Option<Producer>>>,
    scratch: ManuallyDrop<Cell<Vec<u8>>>,
    /// What the panic hook noted of the latest panic on this thread.
    panic: ManuallyDrop<Cell<Vec<u8>>>,
    last_mark: Cell<Option<Instant>>,
    /// How many spans have begun.
    starts: Cell<&'static Starts>,
    has_starts: Cell<bool>,
    /// The sentinel has run: there is no ring any more and there will be none.
    has_ended: Cell<bool>,
    /// Spans of bridges that are entered, the outermost first.
    entered: ManuallyDrop<Cell<Vec<Entered>>>,
}

/// Runs `work` with the calling thread's state.
#[inline(always)]
pub(crate) fn with<T>(work: impl FnOnce(&Local) -> T) -> T {
    // `LocalKey::with` is inlined if it has little to do, such as giving the address.
    let local = LOCAL.with(ptr::from_ref);
    // SAFETY: the state has no destructor, so it lives as long as the thread, and the reference
    // does not outlive this call on that thread.
    work(unsafe { &*local })
}

/// From now on nothing is recorded on this thread: it belongs to the telemetry itself.
pub(crate) fn suppress() {
    with(|local| local.set_current(Current::SUPPRESSED));
}

/// Lends the calling thread's buffer for values.
pub(crate) fn lend_scratch() -> Vec<u8> {
    with(Local::take_scratch)
}

/// Makes `current`, which carries this along, current until it is dropped.
#[derive(Debug)]
pub(crate) struct Scope {
    previous: Current,
    previous_carried: Ticket,
}

impl Scope {
    #[inline]
    pub(crate) fn enter(current: Current, carried: Ticket) -> Self {
        with(|local| {
            let current = current.with_notes_of(&local.current());
            let scope = Self {
                previous: local.attach(current),
                previous_carried: local.replace_carried(carried),
            };
            if current.meta.is_shown() || scope.previous.meta.is_shown() {
                enter_mirror();
            }
            scope
        })
    }
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        with(|local| {
            if local.meta.get().is_bridged() {
                local.leave_all_entered();
            }
            let here = local.current();
            local.set_current(self.previous.with_notes_of(&here));
            local.replace_carried(self.previous_carried);
            if here.meta.is_shown() || self.previous.meta.is_shown() {
                leave_mirror(here.span);
            }
            if self.previous.meta.is_bridged() {
                local.settle();
            }
        });
    }
}

impl Local {
    const fn new() -> Self {
        Self {
            span: Cell::new(Current::NONE.span),
            trace: Cell::new(Current::NONE.trace),
            meta: Cell::new(Current::NONE.meta),
            seeds: Cell::new([0; 2]),
            cells: CellTable::new(),
            carried: Cell::new(Ticket::NONE),
            carried_below: ManuallyDrop::new(Cell::new(Vec::new())),
            producer: UnsafeCell::new(ManuallyDrop::new(None)),
            scratch: ManuallyDrop::new(Cell::new(Vec::new())),
            panic: ManuallyDrop::new(Cell::new(Vec::new())),
            last_mark: Cell::new(None),
            starts: Cell::new(&starts::OF_NOBODY),
            has_starts: Cell::new(false),
            has_ended: Cell::new(false),
            entered: ManuallyDrop::new(Cell::new(Vec::new())),
        }
    }

    /// The current span.
    #[inline]
    pub(crate) fn current(&self) -> Current {
        Current {
            trace: self.trace.get(),
            span: self.span.get(),
            meta: self.meta.get(),
        }
    }

    /// The current span, without its trace.
    #[inline]
    pub(crate) fn span(&self) -> (u64, Meta) {
        (self.span.get(), self.meta.get())
    }

    /// The current trace.
    #[inline]
    pub(crate) fn trace(&self) -> [u64; 2] {
        self.trace.get()
    }

    /// Goes on to another span of the current trace.
    #[inline]
    pub(crate) fn set_span(&self, span: u64, meta: Meta) {
        self.span.set(span);
        self.meta.set(meta);
    }

    /// Goes back to the trace that was current before; the span follows.
    pub(crate) fn set_trace(&self, trace: [u64; 2]) {
        self.trace.set(trace);
    }

    /// Goes back to a span that was current on this thread before, or on to a child of it.
    #[inline]
    pub(crate) fn set_current(&self, current: Current) {
        self.trace.set(current.trace);
        self.set_span(current.span, current.meta);
    }

    /// The same; returns what was current.
    #[inline]
    pub(crate) fn replace_current(&self, current: Current) -> Current {
        let previous = self.current();
        self.set_current(current);
        previous
    }

    /// Makes a span current that may come from another thread; returns what was current.
    #[inline]
    pub(crate) fn attach(&self, current: Current) -> Current {
        self.ensure_seeded();
        self.replace_current(current)
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
