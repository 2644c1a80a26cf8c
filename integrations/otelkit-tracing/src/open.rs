//! Spans of `tracing` that are open, by their ids.
//!
//! What is known of a span is written when it begins and hardly changes, so it lies in atomics
//! that any thread reads without a lock. Invariant, which `tracing` keeps for us: an id travels to
//! another thread after the span was made, and is closed after everybody has used it.

use std::sync::atomic::{AtomicU64, Ordering};

use otel_runtime::bridge::BridgedSpan;
use otel_runtime::export::Outcome;
use tracing_core::span::Id;

use crate::table::Table;

/// The open spans of one subscriber: ids mean nothing to others.
#[derive(Debug)]
pub(crate) struct Spans(Table<Open>);

/// A span that is open.
#[derive(Debug, Default)]
pub(crate) struct Open {
    words: [AtomicU64; BridgedSpan::WORDS],
    /// The address of its callsite's metadata; zero if it shows a span of the runtime.
    place: AtomicU64,
    /// Its kind, and whether it has failed.
    marks: AtomicU64,
}

/// A span as it was when it was closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
    pub(crate) span: BridgedSpan,
    pub(crate) place: u64,
    pub(crate) kind: usize,
    pub(crate) outcome: Outcome,
}

/// In the marks, above the kind.
const HAS_FAILED: u64 = 1 << 8;

impl Spans {
    pub(crate) const fn new() -> Self {
        Self(Table::new())
    }

    /// Keeps a span until it is closed; `None` if there is no room for it.
    pub(crate) fn insert(
        &self,
        id: &Id,
        span: BridgedSpan,
        place: u64,
        kind: usize,
    ) -> Option<&Open> {
        let open = self.0.insert(id.into_u64())?;
        for (kept, word) in open.words.iter().zip(span.to_words()) {
            kept.store(word, Ordering::Relaxed);
        }
        open.place.store(place, Ordering::Relaxed);
        open.marks.store(kind as u64, Ordering::Relaxed);
        Some(open)
    }

    /// The span with this id; `None` if we do not know it.
    #[inline]
    pub(crate) fn find(&self, id: &Id) -> Option<&Open> {
        self.0.find(id.into_u64())
    }

    /// Keeps what stands for a span of the runtime that is shown by this one.
    pub(crate) fn insert_shown(&self, id: &Id, span: BridgedSpan) {
        if self.insert(id, span, 0, 0).is_none() {
            span.release();
        }
    }

    /// Forgets a span, and says what it was.
    pub(crate) fn close(&self, id: &Id) -> Option<Closed> {
        self.0.remove(id.into_u64(), |open| {
            let marks = open.marks.load(Ordering::Relaxed);
            Closed {
                span: open.span(),
                place: open.place(),
                kind: (marks & (HAS_FAILED - 1)) as usize,
                outcome: match marks & HAS_FAILED {
                    0 => Outcome::Ok,
                    _ => Outcome::Error,
                },
            }
        })
    }
}

impl Open {
    /// A number that no other open span has, of whatever subscriber.
    #[inline]
    pub(crate) fn token(&self) -> u64 {
        std::ptr::from_ref(self).addr() as u64
    }

    #[inline]
    pub(crate) fn span(&self) -> BridgedSpan {
        let word = |index: usize| self.words[index].load(Ordering::Relaxed);
        BridgedSpan::from_words(std::array::from_fn(word))
    }

    pub(crate) fn place(&self) -> u64 {
        self.place.load(Ordering::Relaxed)
    }

    /// It shows a span of the runtime.
    pub(crate) fn is_shown(&self) -> bool {
        self.place() == 0
    }

    /// More has been said of it than its words know.
    pub(crate) fn share(&self) {
        let (word, bits) = BridgedSpan::SHARED;
        self.words[word].fetch_or(bits, Ordering::Relaxed);
    }

    /// It is of this kind, unless that is the usual one.
    pub(crate) fn be_of(&self, kind: usize) {
        if kind != 0 {
            let marks = self.marks.load(Ordering::Relaxed) & HAS_FAILED;
            self.marks.store(marks | kind as u64, Ordering::Relaxed);
        }
    }

    /// It ends with an error.
    pub(crate) fn fail(&self) {
        self.marks.fetch_or(HAS_FAILED, Ordering::Relaxed);
    }
}
