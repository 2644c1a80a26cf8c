//! How many spans have begun, recorded or not.
//!
//! A thread counts in words of its own, with a load and a store. They keep
//! their numbers when the thread ends, and the next one goes on counting in
//! them, so that the sum over all words is that over all threads.

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

/// Counts of spans that have begun on a thread; only that thread writes. On a cache line of its own.
#[derive(Debug)]
#[repr(align(64))]
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

/// The words of all threads, and those of them whose thread has ended.
#[derive(Debug, Default)]
struct Threads {
    all: Vec<&'static Starts>,
    free: Vec<&'static Starts>,
}

static THREADS: PerProcess<Mutex<Threads>> = PerProcess::new();

/// For threads that have no words of their own, because they are about to end. They may overwrite
/// each other's numbers.
pub(super) static OF_NOBODY: Starts = Starts::new();

impl Starts {
    const fn new() -> Self {
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
        self.starts.get().add(kind(origin, is_recorded));
    }

    /// A span that was to be recorded was given up before it started.
    pub(crate) fn count_never_started(&self) {
        self.starts.get().add(NEVER_STARTED);
    }

    /// Gives the thread words of its own. Not for a fork handler.
    #[cold]
    pub(super) fn own_starts(&self) {
        if self.has_starts.replace(true) {
            return;
        }
        // What follows may allocate, and the allocator may be annotated.
        let current = self.replace_current(Current::SUPPRESSED);
        SENTINEL.with(|_| ());
        let mut threads = lock(THREADS.made());
        let starts = threads.free.pop().unwrap_or_else(|| {
            let made: &'static Starts = Box::leak(Box::new(Starts::new()));
            threads.all.push(made);
            made
        });
        drop(threads);
        self.starts.set(starts);
        self.set_current(current);
    }

    /// Forgets what the parent's threads have counted, in a forked child.
    pub(super) fn forget_starts(&self) {
        THREADS.abandon();
        self.has_starts.set(false);
        self.starts.set(&OF_NOBODY);
        for count in &OF_NOBODY.0 {
            count.store(0, Ordering::Relaxed);
        }
    }
}

/// How many spans have begun so far, on all threads.
pub(crate) fn start_counts() -> StartCounts {
    let mut sum = OF_NOBODY.read();
    if let Some(threads) = THREADS.known() {
        let threads = lock(threads);
        threads.all.iter().for_each(|starts| sum.add(starts.read()));
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

/// Gives the words back when the thread ends.
struct Sentinel;

thread_local! {
    static SENTINEL: Sentinel = const { Sentinel };
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        with(|local| {
            local.forget_entered();
            let starts = local.starts.replace(&OF_NOBODY);
            if let Some(threads) = THREADS.known() {
                let mut threads = lock(threads);
                // Those of a parent are not among this process's.
                if threads.all.iter().any(|known| std::ptr::eq(*known, starts)) {
                    threads.free.push(starts);
                }
            }
        });
    }
}

fn lock(threads: &Mutex<Threads>) -> MutexGuard<'_, Threads> {
    threads.lock().unwrap_or_else(PoisonError::into_inner)
}
