//! Where a thread finds its cells of each instrument; `metric` keeps the table.
//!
//! It lies beside the current span, since asking for a thread-local is a call
//! as far as the compiler knows, and what counts asks for both.

use std::cell::Cell;
use std::ptr;

use super::Local;

/// A pointer for each instrument, by its number; null where the thread has no cells.
pub(super) struct CellTable {
    first: Cell<*const *const ()>,
    length: Cell<u32>,
}

impl CellTable {
    pub(super) const fn new() -> Self {
        Self {
            first: Cell::new(ptr::null()),
            length: Cell::new(0),
        }
    }
}

impl Local {
    /// The thread's cells of the instrument with this number; null if it has none.
    #[inline(always)]
    pub(crate) fn cells(&self, id: u32) -> *const () {
        if id < self.cells.length.get() {
            // SAFETY: the table is as long as that.
            let place = unsafe { self.cells.first.get().add(id as usize) };
            // SAFETY: as above; the table is written by this thread alone, and not now.
            unsafe { *place }
        } else {
            ptr::null()
        }
    }

    /// Says where the table is from now on.
    ///
    /// # Safety
    /// There are so many pointers, until the next call and for this thread alone.
    pub(crate) unsafe fn set_cells(&self, first: *const *const (), length: u32) {
        self.cells.first.set(first);
        self.cells.length.set(length);
    }
}
