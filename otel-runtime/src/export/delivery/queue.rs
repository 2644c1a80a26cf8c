//! The queue between the collector thread and one worker thread.
//!
//! Bounded in bytes and spans, what is being delivered included. Parcels are settled in
//! the order in which they were sent, so "everything sent so far" is a number.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::Capacity;
use super::receipt::Receipt;
use crate::export::exporter::FlushError;
use crate::stats::{ExporterStats, LossCause};

/// What is delivered, and what it counts as.
#[derive(Debug)]
pub(crate) struct Parcel<T> {
    pub(crate) content: T,
    pub(crate) spans: u64,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// Told to the worker: a parcel arrived, or the queue closes.
    pub(super) work: Condvar,
    /// Told to whoever flushes: a parcel was settled, or the worker ended.
    settled: Condvar,
    capacity: Capacity,
    stats: Arc<ExporterStats>,
}

#[derive(Debug)]
pub(super) struct State<T> {
    waiting: VecDeque<Parcel<T>>,
    /// Of `waiting` and of the parcel being delivered.
    bytes: usize,
    /// Parcels that ever got a place, and those settled since.
    parcels: (u64, u64),
    /// Spans that ever got a place.
    taken: u64,
    /// Of those, the ones delivered or lost since.
    settled: u64,
    /// Spans lost, also those that never got a place.
    lost: u64,
    pub(super) last_error: Option<String>,
    /// No more parcels come, and this is when patience ends.
    pub(super) closing: Option<Instant>,
    /// The worker has ended, or nobody waits for it any more.
    pub(super) ended: bool,
    /// Contents that were delivered, to be filled again.
    spare: Vec<T>,
}

/// Memory of so many delivered parcels is kept: one is filled while one is sent.
const SPARE: usize = 2;

impl<T> Queue<T> {
    pub(super) fn new(capacity: Capacity, stats: Arc<ExporterStats>) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            bytes: 0,
            parcels: (0, 0),
            taken: 0,
            settled: 0,
            lost: 0,
            last_error: None,
            closing: None,
            ended: false,
            spare: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
            work: Condvar::new(),
            settled: Condvar::new(),
            capacity,
            stats,
        }
    }

    /// A used content to fill, if there is one.
    #[cfg(feature = "otlp")]
    pub(super) fn spare(&self) -> Option<T> {
        self.lock().spare.pop()
    }

    /// Takes a parcel, or counts it as lost.
    pub(super) fn push(&self, parcel: Parcel<T>) {
        let mut state = self.lock();
        let cause = if !self.capacity.holds(parcel.bytes, parcel.spans) {
            Some(LossCause::RecordTooLarge)
        } else if state.ended || state.closing.is_some() {
            Some(LossCause::Shutdown)
        } else if !self.capacity.holds(
            state.bytes + parcel.bytes,
            state.taken - state.settled + parcel.spans,
        ) {
            Some(LossCause::QueueFull)
        } else {
            None
        };
        match cause {
            None => {
                state.parcels.0 += 1;
                state.taken += parcel.spans;
                state.bytes += parcel.bytes;
                state.waiting.push_back(parcel);
                self.work.notify_one();
            }
            Some(cause) => {
                self.stats.add_dropped(cause, parcel.spans);
                state.lost += parcel.spans;
                state.keep(parcel.content);
            }
        }
    }

    /// The next parcel, or `None` when there will be none.
    pub(super) fn pop(&self) -> Option<Parcel<T>> {
        let mut state = self.lock();
        loop {
            if state.ended {
                return None;
            }
            if let Some(parcel) = state.waiting.pop_front() {
                return Some(parcel);
            }
            if state.closing.is_some() {
                return None;
            }
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Counts the spans of a parcel that was popped.
    pub(super) fn settle(&self, parcel: Parcel<T>, receipt: Receipt) {
        let mut state = self.lock();
        if state.ended {
            return; // they have been counted as lost
        }
        state.bytes -= parcel.bytes;
        state.parcels.1 += 1;
        state.settled += parcel.spans;
        let (cause, lost, reason) = match receipt {
            Receipt::Delivered => (LossCause::Rejected, 0, None),
            #[cfg(feature = "otlp")]
            Receipt::Partly { rejected, reason } => (
                LossCause::Rejected,
                rejected.min(parcel.spans),
                Some(reason),
            ),
            Receipt::Lost { cause, reason } => (cause, parcel.spans, Some(reason)),
        };
        self.stats.add_exported(parcel.spans - lost);
        self.stats.add_dropped(cause, lost);
        state.lost += lost;
        if reason.is_some() {
            state.last_error = reason;
        }
        state.keep(parcel.content);
        self.settled.notify_all();
    }

    /// Waits until all that was taken so far is settled.
    pub(super) fn flush(&self, lost_before: u64, deadline: Instant) -> Result<(), FlushError> {
        let mut state = self.lock();
        let (taken, parcels) = (state.taken, state.parcels.0);
        while state.parcels.1 < parcels && !state.ended {
            let Some(rest) = time_until(deadline) else {
                break;
            };
            state = self
                .settled
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.result(taken.saturating_sub(state.settled), lost_before)
    }

    /// Spans lost so far.
    pub(super) fn lost(&self) -> u64 {
        self.lock().lost
    }

    /// Lets the worker deliver what it can, and gives it up at the deadline.
    pub(super) fn close(&self, lost_before: u64, deadline: Instant) -> Result<(), FlushError> {
        let mut state = self.lock();
        state.closing = Some(deadline);
        self.work.notify_all();
        while !state.ended {
            let Some(rest) = time_until(deadline) else {
                break;
            };
            state = self
                .settled
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        self.end(&mut state, LossCause::Shutdown);
        state.result(0, lost_before)
    }

    /// Called when the worker ends, also when it panics.
    pub(super) fn worker_ended(&self) {
        let mut state = self.lock();
        self.end(&mut state, LossCause::Failed);
    }

    /// Counts everything unsettled as lost; the second call does nothing.
    fn end(&self, state: &mut State<T>, cause: LossCause) {
        if !state.ended {
            let unsettled = state.taken - state.settled;
            self.stats.add_dropped(cause, unsettled);
            state.settled = state.taken;
            state.lost += unsettled;
            state.ended = true;
            state.waiting.clear();
            state.spare.clear();
        }
        self.settled.notify_all();
        self.work.notify_all();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<T>> {
        // no code of others runs under the lock, so the state is whole even then
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn keep(&mut self, content: T) {
        if self.spare.len() < SPARE && !self.ended {
            self.spare.push(content);
        }
    }

    fn result(&self, unsettled: u64, lost_before: u64) -> Result<(), FlushError> {
        match unsettled + (self.lost - lost_before) {
            0 => Ok(()),
            pending => Err(FlushError {
                pending,
                last_error: self.last_error.clone(),
            }),
        }
    }
}

pub(super) fn time_until(instant: Instant) -> Option<Duration> {
    let rest = instant.saturating_duration_since(Instant::now());
    (!rest.is_zero()).then_some(rest)
}
