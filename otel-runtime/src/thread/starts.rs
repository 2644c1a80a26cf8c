//! How many spans have begun, recorded or not.
//!
//! A thread counts in its own memory, with a load and a store. It is on a list
//! from the moment it is seeded until it ends, so that whoever wants the sums
//! can look into the memory of all of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Local, with};
use crate::context::Current;
use crate::per_process::PerProcess;

/// Where the parent of a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In this process.
    Local,
    /// In another one.
    Remote,
    /// Nowhere: a trace begins.
    None,
}

/// Counts of spans that have begun on one thread; only that thread writes.
#[derive(Debug)]
pub(super) struct Starts([AtomicU64; KINDS]);

/// The same of all threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StartCounts([u64; KINDS]);

/// Recorded and unrecorded ones of each origin, and those that were given up before they started.
const KINDS: usize = 7;
const NEVER_STARTED: usize = 6;

const fn kind(origin: Origin, is_recorded: bool) -> usize {
    origin as usize * 2 + is_recorded as usize
}

/// The threads that count, and what those have counted that have ended.
#[derive(Debug, Default)]
struct Threads {
    counting: Vec<Counting>,
    ended: StartCounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counting(*const Starts);

// SAFETY: a thread takes its own off the list, under the lock, before the memory is gone.
unsafe impl Send for Counting {}

static THREADS: PerProcess<Mutex<Threads>> = PerProcess::new();

impl Starts {
    pub(super) const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; KINDS])
    }

    #[inline(always)]
    fn add(&self, kind: usize) {
        let count = self.0[kind].load(Ordering::Relaxed);
        self.0[kind].store(count.wrapping_add(1), Ordering::Relaxed);
    }

    fn read(&self) -> StartCounts {
        StartCounts(std::array::from_fn(|kind| {
            self.0[kind].load(Ordering::Relaxed)
        }))
    }
}

impl Local {
    /// A span has begun that will be written when it ends, or will not.
    #[inline(always)]
    pub(crate) fn count_start(&self, origin: Origin, is_recorded: bool) {
        self.starts.add(kind(origin, is_recorded));
    }

    /// A span that was to be recorded was given up before it started.
    pub(crate) fn count_never_started(&self) {
        self.starts.add(NEVER_STARTED);
    }

    /// Puts what the thread counts on the list. Not for a fork handler.
    #[cold]
    pub(super) fn list_starts(&self) {
        if self.starts_are_listed.replace(true) || self.has_ended.get() {
            return;
        }
        // What follows may allocate, and the allocator may be annotated.
        let current = self.replace_current(Current::SUPPRESSED);
        SENTINEL.with(|_| ());
        lock(THREADS.made()).counting.push(Counting(&self.starts));
        self.set_current(current);
    }

    /// Forgets what the parent's thread had counted, in a forked child.
    pub(super) fn forget_starts(&self) {
        THREADS.abandon();
        self.starts_are_listed.set(false);
        for count in &self.starts.0 {
            count.store(0, Ordering::Relaxed);
        }
    }
}

/// How many spans have begun so far, on all threads.
pub(crate) fn start_counts() -> StartCounts {
    let Some(threads) = THREADS.known() else {
        return StartCounts::default();
    };
    let threads = lock(threads);
    let mut sum = threads.ended;
    for counting in &threads.counting {
        // SAFETY: the thread is still there: it has not taken this off the list.
        sum.add(unsafe { &*counting.0 }.read());
    }
    sum
}

impl StartCounts {
    pub(crate) fn of(&self, origin: Origin, is_recorded: bool) -> u64 {
        self.0[kind(origin, is_recorded)]
    }

    /// Recorded spans of any origin that have really started.
    pub(crate) fn recorded(&self) -> u64 {
        let begun: u64 = [Origin::Local, Origin::Remote, Origin::None]
            .map(|origin| self.of(origin, true))
            .iter()
            .sum();
        begun.saturating_sub(self.0[NEVER_STARTED])
    }

    /// What came after `before`.
    pub(crate) fn since(&self, before: &Self) -> Self {
        Self(std::array::from_fn(|kind| {
            self.0[kind].saturating_sub(before.0[kind])
        }))
    }

    fn add(&mut self, other: Self) {
        for (sum, count) in self.0.iter_mut().zip(other.0) {
            *sum += count;
        }
    }
}

/// Takes the thread off the list when it ends.
struct Sentinel;

thread_local! {
    static SENTINEL: Sentinel = const { Sentinel };
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        with(|local| {
            let Some(threads) = THREADS.known() else {
                return;
            };
            let own = Counting(&local.starts);
            let mut threads = lock(threads);
            if let Some(place) = threads.counting.iter().position(|known| *known == own) {
                threads.counting.swap_remove(place);
                threads.ended.add(local.starts.read());
            }
        });
    }
}

fn lock(threads: &Mutex<Threads>) -> MutexGuard<'_, Threads> {
    threads.lock().unwrap_or_else(PoisonError::into_inner)
}
