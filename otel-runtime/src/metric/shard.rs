//! Where a thread keeps its own cells, by the number of the instrument.
//!
//! A table of pointers in a thread-local, grown when a new instrument is first
//! used. Nothing here has a destructor, so that it can be used while the thread
//! is being torn down; a sentinel with a destructor gives the cells back.

use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::ptr;

use super::instrument::Instrument;
use crate::thread;

/// The cells of one instrument on one thread: the first of as many as it has series. What a cell
/// is depends on the instrument.
pub(super) type Cells = *const ();

struct Shard {
    /// What the table that the thread looks into consists of.
    pointers: UnsafeCell<ManuallyDrop<Vec<Cells>>>,
    /// What goes back at the thread's end: the instrument, and which of its blocks.
    owned: UnsafeCell<ManuallyDrop<Vec<(&'static Instrument, usize)>>>,
    state: Cell<State>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    /// Cells are being fetched: whatever is counted meanwhile, by the allocator for instance,
    /// goes elsewhere.
    Busy,
    /// What a cell points to is being made.
    Making,
    /// The sentinel has run.
    Ended,
}

thread_local! {
    static SHARD: Shard = const {
        Shard {
            pointers: UnsafeCell::new(ManuallyDrop::new(Vec::new())),
            owned: UnsafeCell::new(ManuallyDrop::new(Vec::new())),
            state: Cell::new(State::Ready),
        }
    };
    static SENTINEL: Sentinel = const { Sentinel };
}

/// What came of fetching cells.
pub(super) enum Fetched {
    /// The thread has these from now on.
    Cells(Cells),
    /// The thread is ending and keeps nothing any more.
    Nowhere,
    /// The thread is allocating cells at this very moment, and it is the allocator that counts.
    Busy,
}

/// Runs `work`, during which nothing is counted on this thread.
pub(super) fn alone(work: impl FnOnce()) {
    SHARD.with(|shard| {
        let state = shard.state.replace(State::Busy);
        if !matches!(state, State::Busy | State::Making) {
            work();
        }
        shard.state.set(state);
    });
}

/// What `make` makes, with memory of the allocator; `None` if it is the allocator that asks, since
/// it may count in the very cell that this is for.
pub(super) fn made<T>(make: impl FnOnce() -> T) -> Option<T> {
    SHARD.with(|shard| {
        let state = shard.state.get();
        if state == State::Making {
            return None;
        }
        shard.state.set(State::Making);
        let made = make();
        shard.state.set(state);
        Some(made)
    })
}

/// Runs `work`, in which nobody counts but the allocator, and that goes elsewhere.
pub(super) fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
    SHARD.with(|shard| {
        let state = shard.state.replace(State::Busy);
        let done = work();
        shard.state.set(state);
        done
    })
}

/// Fetches cells for the calling thread.
///
/// `fetch` says which cells, and which block they are of if they are the thread's own and go back
/// when it ends.
pub(super) fn fetch(
    instrument: &'static Instrument,
    id: u32,
    fetch: impl FnOnce() -> (Cells, Option<usize>),
) -> Fetched {
    SHARD.with(|shard| {
        match shard.state.get() {
            State::Ready => shard.state.set(State::Busy),
            State::Busy | State::Making => return Fetched::Busy,
            State::Ended => return Fetched::Nowhere,
        }
        SENTINEL.with(|_| ());
        let (cells, block) = fetch();
        // SAFETY: only this function and `end` touch these, and neither runs inside the other:
        // the state says so.
        let pointers = unsafe { &mut *shard.pointers.get() };
        let at = id as usize;
        if pointers.len() <= at {
            // The allocator may count while the table moves: it finds none.
            forget_table();
            pointers.resize((at + 1).next_power_of_two().max(16), ptr::null());
            let (first, length) = (pointers.as_ptr(), pointers.len() as u32);
            // SAFETY: they stay where they are until they are more, or forgotten.
            thread::with(|local| unsafe { local.set_cells(first, length) });
        }
        pointers[at] = cells;
        if let Some(block) = block {
            // SAFETY: as above.
            unsafe { &mut *shard.owned.get() }.push((instrument, block));
        }
        shard.state.set(State::Ready);
        Fetched::Cells(cells)
    })
}

/// Forgets the cells without a trace, in a forked child.
pub(crate) fn forget() {
    SHARD.with(|shard| {
        forget_table();
        // SAFETY: the fork handler runs on this thread, outside of `fetch`. The memory belongs to
        // a copy of the parent's heap whose lock may be held: it is left alone.
        unsafe {
            *shard.pointers.get() = ManuallyDrop::new(Vec::new());
        }
        // SAFETY: as above.
        unsafe {
            *shard.owned.get() = ManuallyDrop::new(Vec::new());
        }
        shard.state.set(State::Ready);
    });
}

fn forget_table() {
    // SAFETY: of no pointers there are as many.
    thread::with(|local| unsafe { local.set_cells(ptr::null(), 0) });
}

/// Gives the cells back when the thread ends.
struct Sentinel;

impl Drop for Sentinel {
    fn drop(&mut self) {
        SHARD.with(|shard| {
            // The allocator may count while an instrument is locked.
            shard.state.set(State::Busy);
            forget_table();
            // SAFETY: destructors of thread-locals do not run inside `fetch`.
            let owned = unsafe { &mut *shard.owned.get() };
            for (instrument, block) in std::mem::take(&mut **owned) {
                instrument.take_back(block);
            }
            // SAFETY: as above.
            let pointers = unsafe { &mut *shard.pointers.get() };
            drop(std::mem::take(&mut **pointers));
            shard.state.set(State::Ended);
        });
    }
}
