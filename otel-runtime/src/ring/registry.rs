//! Every ring of the process, and how much memory they may take.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicPtr, AtomicU64};
use std::thread::Thread;

use super::sync::{Arc, AtomicUsize, Mutex, MutexGuard, Ordering};
use super::{Producer, Ring};

/// The rings the collector has to look at.
#[derive(Debug)]
pub(crate) struct Registry {
    rings: Mutex<Vec<Arc<Ring>>>,
    /// Threads for which the budget has no ring write here, one after the other.
    overflow: Mutex<Option<Producer>>,
    /// Grows with every change of the list, so that the collector copies it only then.
    version: AtomicUsize,
    bytes: AtomicUsize,
    budget_bytes: AtomicUsize,
    collector: Mutex<Option<Thread>>,
}

/// Words of a thread's first ring: 4 KiB. The model needs one it can go around.
const FIRST_WORDS: usize = if cfg!(loom) { 8 } else { 512 };
/// Words of the ring that threads without one share: 256 KiB.
const OVERFLOW_WORDS: usize = 32 * 1024;
/// Words of the largest ring: 2 MiB.
const LARGEST_WORDS: usize = 256 * 1024;
/// A ring that is too small is followed by one this many times as large.
const GROWTH: usize = 8;

static REGISTRY: AtomicPtr<Registry> = AtomicPtr::new(std::ptr::null_mut());
static NEXT_THREAD_ID: AtomicU64 = AtomicU64::new(1);

/// The registry of this process.
#[allow(unsafe_code)]
pub(crate) fn registry() -> &'static Registry {
    let mut current = REGISTRY.load(Ordering::Acquire);
    if current.is_null() {
        let fresh = Box::into_raw(Box::new(Registry::new(0)));
        current = match REGISTRY.compare_exchange(
            std::ptr::null_mut(),
            fresh,
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => fresh,
            Err(winner) => {
                // SAFETY: `fresh` came from a box two lines up and nobody else has seen it.
                drop(unsafe { Box::from_raw(fresh) });
                winner
            }
        };
    }
    // SAFETY: a registry is never freed once it is published: a forked child leaves its
    // parent's behind.
    unsafe { &*current }
}

impl Registry {
    /// An empty list.
    pub(crate) fn new(budget_bytes: usize) -> Self {
        Self {
            rings: Mutex::new(Vec::new()),
            overflow: Mutex::new(None),
            version: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            budget_bytes: AtomicUsize::new(budget_bytes),
            collector: Mutex::new(None),
        }
    }

    /// Forgets everything, in a forked child: its lock may be held by a thread that does not
    /// exist here. Safe to call from a fork handler.
    pub(crate) fn abandon() {
        REGISTRY.store(std::ptr::null_mut(), Ordering::Release);
    }

    /// Says which thread to wake when a ring is half full; `None` when there is none any more.
    pub(crate) fn set_collector(&self, thread: Option<Thread>) {
        *self
            .collector
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = thread;
    }

    /// Wakes the collector if it sleeps.
    pub(crate) fn wake_collector(&self) {
        if let Ok(collector) = self.collector.try_lock()
            && let Some(thread) = &*collector
        {
            thread.unpark();
        }
    }

    /// How many bytes all rings together may take.
    pub(crate) fn set_budget(&self, bytes: usize) {
        self.budget_bytes.store(bytes, Ordering::Relaxed);
    }

    /// How many bytes all rings together take, and how many they may.
    pub(crate) fn memory(&self) -> (usize, usize) {
        let load = |bytes: &AtomicUsize| bytes.load(Ordering::Relaxed);
        (load(&self.bytes), load(&self.budget_bytes))
    }

    /// A first ring for the calling thread; `None` if the budget is used up.
    pub(crate) fn first_ring(&self) -> Option<Producer> {
        self.add(FIRST_WORDS, NEXT_THREAD_ID.fetch_add(1, Ordering::Relaxed))
    }

    /// A larger ring to follow `producer`'s; `None` if it is large enough already or the budget
    /// is used up.
    pub(crate) fn larger_ring(&self, producer: &Producer) -> Option<Producer> {
        let words = producer.capacity() * GROWTH;
        if words > LARGEST_WORDS {
            return None;
        }
        self.add(words, producer.ring.thread_id())
    }

    /// Lends the ring for threads without one; `None` if another thread is writing to it.
    pub(crate) fn with_overflow<T>(&self, write: impl FnOnce(&mut Producer) -> T) -> Option<T> {
        let mut slot = self.overflow.try_lock().ok()?;
        let producer = slot.get_or_insert_with(|| {
            let (ring, producer) = Ring::with_capacity(OVERFLOW_WORDS, 0);
            self.bytes.fetch_add(ring.bytes(), Ordering::Relaxed);
            self.list_ring(ring);
            producer
        });
        Some(write(producer))
    }

    /// Copies the list into `known` if it has changed since `version`.
    pub(crate) fn list(&self, version: &mut usize, known: &mut Vec<Arc<Ring>>) {
        let current = self.version.load(Ordering::Acquire);
        if current != *version {
            let rings = self.lock();
            known.clear();
            known.extend(rings.iter().cloned());
            *version = self.version.load(Ordering::Acquire);
        }
    }

    /// Takes a ring off the list that is closed and drained.
    pub(crate) fn remove(&self, ring: &Arc<Ring>) {
        let mut rings = self.lock();
        if let Some(index) = rings.iter().position(|known| Arc::ptr_eq(known, ring)) {
            rings.swap_remove(index);
            self.bytes.fetch_sub(ring.bytes(), Ordering::Relaxed);
            self.version.fetch_add(1, Ordering::Release);
        }
    }

    fn add(&self, words: usize, thread_id: u64) -> Option<Producer> {
        let bytes = words * size_of::<u64>();
        let budget = self.budget_bytes.load(Ordering::Relaxed);
        self.bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(bytes).filter(|used| *used <= budget)
            })
            .ok()?;
        let (ring, producer) = Ring::with_capacity(words, thread_id);
        self.list_ring(ring);
        Some(producer)
    }

    fn list_ring(&self, ring: Arc<Ring>) {
        self.lock().push(ring);
        self.version.fetch_add(1, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Ring>>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
