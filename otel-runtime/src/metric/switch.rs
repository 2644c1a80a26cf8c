//! Whether values are wanted: what an instrument that is registered and a runtime that is installed
//! at the same moment agree on.

use std::sync::atomic::{AtomicU32, Ordering};

use super::sync::fence;

/// What a caller looks at: [`OFF`], [`NEW`], or the instrument's number.
#[derive(Debug)]
pub(super) struct Switch<W = AtomicU32>(pub(super) W);

/// Values are not wanted.
pub(super) const OFF: u32 = 0;
/// Not on the program's list yet.
pub(super) const NEW: u32 = u32::MAX;

/// A word that several threads change.
pub(super) trait Word {
    fn load(&self) -> u32;
    fn exchange(&self, value: u32);
    /// Changes it from this to that, if it is this.
    fn replace(&self, from: u32, to: u32);
}

impl Switch {
    /// Of an instrument that is not registered.
    pub(super) const fn new() -> Self {
        Self(AtomicU32::new(NEW))
    }
}

impl<W: Word> Switch<W> {
    // Nothing is ordered by it: a value more or less at the switch is no error.
    #[inline(always)]
    pub(super) fn slot(&self) -> u32 {
        self.0.load()
    }

    /// For the one that has just put the instrument on the list.
    pub(super) fn join(&self, id: u32, is_on: impl FnOnce() -> bool) {
        // Either this sees that values are wanted, or whoever says so sees this on the list,
        // turns it, and has the last word.
        fence(Ordering::SeqCst);
        self.0.replace(NEW, if is_on() { id } else { OFF });
    }

    /// Says whether values are wanted, and then to all that are on the list.
    pub(super) fn turn_all<'a, I>(is_on: bool, say: impl FnOnce(bool), list: impl FnOnce() -> I)
    where
        I: Iterator<Item = (&'a Self, u32)>,
        W: 'a,
    {
        say(is_on);
        fence(Ordering::SeqCst);
        for (switch, id) in list() {
            switch.0.exchange(if is_on { id } else { OFF });
        }
    }
}

macro_rules! word {
    ($($atomic:ty),+) => {$(
        impl Word for $atomic {
            #[inline(always)]
            fn load(&self) -> u32 {
                self.load(Ordering::Relaxed)
            }

            fn exchange(&self, value: u32) {
                self.swap(value, Ordering::Relaxed);
            }

            fn replace(&self, from: u32, to: u32) {
                let _ = self.compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
    )+};
}

word!(AtomicU32);
#[cfg(loom)]
word!(loom::sync::atomic::AtomicU32);
