//! The record of a finished span.

use crate::context::Current;
use crate::export::Outcome;
use crate::record::{HAS_BUSY, Header, PARENT_IS_REMOTE, RANDOM, SHARED, SPAN_WORDS};
use crate::ring::Writer;
use crate::site::Site;
use crate::stats;
use crate::thread::{Local, push};
use crate::value::Slot;

/// Words of a value that lies inline in a span record.
const SLOT_WORDS: usize = 3;

/// Everything that is known of a span when it ends.
pub(super) struct Ended<'a> {
    pub(super) site: &'static Site,
    pub(super) current: Current,
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
    /// Writes the span to the thread's ring, or counts it as lost.
    #[inline]
    pub(super) fn write(&self, local: &Local) {
        if !self.site.is_on() {
            return stats::lose(self.site, stats::LossCause::Shutdown);
        }
        let has_busy = self.busy_ticks != 0;
        let filled = self.slots.iter().filter(|slot| !slot.is_empty()).count();
        let words = SPAN_WORDS + usize::from(has_busy) + filled * SLOT_WORDS;
        let meta = self.current.meta;
        let mut flags = 0;
        flags |= if self.parent_is_remote {
            PARENT_IS_REMOTE
        } else {
            0
        };
        flags |= if meta.is_shared() { SHARED } else { 0 };
        flags |= if has_busy { HAS_BUSY } else { 0 };
        flags |= if meta.trace_flags().is_random() {
            RANDOM
        } else {
            0
        };
        let header = Header::span(words, self.outcome as u8, flags, meta.tally());
        let fixed: [u64; SPAN_WORDS] = [
            header.0,
            std::ptr::from_ref(self.site).expose_provenance() as u64,
            self.current.trace[0],
            self.current.trace[1],
            self.current.span,
            self.parent,
            self.start_ticks,
            self.end_ticks,
        ];
        let fill = |writer: &mut Writer<'_>| {
            let mut offset = 0;
            let mut put = |word| {
                // SAFETY: `words` counts the fixed words, the busy time if there is one, and
                // three for every filled slot: just what is put here.
                unsafe { writer.put(offset, word) };
                offset += 1;
            };
            fixed.into_iter().for_each(&mut put);
            if has_busy {
                put(self.busy_ticks);
            }
            for slot in self.slots.iter().filter(|slot| !slot.is_empty()) {
                slot.to_words()
                    .map(u64::to_le)
                    .into_iter()
                    .for_each(&mut put);
            }
        };
        // SAFETY: as above; nothing in `fill` records or panics.
        if let Err(cause) = unsafe { push(local, words, fill) } {
            stats::lose(self.site, cause);
        }
    }
}
