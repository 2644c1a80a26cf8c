//! How the rest of the program talks to the collector thread.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use crate::ring::registry;
use crate::stats::Counts;

/// Shared by the collector and everybody who asks something of it.
#[derive(Debug, Default)]
pub(crate) struct Control {
    state: Mutex<State>,
    changed: Condvar,
    /// The runtime is shutting down, and this is when it must be done.
    closing: OnceLock<Instant>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct State {
    requests: VecDeque<Request>,
    /// Who waits for an answer, and the answer once it is there.
    waiting: BTreeMap<u64, Option<Answer>>,
    next_id: u64,
    /// The thread works no more, since a shutdown or a panic: nobody will answer.
    is_dead: bool,
    has_panicked: bool,
    /// The thread has released everything it had.
    is_gone: bool,
    collector: Option<ThreadId>,
}

/// What could not be done, if anything.
type Answer = Option<String>;

/// Deliver everything by a deadline.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    id: u64,
    deadline: Instant,
    is_shutdown: bool,
}

/// Why a request was not fulfilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfulfilled {
    /// The time was up.
    TimedOut,
    /// The collector has panicked.
    Gone,
    /// The collector has done its work, but does not end.
    Lingering,
    /// The collector's own thread asked: it cannot wait for itself.
    AskedFromCollector,
    /// An exporter could not deliver.
    Undelivered(String),
}

impl Request {
    pub(crate) fn is_shutdown(&self) -> bool {
        self.is_shutdown
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// When so much time will have passed; in a lifetime, if it cannot be said.
pub(crate) fn deadline_after(timeout: Duration) -> Instant {
    const LIFETIME: Duration = Duration::from_secs(1 << 31);
    let now = Instant::now();
    now.checked_add(timeout.min(LIFETIME)).unwrap_or(now)
}

impl Control {
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// True from the moment the dials have been turned off for good.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get().is_some()
    }

    /// Says when the runtime must have ended; false if an earlier shutdown has said so.
    pub(crate) fn begin_closing(&self, deadline: Instant) -> bool {
        self.closing.set(deadline).is_ok()
    }

    /// True on the collector's own thread, which cannot wait for itself.
    pub(crate) fn is_collector(&self) -> bool {
        self.lock().collector == Some(std::thread::current().id())
    }

    /// True if the runtime should have ended by now: what is left is only counted.
    pub(crate) fn is_overdue(&self) -> bool {
        self.closing
            .get()
            .is_some_and(|deadline| Instant::now() >= *deadline)
    }

    /// Asks the collector to deliver everything, and waits for the answer.
    pub(crate) fn request(&self, deadline: Instant, is_shutdown: bool) -> Result<(), Unfulfilled> {
        if self.is_collector() {
            return Err(Unfulfilled::AskedFromCollector);
        }
        let mut state = self.lock();
        let id = state.next_id;
        state.next_id += 1;
        state.waiting.insert(id, None);
        state.requests.push_back(Request {
            id,
            deadline,
            is_shutdown,
        });
        drop(state);
        registry().wake_collector();
        self.wait_for(id, deadline)
    }

    /// Called by the collector: sleeps until it is woken or `longest` has passed.
    pub(crate) fn sleep(&self, longest: Duration) {
        if self.lock().requests.is_empty() {
            std::thread::park_timeout(longest);
        }
    }

    /// Called by the collector.
    pub(crate) fn next_request(&self) -> Option<Request> {
        self.lock().requests.pop_front()
    }

    /// Called by the collector: the request is done, except for this problem.
    pub(crate) fn answer(&self, request: &Request, answer: Answer) {
        if let Some(slot) = self.lock().waiting.get_mut(&request.id) {
            *slot = Some(answer);
        }
        self.changed.notify_all();
    }

    /// Called by the collector: whoever waits is told when the thread ends, however it ends.
    pub(crate) fn declare_dead_at_end(&self) -> impl Drop {
        struct Dead<'a>(&'a Control);
        impl Drop for Dead<'_> {
            fn drop(&mut self) {
                let mut state = self.0.lock();
                state.is_dead = true;
                state.has_panicked = std::thread::panicking();
                drop(state);
                self.0.changed.notify_all();
            }
        }
        self.lock().collector = Some(std::thread::current().id());
        Dead(self)
    }

    /// Called by the collector thread, last.
    pub(crate) fn declare_gone(&self) {
        let mut state = self.lock();
        state.is_dead = true;
        state.is_gone = true;
        drop(state);
        self.changed.notify_all();
    }

    /// Waits for the end of the thread; false if it has not come by then.
    pub(crate) fn wait_until_gone(&self, deadline: Instant) -> bool {
        let mut state = self.lock();
        while !state.is_gone {
            match self.wait(state, deadline) {
                Some(locked) => state = locked,
                None => return false,
            }
        }
        true
    }

    /// True once the thread has released everything it had.
    pub(crate) fn is_gone(&self) -> bool {
        self.lock().is_gone
    }

    fn wait_for(&self, id: u64, deadline: Instant) -> Result<(), Unfulfilled> {
        let mut state = self.lock();
        loop {
            let answered = state.waiting.get_mut(&id).and_then(Option::take);
            if answered.is_some() || state.is_dead {
                state.waiting.remove(&id);
            }
            match answered {
                Some(None) => return Ok(()),
                Some(Some(problem)) => return Err(Unfulfilled::Undelivered(problem)),
                None if state.has_panicked => return Err(Unfulfilled::Gone),
                // the shutdown has delivered what there was
                None if state.is_dead => return Ok(()),
                None => {}
            }
            match self.wait(state, deadline) {
                Some(locked) => state = locked,
                None => {
                    self.lock().waiting.remove(&id);
                    return Err(Unfulfilled::TimedOut);
                }
            }
        }
    }

    /// Waits for a change; `None` if it is too late for one.
    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        deadline: Instant,
    ) -> Option<MutexGuard<'a, State>> {
        /// The collector stops at the deadline; its answer needs a moment more.
        const GRACE: Duration = Duration::from_millis(250);
        let last = deadline + GRACE;
        let rest = last.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return None;
        }
        let waited = self.changed.wait_timeout(state, rest);
        Some(waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
