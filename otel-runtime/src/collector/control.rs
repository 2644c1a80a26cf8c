//! How the rest of the program talks to the collector thread.

use std::collections::VecDeque;
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
    answers: Vec<(u64, Option<String>)>,
    next_id: u64,
    /// The thread is gone: nobody will answer.
    is_dead: bool,
    collector: Option<ThreadId>,
}

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
    /// The collector has been shut down, or died.
    Gone,
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

    pub(crate) fn set_closing(&self, deadline: Instant) {
        // Only one shutdown is ever asked for.
        let _ = self.closing.set(deadline);
    }

    /// True if the runtime should have ended by now: what is left is only counted.
    pub(crate) fn is_overdue(&self) -> bool {
        self.closing
            .get()
            .is_some_and(|deadline| Instant::now() >= *deadline)
    }

    /// Asks the collector to deliver everything, and waits for the answer.
    pub(crate) fn request(&self, deadline: Instant, is_shutdown: bool) -> Result<(), Unfulfilled> {
        let mut state = self.lock();
        if state.collector == Some(std::thread::current().id()) {
            return Err(Unfulfilled::AskedFromCollector);
        }
        let id = state.next_id;
        state.next_id += 1;
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
    pub(crate) fn answer(&self, request: &Request, problem: Option<String>) {
        /// Nobody may be waiting any more: answers do not pile up.
        const KEPT_ANSWERS: usize = 64;
        let mut state = self.lock();
        if state.answers.len() >= KEPT_ANSWERS {
            state.answers.remove(0);
        }
        state.answers.push((request.id, problem));
        drop(state);
        self.changed.notify_all();
    }

    /// Called by the collector: whoever waits is told when the thread ends, however it ends.
    pub(crate) fn declare_dead_at_end(&self) -> impl Drop {
        struct Dead<'a>(&'a Control);
        impl Drop for Dead<'_> {
            fn drop(&mut self) {
                self.0.lock().is_dead = true;
                self.0.changed.notify_all();
            }
        }
        self.lock().collector = Some(std::thread::current().id());
        Dead(self)
    }

    fn wait_for(&self, id: u64, deadline: Instant) -> Result<(), Unfulfilled> {
        /// The collector stops at the deadline; its answer needs a moment more.
        const GRACE: Duration = Duration::from_millis(250);
        let last = deadline + GRACE;
        let mut state = self.lock();
        loop {
            if let Some(at) = state
                .answers
                .iter()
                .position(|(answered, _)| *answered == id)
            {
                return match state.answers.swap_remove(at).1 {
                    None => Ok(()),
                    Some(problem) => Err(Unfulfilled::Undelivered(problem)),
                };
            }
            if state.is_dead {
                return Err(Unfulfilled::Gone);
            }
            let now = Instant::now();
            if now >= last {
                return Err(Unfulfilled::TimedOut);
            }
            let waited = self.changed.wait_timeout(state, last - now);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
