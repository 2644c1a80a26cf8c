//! The primitives of the ring: the standard ones, or loom's when it checks the model.

#[cfg(loom)]
pub(super) use loom::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
#[cfg(not(loom))]
pub(super) use std::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// One word of a ring; who may touch it is decided by the ring's positions.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct Word(Cell);

#[cfg(loom)]
type Cell = loom::cell::UnsafeCell<u64>;
#[cfg(not(loom))]
type Cell = std::cell::UnsafeCell<u64>;

// SAFETY: a word is written only by the producer and only while it lies between the tail and
// the head's next value; it is read only by the consumer and only between tail and head. The
// Release and Acquire on the positions order the two.
unsafe impl Sync for Word {}

impl Word {
    /// Zeroed words. Memory is asked for, not touched: a page costs nothing until it is used.
    #[cfg(not(loom))]
    pub(super) fn zeroed(count: usize) -> Box<[Self]> {
        // SAFETY: a word is a `u64` in a cell, for which all zeroes is a valid value.
        unsafe { Box::new_zeroed_slice(count).assume_init() }
    }

    #[cfg(loom)]
    pub(super) fn zeroed(count: usize) -> Box<[Self]> {
        (0..count).map(|_| Self(Cell::new(0))).collect()
    }

    /// The words as plain numbers.
    ///
    /// # Safety
    /// Only the consumer, only for words the producer has published, and only until they are
    /// released.
    #[cfg(not(loom))]
    pub(super) unsafe fn as_numbers(words: &[Self]) -> &[u64] {
        let first = words.as_ptr().cast::<u64>();
        // SAFETY: a word has the layout of a `u64`, and the caller promises that nobody writes.
        unsafe { std::slice::from_raw_parts(first, words.len()) }
    }

    /// # Safety
    /// Only the producer, and only for a word the consumer has released.
    #[inline]
    pub(super) unsafe fn write(&self, value: u64) {
        #[cfg(loom)]
        self.0.with_mut(|word| {
            // SAFETY: the caller's promise.
            unsafe { *word = value }
        });
        #[cfg(not(loom))]
        // SAFETY: the caller's promise.
        unsafe {
            *self.0.get() = value;
        }
    }

    /// # Safety
    /// Only the consumer, and only for a word the producer has published.
    pub(super) unsafe fn read(&self) -> u64 {
        #[cfg(loom)]
        return self.0.with(|word| {
            // SAFETY: the caller's promise.
            unsafe { *word }
        });
        #[cfg(not(loom))]
        // SAFETY: the caller's promise.
        unsafe {
            *self.0.get()
        }
    }
}
