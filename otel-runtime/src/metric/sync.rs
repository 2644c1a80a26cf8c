//! The primitives of the cells: the standard ones, or loom's when it checks the models.

#[cfg(loom)]
pub(super) use loom::{
    sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering, fence},
    thread::yield_now,
};
#[cfg(not(loom))]
pub(super) use std::{
    sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering, fence},
    thread::yield_now,
};

/// A word that one thread writes.
pub(super) trait Own {
    type Value;

    /// What is there. Only for the one that writes it: loom makes sure of that, and it would not see
    /// that what is loaded and then stored concerns those who have loaded it before.
    fn own(&self) -> Self::Value;
}

macro_rules! own {
    ($($atomic:ident: $value:ty),+) => {$(
        impl Own for $atomic {
            type Value = $value;

            #[inline(always)]
            fn own(&self) -> $value {
                #[cfg(loom)]
                // SAFETY: loom panics if another thread may be writing.
                return unsafe { self.unsync_load() };
                #[cfg(not(loom))]
                self.load(Ordering::Relaxed)
            }
        }
    )+};
}

own!(AtomicI32: i32, AtomicU32: u32, AtomicU64: u64);
