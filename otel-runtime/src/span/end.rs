//! The record of a finished span.

use crate::context::Meta;
use crate::export::Outcome;
use crate::record::{HAS_BUSY, Header, PARENT_IS_REMOTE, SPAN_WORDS};
use crate::ring::Writer;
use crate::site::Site;
use crate::stats::{self, LossCause};
use crate::thread::{Local, push, try_push};
use crate::value::Slot;

/// Words of a value that lies inline in a span record.
const SLOT_WORDS: usize = 2;

/// Everything that is known of a span when it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended<'a> {
    pub(super) site: &'static Site,
    pub(super) trace: [u64; 2],
    pub(super) span: u64,
    pub(super) meta: Meta,
    pub(super) parent: u64,
    pub(super) parent_is_remote: bool,
    pub(super) outcome: Outcome,
    pub(super) start_ticks: u64,
    pub(super) end_ticks: u64,
    /// Zero if nobody measured.
    pub(super) busy_ticks: u64,
    pub(super) slots: &'a [Slot],
}

impl Ended<'_> {
    /// Writes the span to the thread's ring, if that is possible without further ado; says
    /// whether it was.
    ///
    /// Inlined with everything it calls, so that a value that is known, such as the outcome of a
    /// span that went well, costs nothing, and that nothing goes through memory.
    #[inline(always)]
    pub(super) fn try_write(self, local: &Local) -> bool {
        // SAFETY: `fill` puts what it says; it neither records nor panics.
        self.site.is_on() && unsafe { try_push(local, self.most_words(), |to| self.fill(to)) }
    }

    /// Writes the span to the thread's ring, or counts it as lost.
    #[cold]
    #[inline(never)]
    pub(super) fn write(&self, local: &Local) {
        if !self.site.is_on() {
            return self.lose(LossCause::Shutdown);
        }
        // SAFETY: `fill` puts what it says; it neither records nor panics.
        if let Err(cause) = unsafe { push(local, self.most_words(), |to| self.fill(to)) } {
            self.lose(cause);
        }
    }

    fn lose(&self, cause: LossCause) {
        match self.meta.is_for_log() {
            true => stats::lose_log(cause),
            false => stats::lose(self.site, cause),
        }
    }

    #[inline(always)]
    fn most_words(&self) -> usize {
        SPAN_WORDS + usize::from(self.busy_ticks != 0) + self.slots.len() * SLOT_WORDS
    }

    #[inline(always)]
    fn fill(self, to: &mut Writer<'_>) -> usize {
        let mut words = 1;
        let mut put = |word| {
            // SAFETY: `most_words` counts the fixed words, the busy time if there is one, and
            // two for every slot: at least what is put here.
            unsafe { to.put(words, word) };
            words += 1;
        };
        put(std::ptr::from_ref(self.site).expose_provenance() as u64);
        put(self.trace[0]);
        put(self.trace[1]);
        put(self.span);
        put(self.parent);
        put(self.start_ticks);
        put(self.end_ticks);
        let mut flags = 0;
        if self.parent_is_remote {
            flags |= PARENT_IS_REMOTE;
        }
        if self.busy_ticks != 0 {
            flags |= HAS_BUSY;
            put(self.busy_ticks);
        }
        for slot in self.slots.iter().filter(|slot| !slot.is_empty()) {
            slot.to_words()
                .map(u64::to_le)
                .into_iter()
                .for_each(&mut put);
        }
        let header = Header::span(words, self.outcome as u8, flags, self.meta.header_bits());
        // SAFETY: the first of the fixed words.
        unsafe { to.put(0, header.0) };
        words
    }
}
