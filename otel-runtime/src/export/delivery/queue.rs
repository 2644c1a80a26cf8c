//! The queue between the collector thread and one worker thread.
//!
//! Bounded in bytes and items, what is being delivered included. Parcels are settled in
//! the order in which they were sent, so "everything sent so far" is a number.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::Capacity;
use super::items::Items;
use super::receipt::Receipt;
use crate::export::exporter::FlushError;
use crate::stats::{ExporterStats, LossCause, Signal};

/// What is delivered, and what it counts as.
#[derive(Debug)]
pub(crate) struct Parcel<T> {
    pub(crate) content: T,
    pub(crate) signal: Signal,
    /// How many spans, points of metrics, or log records.
    pub(crate) items: u64,
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
    /// What ever got a place.
    taken: Items,
    /// Of that, what was delivered or lost since.
    settled: Items,
    /// What was lost, also what never got a place.
    lost: Items,
    pub(super) in_hand: InHand,
    /// As many parcels had been settled when somebody waited for room in vain.
    stuck_at: Option<u64>,
    pub(super) last_error: Option<String>,
    /// No more parcels come, and this is when patience ends.
    pub(super) closing: Option<Instant>,
    /// The worker has ended, or nobody waits for it any more.
    pub(super) ended: bool,
    /// Contents that were delivered, to be filled again.
    spare: Vec<T>,
}

/// What is known of the parcel that the worker has.
#[derive(Debug, Default)]
pub(super) struct InHand {
    /// So many of its items have been delivered, and counted.
    delivered: u64,
    /// A piece of it goes out right now.
    pub(super) is_going_out: bool,
}

/// How long a queue that closes is late at most, to count the piece that goes out right now.
const LATE: Duration = Duration::from_millis(5);
/// Memory of so many delivered parcels is kept: one is filled while one is sent.
const SPARE: usize = 2;

impl<T> Queue<T> {
    pub(super) fn new(capacity: Capacity, stats: Arc<ExporterStats>) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            bytes: 0,
            parcels: (0, 0),
            taken: Items::default(),
            settled: Items::default(),
            lost: Items::default(),
            in_hand: InHand::default(),
            stuck_at: None,
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

    /// The figures of the exporter.
    pub(super) fn stats(&self) -> &ExporterStats {
        &self.stats
    }

    /// A used content to fill, if there is one.
    #[cfg(any(feature = "otlp", feature = "lines"))]
    pub(super) fn spare(&self) -> Option<T> {
        self.lock().spare.pop()
    }

    /// Takes a parcel, or counts it as lost; waits this long for room if there is none.
    pub(super) fn push(&self, parcel: Parcel<T>, longest: Duration) {
        let mut state = self.lock();
        if !longest.is_zero() && self.refusal(&state, &parcel) == Some(LossCause::QueueFull) {
            state = self.wait_for_room(state, &parcel, longest);
        }
        let items = Items::of(parcel.signal, parcel.items);
        match self.refusal(&state, &parcel) {
            None => {
                state.parcels.0 += 1;
                state.taken += items;
                state.bytes += parcel.bytes;
                state.waiting.push_back(parcel);
                self.work.notify_one();
            }
            Some(cause) => {
                self.stats.count_dropped(parcel.signal, cause, parcel.items);
                state.lost += items;
                state.keep(parcel.content);
            }
        }
    }

    /// Why a parcel cannot be taken now.
    fn refusal(&self, state: &State<T>, parcel: &Parcel<T>) -> Option<LossCause> {
        let waiting = (state.taken - state.settled).number(parcel.signal);
        let (bytes, items) = (state.bytes + parcel.bytes, waiting + parcel.items);
        if !self.capacity.holds(parcel.bytes, parcel.items) {
            Some(LossCause::RecordTooLarge)
        } else if state.ended || state.closing.is_some() {
            Some(LossCause::Shutdown)
        } else if !self.capacity.holds(bytes, items) {
            Some(LossCause::QueueFull)
        } else {
            None
        }
    }

