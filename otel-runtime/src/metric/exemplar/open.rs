//! The exemplars of an instrument with open labels.
//!
//! Its series come and go, and there may be very many: so it has a few slots for all of them, each
//! for the series and groups that share it. What is in a slot says for whom a place was when the
//! value was counted, so it is never shown for anybody else.

use super::super::data::Exemplar;
use super::super::open::{Generation, Place};
use super::super::shard;
use super::super::slot::Slot;
use super::super::spec::Number;
use super::super::sync::{AtomicU32, Ordering};
use super::{NONE, SINCE_UNIX_NS, Sample};

/// A wish is a bit of a word.
const SLOTS: usize = 32;
/// Those of a sample, the place and its generation, the cell.
const WORDS: usize = super::WORDS + 2;

/// The exemplars of one instrument.
#[derive(Debug)]
pub(in crate::metric) struct OpenExemplars {
    /// A bit for each slot, set if a new exemplar is wanted.
    wishes: AtomicU32,
    slots: [Slot<WORDS>; SLOTS],
}

/// An exemplar, and the cell of which place it belongs to.
#[derive(Clone, Copy, Debug)]
pub(in crate::metric) struct OfPlace {
    pub(in crate::metric) place: Place,
    pub(in crate::metric) cell: usize,
    pub(in crate::metric) exemplar: Exemplar,
}

impl OpenExemplars {
    pub(in crate::metric) fn new() -> Self {
        Self {
            wishes: AtomicU32::new(u32::MAX),
            slots: std::array::from_fn(|_| Slot::new()),
        }
    }

    /// Makes an exemplar of a value that the calling thread has just counted, if one is wanted.
    pub(in crate::metric) fn offer(&self, place: Place, cell: usize, group: usize, value: u64) {
        let slot = (place.number as usize)
            .wrapping_mul(5)
            .wrapping_add(cell.wrapping_mul(3))
            .wrapping_add(group)
            % SLOTS;
        if self.claim(slot) && !NONE.load(Ordering::Relaxed) {
            // What the allocator counts is no exemplar, as elsewhere.
            shard::alone(|| self.slots[slot].put(words(place, cell, &Sample::now(value))));
        }
    }

    /// Of several threads that see a wish, tells one to fulfil it.
    fn claim(&self, slot: usize) -> bool {
        let bit = 1 << slot;
        self.wishes.load(Ordering::Relaxed) & bit != 0
            && self.wishes.fetch_and(!bit, Ordering::Relaxed) & bit != 0
    }

    /// All exemplars, and the wish for new ones.
    pub(in crate::metric) fn read(&self, number: Number) -> Vec<OfPlace> {
        if NONE.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let since = SINCE_UNIX_NS.load(Ordering::Relaxed);
        let words = self.slots.iter().filter_map(Slot::read);
        let found = words
            .map(|words| of_place(words, number))
            .filter(|found| found.exemplar.unix_ns >= since)
            .collect();
        self.wishes.store(u32::MAX, Ordering::Relaxed);
        found
    }
}

fn words(place: Place, cell: usize, sample: &Sample) -> [u64; WORDS] {
    let [value, unix_ns, high, low, span] = sample.words();
    let place = u64::from(place.number) << 32 | u64::from(place.generation.number());
    [value, unix_ns, high, low, span, place, cell as u64]
}

fn of_place(words: [u64; WORDS], number: Number) -> OfPlace {
    let [value, unix_ns, high, low, span, place, cell] = words;
    OfPlace {
        place: Place {
            number: (place >> 32) as u32,
            generation: Generation::of_number(place as u32),
        },
        cell: cell as usize,
        exemplar: Sample::of_words([value, unix_ns, high, low, span]).exemplar(number),
    }
}
