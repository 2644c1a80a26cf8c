//! Records on their way from one thread to the collector.
//!
//! Each thread owns the producing end of a ring of 64-bit words, the collector
//! holds the consuming ends. Neither ever waits for the other: a full ring
//! refuses, and the caller counts.
//!
//! Invariants:
//! - positions only grow; `tail <= head <= tail + capacity`;
//! - a record lies in one piece; what is left before the wrap is filled by a
//!   pad record, whose header always fits because every length is whole words;
//! - the producer writes words in `head..limit` only, the consumer reads words
//!   in `tail..head` only.

#[cfg(all(test, loom))]
mod loom_model;
mod registry;
mod sync;
#[cfg(all(test, not(loom)))]
mod tests;

use std::marker::PhantomData;
use std::ptr::NonNull;

pub(crate) use registry::{Registry, registry};
use sync::{Arc, AtomicBool, AtomicUsize, Ordering, Word};

use crate::record::{Header, RecordKind};

/// The shared half of a ring.
#[derive(Debug)]
pub(crate) struct Ring {
    /// Where the producer will write next. Stored by the producer with Release, which pairs
    /// with the consumer's Acquire in [`Ring::drain`].
    head: Padded<AtomicUsize>,
    /// Where the consumer will read next. Stored by the consumer with Release, which pairs
    /// with the producer's Acquire in [`Producer::make_room`].
    tail: Padded<AtomicUsize>,
    /// The producer is gone. Stored with Release after the last head.
    closed: AtomicBool,
    words: Box<[Word]>,
    thread_id: u64,
}

/// The consuming end, and the registry's.
pub(crate) type SharedRing = Arc<Ring>;

/// Keeps what two threads write on cache lines of their own.
#[derive(Debug)]
#[repr(align(128))]
struct Padded<T>(T);

/// The producing end.
#[derive(Debug)]
pub(crate) struct Producer {
    ring: Arc<Ring>,
    /// The ring's first word, and the length less one: copies that save two loads.
    first: NonNull<Word>,
    mask: usize,
    /// A copy of the shared head, which only this end moves.
    head: usize,
    /// Up to here words may be written without looking at the tail, the wrap or the mark.
    limit: usize,
    /// The last known tail.
    tail: usize,
    /// When the head passes this position the collector should look.
    mark: usize,
}

// SAFETY: the words belong to the ring, which the producer keeps and which may be sent itself.
unsafe impl Send for Producer {}

/// The words of a record that is being written.
#[derive(Debug)]
pub(crate) struct Writer<'a>(NonNull<Word>, PhantomData<&'a Word>);

/// Why a record did not go straight in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// There is room now.
    Yes,
    /// There is room, and the ring has become half full again since the last mark.
    YesAndMark,
    /// The consumer has not kept up.
    Full,
    /// The record is longer than the ring can ever hold.
    Never,
}

impl Ring {
    /// A ring of at least `capacity` words, and its producing end.
    pub(crate) fn with_capacity(capacity: usize, thread_id: u64) -> (Arc<Self>, Producer) {
        let capacity = capacity.next_power_of_two();
        let ring = Arc::new(Self {
            head: Padded(AtomicUsize::new(0)),
            tail: Padded(AtomicUsize::new(0)),
            closed: AtomicBool::new(false),
            words: Word::zeroed(capacity),
            thread_id,
        });
        let producer = Producer {
            first: NonNull::from(&*ring.words).cast(),
            mask: capacity - 1,
            ring: Arc::clone(&ring),
            head: 0,
            limit: capacity / 2,
            tail: 0,
            mark: capacity / 2,
        };
        (ring, producer)
    }

    /// The thread that writes, as a small number.
    pub(crate) fn thread_id(&self) -> u64 {
        self.thread_id
    }

    /// The memory the words take.
    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }

    /// How much of it waits to be drained.
    pub(crate) fn waiting_bytes(&self) -> usize {
        // The tail first: it does not pass the head.
        let tail = self.tail.0.load(Ordering::Relaxed);
        let head = self.head.0.load(Ordering::Relaxed);
        head.wrapping_sub(tail) * size_of::<u64>()
    }

    /// True if nothing will be written any more. What was written before may still be there.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Hands every published record to `visit`, in the order written, and frees its words.
    ///
    /// Only the collector calls this, one call at a time.
    pub(crate) fn drain(&self, mut visit: impl FnMut(&[u64])) {
        let head = self.head.0.load(Ordering::Acquire);
        let mut tail = self.tail.0.load(Ordering::Relaxed);
        let release_every = self.words.len() / 4;
        let mut released = tail;
        while tail != head {
            let header = Header(self.read(tail));
            let words = header.words();
            debug_assert!(words > 0 && words <= head.wrapping_sub(tail));
            if header.kind() != Some(RecordKind::Pad) {
                self.lend(tail, words, &mut visit);
            }
            tail = tail.wrapping_add(words);
            if tail.wrapping_sub(released) >= release_every {
                self.tail.0.store(tail, Ordering::Release);
                released = tail;
            }
        }
        self.tail.0.store(tail, Ordering::Release);
    }

    /// Shows one record where it lies.
    #[cfg(not(loom))]
    fn lend(&self, position: usize, words: usize, visit: &mut impl FnMut(&[u64])) {
        let first = position & (self.words.len() - 1);
        let record = &self.words[first..first + words];
        // SAFETY: the record lies between the tail and a head loaded with Acquire, and the tail
        // moves only after `visit` has returned.
        visit(unsafe { Word::as_numbers(record) });
    }

    /// Loom watches each word by itself, so there the record is copied.
    #[cfg(loom)]
    fn lend(&self, position: usize, words: usize, visit: &mut impl FnMut(&[u64])) {
        let record: Vec<u64> = (0..words)
            .map(|offset| self.read(position + offset))
            .collect();
        visit(&record);
    }

    fn read(&self, position: usize) -> u64 {
        let index = position & (self.words.len() - 1);
        // SAFETY: `drain` reads positions between the tail and a head loaded with Acquire.
        unsafe { self.words[index].read() }
    }
}

