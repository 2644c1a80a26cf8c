//! What spans and events take from the heap beyond what the registry does.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use otel_runtime::{Config, install, traced};
use tracing::subscriber::with_default;
use tracing::{Subscriber, info, info_span};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what each thread asks for.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

/// Listens to everything, and does nothing.
struct Idle;

impl<S: Subscriber> Layer<S> for Idle {}

/// The fewest allocations that 100 rounds in a row have made: while the thread's ring grows to what
/// it needs, some make more.
fn allocations(work: impl Fn()) -> u64 {
    let rounds = || {
        let before = ALLOCATIONS.get();
        (0..100).for_each(|_| work());
        ALLOCATIONS.get() - before
    };
    (0..50).map(|_| rounds()).min().unwrap_or_default()
}

#[test]
fn neither_spans_nor_events_allocate_on_the_thread_that_makes_them() {
    #[traced]
    fn ours(work: impl FnOnce()) {
        work();
    }
    let log = || {
        info!(order.id = 7, customer = "acme", rate = %0.5, "placed {}", 3);
    };
    let span = || {
        let theirs = info_span!(
            "theirs",
            order.id = 7,
            customer = "acme",
            late = tracing::field::Empty
        );
        theirs.in_scope(|| {
            log();
            ours(|| info_span!("below").in_scope(log));
        });
        theirs.record("late", 1);
    };
    let _telemetry = install(Config::new()).unwrap();
    let layer = otelkit_tracing::layer().with_span_events(true);
    let with_ours = with_default(registry().with(layer), || {
        let _current = info_span!("current").entered();
        [allocations(log), allocations(span)]
    });
    let without = with_default(registry().with(Idle), || {
        [allocations(log), allocations(span)]
    });
    assert_eq!((with_ours[0], without[0]), (0, 0));
    assert_eq!(with_ours[1], without[1]);
}
