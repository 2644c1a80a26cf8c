//! In the steady state, spans and their fields take nothing from the heap of
//! the threads that record them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use otel_runtime::__private::{Guard, Span};
use otel_runtime::{Config, install};
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::site;

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

/// How many rounds in a row must be free of allocations.
const QUIET_ROUNDS: u32 = 20;
/// After so many rounds they must be. A thread's buffer grows while it is too
/// small for what the thread records; that doubles it a few times and ends.
const MOST_ROUNDS: u32 = 500;
const CALLS: u32 = 1000;

/// Asserts that a thousand calls come to allocate nothing, again and again.
#[track_caller]
fn allocates_nothing(what: &str, mut thousand_calls: impl FnMut()) {
    let (mut quiet, mut allocations) = (0, Vec::new());
    for round in 0..MOST_ROUNDS {
        let before = ALLOCATIONS.get();
        thousand_calls();
        let allocated = ALLOCATIONS.get() - before;
        if allocated == 0 {
            quiet += 1;
        } else {
            quiet = 0;
            allocations.push((round, allocated));
        }
        if quiet == QUIET_ROUNDS {
            return;
        }
    }
    panic!("{what}: allocations by round: {allocations:?}");
}

fn repeated(call: impl Fn()) -> impl FnMut() {
    move || (0..CALLS).for_each(|_| call())
}

/// One test, because one process has one runtime.
#[test]
fn spans_and_fields_allocate_nothing_in_the_steady_state() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    let text = String::from("a text of some length, longer than a word or two");
    let plain = site!("plain");
    let fields = site!("fields", ["int", "double", "bool", "short", "long", "none"]);

    allocates_nothing(
        "sync",
        repeated(|| {
            let _outer = Guard::<0>::enter(plain);
            drop(Guard::<0>::enter(plain));
        }),
    );

    allocates_nothing(
        "sync with fields",
        repeated(|| {
            let mut span = Guard::<6>::enter(fields);
            assert!(span.is_recording());
            span.capture(0, &7u64);
            span.capture(1, &0.5f64);
            span.capture(2, &true);
            span.capture(3, "short");
            span.capture(4, &text);
            span.capture(5, &None::<u32>);
        }),
    );

    allocates_nothing(
        "arrays",
        repeated(|| {
            let mut span = Guard::<2>::enter(fields);
            span.capture(0, &[1u64, 2, 3][..]);
            span.capture(1, &["a", "b"][..]);
        }),
    );

    allocates_nothing(
        "display and debug",
        repeated(|| {
            let mut span = Guard::<2>::enter(fields);
            span.capture(0, &otel_runtime::__private::Display(&12.5));
            span.capture(1, &otel_runtime::__private::Debug(&Some("text")));
        }),
    );

    allocates_nothing(
        "late attributes and events",
        repeated(|| {
            let _span = Guard::<0>::enter(plain);
            otel_runtime::set_attribute("late", 7);
            otel_runtime::add_event("event", &[("key", &"value")]);
        }),
    );

    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let once = || async {
        let mut span = Span::<2>::prepare(fields);
        span.capture(0, &7u64);
        span.capture(1, &text);
        let inner = async {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        };
        span.instrument(inner, |(), _| {}).await;
    };
    // within one `block_on`, whose own allocations are not ours
    executor.block_on(async {
        let mut quiet = 0;
        for _ in 0..MOST_ROUNDS {
            let before = ALLOCATIONS.get();
            for _ in 0..CALLS {
                once().await;
            }
            quiet = if ALLOCATIONS.get() == before {
                quiet + 1
            } else {
                0
            };
            if quiet == QUIET_ROUNDS {
                return;
            }
        }
        panic!("async spans go on allocating");
    });

    let stats = ending::shut_down(telemetry, Duration::from_secs(10));
    assert_eq!(stats.recorded, stats.exported() + stats.dropped());
    assert!(ledger.total() > 0);
}
