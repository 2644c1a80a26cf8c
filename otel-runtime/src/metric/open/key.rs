//! The words of the values that a place was given to, compared while they may be changing.

use super::sync::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use super::value::Value;

/// Words that a later key overwrites where they are. One that needs more room gets new memory, and
/// the old is never freed, since somebody may be reading it: each time at least twice as much, so
/// that all of it together is less than twice what the longest key needed.
#[derive(Debug)]
pub(super) struct Key(AtomicPtr<Words>);

#[derive(Debug)]
struct Words {
    length: AtomicUsize,
    words: Box<[AtomicU64]>,
}

impl Key {
    pub(super) fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// True if these are the values, as words. Means nothing if the key is being changed: whoever
    /// asks finds out by the [`Stamp`](super::stamp::Stamp).
    #[inline(always)]
    pub(super) fn is_of(&self, words: &[u64]) -> bool {
        self.ours().is_some_and(|(length, ours)| {
            let mut pairs = ours.iter().zip(words);
            length == words.len()
                && words.len() <= ours.len()
                && pairs.all(|(ours, word)| ours.load(Ordering::Relaxed) == *word)
        })
    }

    /// The same of values that have too many words.
    pub(super) fn is_of_values(&self, values: &[Value<'_>]) -> bool {
        self.ours().is_some_and(|(length, ours)| {
            let mut at = 0;
            let mut same = |word| {
                let ours = ours.get(at);
                at += 1;
                ours.is_some_and(|ours| ours.load(Ordering::Relaxed) == word)
            };
            values.iter().all(|value| value.each_word(&mut same)) && at == length
        })
    }

    /// How many words there are, and where.
    #[inline(always)]
    fn ours(&self) -> Option<(usize, &[AtomicU64])> {
        // SAFETY: what was stored came from a box that is never freed; Acquire pairs with the
        // Release in `set`.
        let ours = unsafe { self.0.load(Ordering::Acquire).as_ref() }?;
        Some((ours.length.load(Ordering::Relaxed), &ours.words))
    }

    /// Makes it the key of these values. For one writer at a time.
    pub(super) fn set(&self, values: &[Value<'_>]) {
        let mut length = 0;
        let mut count = |_| {
            length += 1;
            true
        };
        let _ = values.iter().all(|value| value.each_word(&mut count));
        // SAFETY: as in `is_of`.
        let there = unsafe { self.0.load(Ordering::Relaxed).as_ref() };
        let words = there.filter(|words| words.words.len() >= length);
        let words = words.unwrap_or_else(|| self.grow(length));
        let mut free = words.words.iter();
        let mut put = |word| {
            free.next()
                .inspect(|place| place.store(word, Ordering::Relaxed))
                .is_some()
        };
        let _ = values.iter().all(|value| value.each_word(&mut put));
        words.length.store(length, Ordering::Relaxed);
    }

    fn grow(&self, length: usize) -> &Words {
        let capacity = length.next_power_of_two().max(4);
        let made: &Words = Box::leak(Box::new(Words {
            length: AtomicUsize::new(0),
            words: (0..capacity).map(|_| AtomicU64::new(0)).collect(),
        }));
        let pointer = std::ptr::from_ref(made).cast_mut();
        self.0.store(pointer, Ordering::Release);
        made
    }
}