    /// Waits until there is room for the parcel, or another reason not to take it. A worker that was
    /// waited for in vain is not waited for again before it has settled something.
    fn wait_for_room<'a>(
        &self,
        mut state: MutexGuard<'a, State<T>>,
        parcel: &Parcel<T>,
        longest: Duration,
    ) -> MutexGuard<'a, State<T>> {
        let settled = state.parcels.1;
        if state.stuck_at == Some(settled) {
            return state;
        }
        let deadline = Instant::now() + longest;
        while self.refusal(&state, parcel) == Some(LossCause::QueueFull) {
            let Some(rest) = time_until(deadline) else {
                if state.parcels.1 == settled {
                    state.stuck_at = Some(settled);
                }
                break;
            };
            state = self
                .settled
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state
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

    /// Counts what was in a parcel that was popped.
    pub(super) fn settle(&self, parcel: Parcel<T>, receipt: Receipt) {
        let mut state = self.lock();
        if state.ended {
            return; // they have been counted as lost
        }
        state.bytes -= parcel.bytes;
        state.parcels.1 += 1;
        let before = std::mem::take(&mut state.in_hand).delivered;
        let items = parcel.items - before;
        state.settled += Items::of(parcel.signal, items);
        let (cause, lost, reason) = match receipt {
            Receipt::Delivered => (LossCause::Rejected, 0, None),
            #[cfg(any(feature = "otlp", feature = "lines"))]
            Receipt::Partly {
                cause,
                lost,
                reason,
            } => (cause, lost.min(items), Some(reason)),
            Receipt::Lost { cause, reason } => (cause, items, Some(reason)),
        };
        self.stats.count_exported(parcel.signal, items - lost);
        self.stats.count_dropped(parcel.signal, cause, lost);
        state.lost += Items::of(parcel.signal, lost);
        if reason.is_some() {
            state.last_error = reason;
        }
        state.keep(parcel.content);
        self.settled.notify_all();
    }

    /// Counts items of the parcel that was popped as delivered, before it is settled.
    #[cfg(any(feature = "file", feature = "lines"))]
    pub(super) fn deliver_piece(&self, signal: Signal, items: u64) {
        let mut state = self.lock();
        state.in_hand.is_going_out = false;
        if state.ended {
            return; // they have been counted as lost
        }
        state.in_hand.delivered += items;
        state.settled += Items::of(signal, items);
        self.stats.count_exported(signal, items);
        if state.closing.is_some() {
            self.settled.notify_all();
        }
    }

    /// Waits until all that was taken so far is settled.
    pub(super) fn flush(&self, lost_before: Items, deadline: Instant) -> Result<(), FlushError> {
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
        state.result(taken - state.settled, lost_before)
    }

    /// What was lost so far.
    pub(super) fn lost(&self) -> Items {
        self.lock().lost
    }

    /// Lets the worker deliver what it can, and gives it up at the deadline.
    pub(super) fn close(&self, lost_before: Items, deadline: Instant) -> Result<(), FlushError> {
        let mut state = self.lock();
        state.closing = Some(deadline);
        self.work.notify_all();
        let late = deadline + LATE;
        while !state.ended {
            let until = if state.in_hand.is_going_out {
                late
            } else {
                deadline
            };
            let Some(rest) = time_until(until) else {
                break;
            };
            state = self
                .settled
                .wait_timeout(state, rest)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        self.end(&mut state, LossCause::Shutdown);
        state.result(Items::default(), lost_before)
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
            for signal in [Signal::Spans, Signal::Points, Signal::Logs] {
                let lost = unsettled.number(signal);
                self.stats.count_dropped(signal, cause, lost);
            }
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

    fn result(&self, unsettled: Items, lost_before: Items) -> Result<(), FlushError> {
        let pending = unsettled + (self.lost - lost_before);
        if pending == Items::default() {
            return Ok(());
        }
        Err(FlushError {
            pending: pending.spans,
            pending_points: pending.points,
            pending_logs: pending.logs,
            last_error: self.last_error.clone(),
        })
    }
}

pub(super) fn time_until(instant: Instant) -> Option<Duration> {
    let rest = instant.saturating_duration_since(Instant::now());
    (!rest.is_zero()).then_some(rest)
}