impl Producer {
    /// True if a record of `words` words goes in without further ado.
    #[inline]
    pub(crate) fn has_room(&self, words: usize) -> bool {
        self.limit.wrapping_sub(self.head) >= words
    }

    /// Where the next record goes.
    ///
    /// # Safety
    /// [`has_room`](Self::has_room) said yes, for as many words as will be written, since the
    /// last [`publish`](Self::publish).
    #[inline]
    pub(crate) unsafe fn writer(&mut self) -> Writer<'_> {
        // SAFETY: the offset is masked by the length, which is a power of two.
        let first = unsafe { self.first.add(self.head & self.mask) };
        Writer(first, PhantomData)
    }

    /// Makes the record just written visible to the consumer.
    #[inline]
    pub(crate) fn publish(&mut self, words: usize) {
        self.head = self.head.wrapping_add(words);
        self.ring.head.0.store(self.head, Ordering::Release);
    }

    /// Tries to make [`has_room`](Self::has_room) true for `words`.
    #[cold]
    pub(crate) fn make_room(&mut self, words: usize) -> Room {
        let capacity = self.ring.words.len();
        if words > capacity / 2 {
            return Room::Never;
        }
        self.tail = self.ring.tail.0.load(Ordering::Acquire);
        let to_wrap = capacity - (self.head & (capacity - 1));
        if to_wrap < words {
            if self.free() < to_wrap {
                return Room::Full;
            }
            self.limit = self.head + to_wrap;
            let pad = Header::new(RecordKind::Pad, to_wrap);
            // SAFETY: the words up to the wrap are free.
            let mut writer = unsafe { self.writer() };
            // SAFETY: there is at least one of them.
            unsafe { writer.put(0, pad.0) };
            self.publish(to_wrap);
        }
        if self.free() < words {
            self.limit = self.head;
            return Room::Full;
        }
        let passed_mark = self.mark.wrapping_sub(self.head) > capacity
            || self.mark.wrapping_sub(self.head) < words;
        if passed_mark {
            self.mark = self.head.wrapping_add(capacity / 2);
        }
        let to_wrap = capacity - (self.head & (capacity - 1));
        let to_mark = self.mark.wrapping_sub(self.head);
        self.limit = self
            .head
            .wrapping_add(self.free().min(to_wrap).min(to_mark));
        if passed_mark {
            Room::YesAndMark
        } else {
            Room::Yes
        }
    }

    /// The words of the whole ring.
    pub(crate) fn capacity(&self) -> usize {
        self.ring.words.len()
    }

    fn free(&self) -> usize {
        self.ring.words.len() - self.head.wrapping_sub(self.tail)
    }
}

impl Writer<'_> {
    /// Writes one word of the record.
    ///
    /// # Safety
    /// `offset` is below the length for which there is room.
    #[inline]
    pub(crate) unsafe fn put(&mut self, offset: usize, word: u64) {
        // SAFETY: the caller's promise; a record with room never crosses the wrap.
        let cell = unsafe { self.0.add(offset) };
        // SAFETY: the ring lives as long as the writer, and nobody has a mutable reference.
        let cell = unsafe { cell.as_ref() };
        // SAFETY: there is room, so the consumer has released the word.
        unsafe { cell.write(word) };
    }

    /// Writes words one after the other, given as the bytes that they are in memory.
    ///
    /// # Safety
    /// From `offset` on there is room for all of them.
    #[inline]
    #[cfg(not(loom))]
    pub(crate) unsafe fn put_all(&mut self, offset: usize, words: &[[u8; 8]]) {
        // SAFETY: the caller's promise; a record with room never crosses the wrap.
        let first = unsafe { self.0.add(offset) };
        let to = first.as_ptr().cast::<[u8; 8]>();
        // SAFETY: there is room, so the consumer has released the words, and nobody else writes. A
        // word is a cell, and takes any eight bytes.
        unsafe { std::ptr::copy_nonoverlapping(words.as_ptr(), to, words.len()) };
    }

    /// Loom watches each word by itself.
    #[cfg(loom)]
    pub(crate) unsafe fn put_all(&mut self, offset: usize, words: &[[u8; 8]]) {
        for (index, word) in words.iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { self.put(offset + index, u64::from_ne_bytes(*word)) };
        }
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        // Pairs with the Acquire in `is_closed`: who sees it closed sees the last head as well.
        self.ring.closed.store(true, Ordering::Release);
    }
}
