//! Random ids. Each thread has a generator of its own, seeded from the
//! operating system's randomness.

use std::hash::{BuildHasher, RandomState};

use super::Local;
use crate::clock::ticks;
use crate::context::{SpanId, TraceId};

impl Local {
    /// A new span id; never zero.
    ///
    /// The thread is seeded: it has been asked to, or a span is current on it.
    #[inline]
    pub(crate) fn next_span_bits(&self) -> u64 {
        match self.try_next_span_bits() {
            Some(id) => id,
            None => self.next_span_bits_again(),
        }
    }

    /// The same, or `None` where the generator gave a zero; the next call gives something else.
    #[inline(always)]
    pub(crate) fn try_next_span_bits(&self) -> Option<u64> {
        let [first, second] = self.seeds.get();
        let (state, id) = step(first);
        self.seeds.set([state, second]);
        (id != 0).then_some(id)
    }

    /// A new span id.
    pub(crate) fn next_span_id(&self) -> SpanId {
        self.ensure_seeded();
        SpanId::new(self.next_span_bits()).unwrap_or_else(|| self.next_span_id())
    }

    /// A new trace id, all of whose bits are random.
    pub(crate) fn next_trace_id(&self) -> TraceId {
        self.ensure_seeded();
        let [first, second] = self.seeds.get();
        let (first, high) = step(first);
        let (second, low) = step(second);
        self.seeds.set([first, second]);
        let id = u128::from(high) << 64 | u128::from(low);
        TraceId::new(id).unwrap_or_else(|| self.next_trace_id())
    }

    #[inline]
    pub(crate) fn is_seeded(&self) -> bool {
        self.seeds.get() != [0; 2]
    }

    #[inline]
    pub(crate) fn ensure_seeded(&self) {
        if !self.is_seeded() {
            self.reseed();
            self.own_starts();
        }
    }

    /// New seeds, unrelated to the old ones: a forked child must not repeat its parent's ids.
    #[cold]
    pub(crate) fn reseed(&self) {
        let salt = (std::process::id(), ticks(), self.seeds.get());
        // Each state is keyed by randomness of the operating system.
        let seed = || RandomState::new().hash_one(salt) | 1;
        self.seeds.set([seed(), seed()]);
    }

    #[cold]
    fn next_span_bits_again(&self) -> u64 {
        self.next_span_bits()
    }
}

/// One step of the wyrand generator: the next state and its output.
#[inline]
const fn step(state: u64) -> (u64, u64) {
    let state = state.wrapping_add(0x2d35_8dcc_aa6c_78a5);
    let product = state as u128 * (state ^ 0x8bb8_4b93_962e_acc9) as u128;
    (state, (product >> 64) as u64 ^ product as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::thread;

    #[test]
    fn ids_do_not_repeat_within_and_across_threads() {
        let ids = || {
            thread::with(|local| {
                (0..5000)
                    .map(|_| (local.next_trace_id(), local.next_span_id()))
                    .collect::<Vec<_>>()
            })
        };
        let mut all = ids();
        all.extend(std::thread::spawn(ids).join().unwrap());
        let traces: HashSet<_> = all.iter().map(|(trace, _)| *trace).collect();
        let spans: HashSet<_> = all.iter().map(|(_, span)| *span).collect();
        assert_eq!((traces.len(), spans.len()), (10_000, 10_000));
    }

    #[test]
    fn every_bit_of_an_id_is_random() {
        let (mut ones, mut zeroes) = (0, u128::MAX);
        thread::with(|local| {
            for _ in 0..200 {
                let id = local.next_trace_id().get();
                ones |= id;
                zeroes &= id;
            }
        });
        assert_eq!((ones, zeroes), (u128::MAX, 0));
    }
}
