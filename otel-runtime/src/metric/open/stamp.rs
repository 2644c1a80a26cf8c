//! To whom something belongs that changes hands.
//!
//! A place of an open label is given to one value after the other. Each time it
//! gets a new [`Generation`]: a number that is given once in the life of the
//! process. Whatever is kept for the place carries a [`Stamp`] that says for
//! which generation it is, and what carries another one is nobody's: so there is
//! nothing to wait for when a place changes hands, and a late write ends in what
//! is looked at no more.

use std::sync::atomic::{AtomicU32 as Last, Ordering};

use super::sync::{AtomicU32, fence};

/// Which of the values that a place was given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Generation(pub(super) u32);

/// For which generation something is, whose one writer may hand it on to a later one; anybody
/// may read.
#[derive(Debug)]
pub(super) struct Stamp(AtomicU32);

/// The generation given last. Not of loom: a static.
static LAST: Last = Last::new(Generation::OVERFLOW.0);

impl Generation {
    /// Nobody's.
    pub(super) const NONE: Self = Self(0);
    /// Of what has no place of its own; never handed on.
    pub(crate) const OVERFLOW: Self = Self(1);

    /// As a number, and back.
    pub(in crate::metric) const fn number(self) -> u32 {
        self.0
    }

    pub(in crate::metric) const fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// One that was never given before; `None` if all have been.
    pub(super) fn next() -> Option<Self> {
        let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            last.checked_add(1)
        });
        last.ok().map(|last| Self(last + 1))
    }
}

impl Stamp {
    pub(super) fn new(generation: Generation) -> Self {
        Self(AtomicU32::new(generation.0))
    }

    /// Makes it this generation's, with `clear` if it was an earlier one's; false if it belongs to
    /// a later one already. For the one writer.
    #[inline(always)]
    pub(super) fn claim(&self, generation: Generation, clear: impl FnOnce()) -> bool {
        let ours = self.0.load(Ordering::Relaxed);
        ours == generation.0 || ours < generation.0 && self.hand_over(generation, clear)
    }

    #[cold]
    #[inline(never)]
    fn hand_over(&self, generation: Generation, clear: impl FnOnce()) -> bool {
        self.begin();
        clear();
        self.publish(generation);
        true
    }

    /// From here on it is nobody's, and what it stands for may be changed.
    pub(super) fn begin(&self) {
        self.0.store(Generation::NONE.0, Ordering::Relaxed);
        // Who reads a word that is changed from here on reads that it is nobody's, too: pairs with
        // the Acquire in `read`.
        fence(Ordering::Release);
    }

    /// What it stands for is this generation's.
    pub(super) fn publish(&self, generation: Generation) {
        // Pairs with the Acquire with which a reader begins.
        self.0.store(generation.0, Ordering::Release);
    }

    /// What `read` reads, if all of it is of one generation: and of this one, if one is given.
    #[inline(always)]
    pub(super) fn read<T>(
        &self,
        wanted: Option<Generation>,
        read: impl FnOnce(Generation) -> T,
    ) -> Option<T> {
        let before = Generation(self.0.load(Ordering::Acquire));
        if before == Generation::NONE || wanted.is_some_and(|wanted| wanted != before) {
            return None;
        }
        let out = read(before);
        fence(Ordering::Acquire);
        // A generation is given once: it was this one all the time.
        (self.0.load(Ordering::SeqCst) == before.0).then_some(out)
    }

    /// What it says at the moment, in the order that all sequentially consistent operations have.
    pub(super) fn now(&self) -> Generation {
        Generation(self.0.load(Ordering::SeqCst))
    }

    /// Takes it from its generation, so that whoever touches the place from here on either sees
    /// this or is seen.
    pub(super) fn withdraw(&self) {
        self.0.store(Generation::NONE.0, Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }
}
