//! How long the worker may go on with what it has in its hands.

#[cfg(feature = "otlp")]
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::queue::Queue;
#[cfg(feature = "otlp")]
use super::queue::time_until;
#[cfg(any(feature = "file", feature = "lines"))]
use crate::stats::Signal;

/// How long a courier may go on with the parcel in its hands.
#[derive(Debug)]
pub(crate) struct Patience<'a, T> {
    pub(super) queue: &'a Queue<T>,
}

impl<T> Patience<'_, T> {
    /// How much time a closing worker has left; nothing if it is not closing.
    pub(super) fn remaining(&self) -> Duration {
        let deadline = self.queue.lock().closing;
        deadline.map_or(Duration::ZERO, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        })
    }

    /// False if the queue is closing, and no time is left.
    #[cfg(any(feature = "file", feature = "lines"))]
    pub(super) fn lasts(&self) -> bool {
        let state = self.queue.lock();
        let is_over = |deadline: Instant| deadline <= Instant::now();
        !state.ended && !state.closing.is_some_and(is_over)
    }

    /// Says that something goes out now, if there is still somebody who counts it.
    #[cfg(any(feature = "file", feature = "lines"))]
    pub(super) fn begin_piece(&self) -> bool {
        let mut state = self.queue.lock();
        state.in_hand.is_going_out = !state.ended;
        !state.ended
    }

    /// Says that it has gone out, or not: so many items of the parcel are delivered.
    #[cfg(any(feature = "file", feature = "lines"))]
    pub(super) fn end_piece(&self, signal: Signal, items: u64) {
        self.queue.deliver_piece(signal, items);
    }
}

#[cfg(feature = "otlp")]
impl<T> Patience<'_, T> {
    /// When the queue is closing: the moment by which all must be done.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.queue.lock().closing
    }

    /// Tells those who flush why it takes so long.
    pub(crate) fn note_error(&self, reason: &str) {
        let mut state = self.queue.lock();
        match &mut state.last_error {
            Some(known) => reason.clone_into(known),
            unknown => *unknown = Some(reason.to_owned()),
        }
    }

    /// Waits until `until`, and returns true if another attempt makes sense.
    ///
    /// When the queue is closing, the wait is [cut short](Cut), or there is
    /// another attempt only if it fits before the deadline.
    pub(crate) fn wait(&self, until: Instant, cut: Cut) -> bool {
        let mut state = self.queue.lock();
        loop {
            if state.ended {
                return false;
            }
            if let Some(deadline) = state.closing {
                if cut == Cut::Short {
                    return true;
                }
                if until >= deadline {
                    return false;
                }
            }
            let Some(rest) = time_until(until) else {
                return true;
            };
            state = self
                .queue
                .work
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// What a wait becomes when the queue closes.
#[cfg(feature = "otlp")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It ends at once, for one last attempt.
    Short,
    /// It lasts, or the attempt is given up: the receiver has asked for it, or the last
    /// attempt was made.
    Not,
}
