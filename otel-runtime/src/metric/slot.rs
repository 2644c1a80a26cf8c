//! Some words that several threads replace and read as one.
//!
//! A sequence count tells a reader that they were written meanwhile, and keeps
//! two writers apart: the second one goes its way. Nobody waits.

use super::sync::{AtomicU32, AtomicU64, Ordering, fence};

#[derive(Debug)]
pub(super) struct Slot<const WORDS: usize> {
    /// Odd while the words are written; zero before the first time.
    sequence: AtomicU32,
    words: [AtomicU64; WORDS],
}

impl<const WORDS: usize> Slot<WORDS> {
    pub(super) fn new() -> Self {
        Self {
            sequence: AtomicU32::new(0),
            words: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Replaces what is there, unless another thread is at it.
    pub(super) fn put(&self, words: [u64; WORDS]) {
        let before = self.sequence.load(Ordering::Relaxed);
        // Acquire: what the writer before has stored is not stored after this.
        let is_free = before.is_multiple_of(2)
            && self
                .sequence
                .compare_exchange(before, before + 1, Ordering::Acquire, Ordering::Relaxed)
                .is_ok();
        if !is_free {
            return;
        }
        // Whoever reads a word that is stored below reads the odd number too.
        fence(Ordering::Release);
        for (word, now) in self.words.iter().zip(words) {
            word.store(now, Ordering::Relaxed);
        }
        // Never zero again. Pairs with the Acquire with which a reader begins.
        let after = before.wrapping_add(2).max(2);
        self.sequence.store(after, Ordering::Release);
    }

    /// What is there; `None` if that is nothing, or if it is being replaced again and again.
    pub(super) fn read(&self) -> Option<[u64; WORDS]> {
        const ATTEMPTS: usize = 3;
        (0..ATTEMPTS).find_map(|_| self.try_read())
    }

    /// What is there, unless that is nothing or is being replaced.
    fn try_read(&self) -> Option<[u64; WORDS]> {
        let before = self.sequence.load(Ordering::Acquire);
        let words = std::array::from_fn(|word| self.words[word].load(Ordering::Relaxed));
        // The words above are read before the number below.
        fence(Ordering::Acquire);
        let is_whole = before != 0
            && before.is_multiple_of(2)
            && self.sequence.load(Ordering::Relaxed) == before;
        is_whole.then_some(words)
    }
}

#[cfg(all(test, loom))]
mod loom_model {
    use loom::sync::Arc;
    use loom::thread;

    use super::*;
    use crate::metric::loom_model::model;

    #[test]
    fn what_is_read_was_written_by_one_thread() {
        model(|| {
            let slot = Arc::new(Slot::<2>::new());
            slot.put([1; 2]);
            let writer = thread::spawn({
                let slot = Arc::clone(&slot);
                move || slot.put([2; 2])
            });
            let read = slot.try_read();
            assert!(matches!(read, None | Some([1, 1] | [2, 2])), "{read:?}");
            writer.join().unwrap();
            assert_eq!(slot.try_read(), Some([2; 2]));
        });
    }

    #[test]
    fn so_it_is_if_several_write() {
        model(|| {
            let slot = Arc::new(Slot::<2>::new());
            let writers = [1, 2].map(|mark| {
                let slot = Arc::clone(&slot);
                thread::spawn(move || slot.put([mark; 2]))
            });
            let read = slot.try_read();
            assert!(matches!(read, None | Some([1, 1] | [2, 2])), "{read:?}");
            let _ = writers.map(|writer| writer.join().unwrap());
            let read = slot.try_read();
            assert!(matches!(read, Some([1, 1] | [2, 2])), "{read:?}");
        });
    }
}
