//! In the steady state, spans and their fields take nothing from the heap of
//! the threads that record them.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use otel_runtime::{Config, db_query, install, metered, traced};
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;

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

/// Calls as often as the figures above are for.
fn repeated(call: impl Fn()) -> impl FnMut() {
    move || (0..CALLS).for_each(|_| call())
}

#[traced]
fn parent() {
    child();
}

#[traced]
fn child() {}

#[traced(args(int, double, flag, short, long, none))]
fn with_fields(int: u64, double: f64, flag: bool, short: &str, long: &str, none: Option<u32>) {
    let _ = (int, double, flag, short, long, none);
}

#[traced(args(ints, texts))]
fn with_arrays(ints: &[u64], texts: &[&str]) {
    let _ = (ints, texts);
}

#[traced(args(%number, ?option), ret)]
fn formatted(number: f64, option: Option<&str>) -> u64 {
    let _ = (number, option);
    7
}

#[traced(fields(late = _))]
fn with_notes() {
    otel_runtime::set_attribute("late", 7);
    otel_runtime::add_event("event", &[("key", &"value")]);
}

#[traced]
fn fails(fail: bool) -> Result<u32, Failure> {
    if fail { Err(Failure) } else { Ok(1) }
}

#[derive(Debug)]
struct Failure;

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it failed, as it was told to")
    }
}

impl std::error::Error for Failure {}

#[traced(args(int, text))]
async fn asynchronous(int: u64, text: &str) -> Result<u64, Failure> {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    nested().await;
    Ok(int + text.len() as u64)
}

#[traced(busy)]
async fn nested() {
    tokio::task::yield_now().await;
}

#[metered(
    labels(fail),
    in_flight,
    counter("allocations.calls"),
    counter("allocations.values", by = |value| *value),
    histogram("allocations.sizes", value = 7),
)]
fn counted(fail: bool) -> Result<u32, Failure> {
    if fail { Err(Failure) } else { Ok(7) }
}

#[metered(labels(fail))]
#[traced]
fn counted_in_a_span(fail: bool) -> Result<u32, Failure> {
    if fail { Err(Failure) } else { Ok(7) }
}

static TARGET: std::sync::LazyLock<Option<&'static otel_runtime::db::Target>> =
    std::sync::LazyLock::new(|| {
        otel_runtime::db::Target::known(Some("db.test"), Some(5432), Some("shop"))
    });

struct Pool;

impl otel_runtime::db::DbTarget for Pool {
    fn db_target(&self) -> Option<&'static otel_runtime::db::Target> {
        *TARGET
    }
}

#[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql", rows = |rows| *rows, batch = rows)]
fn queried(pool: &Pool, rows: usize) -> Result<usize, Failure> {
    if rows == 0 { Err(Failure) } else { Ok(rows) }
}

#[traced]
#[metered]
#[db_query("SELECT name FROM users WHERE id = $1", system = "postgresql")]
async fn queried_later(pool: &Pool) -> Result<u64, Failure> {
    tokio::task::yield_now().await;
    Ok(QUERY.len() as u64)
}

/// One test, because one process has one runtime.
#[test]
fn spans_and_fields_allocate_nothing_in_the_steady_state() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    let text = String::from("a text of some length, longer than a word or two");

    allocates_nothing("sync", repeated(parent));
    let fields = || with_fields(7, 0.5, true, "short", &text, None);
    allocates_nothing("sync with fields", repeated(fields));
    allocates_nothing("arrays", repeated(|| with_arrays(&[1, 2, 3], &["a", "b"])));
    let format = || assert_eq!(formatted(12.5, Some("text")), 7);
    allocates_nothing("display, debug and return value", repeated(format));
    allocates_nothing("late attributes and events", repeated(with_notes));
    allocates_nothing("results that are ok", repeated(|| drop(fails(false))));
    allocates_nothing("errors", repeated(|| drop(fails(true))));
    allocates_nothing("calls", repeated(|| drop(counted(false))));
    allocates_nothing("calls that fail", repeated(|| drop(counted(true))));
    let stacked = || drop((counted_in_a_span(false), counted_in_a_span(true)));
    allocates_nothing("calls and their spans", repeated(stacked));
    allocates_nothing("queries", repeated(|| drop(queried(&Pool, 7))));
    allocates_nothing("queries that fail", repeated(|| drop(queried(&Pool, 0))));

    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    // within one `block_on`, whose own allocations are not ours
    executor.block_on(async {
        let mut quiet = 0;
        for _ in 0..MOST_ROUNDS {
            let before = ALLOCATIONS.get();
            for _ in 0..CALLS {
                let _ = asynchronous(7, &text).await;
                let _ = queried_later(&Pool).await;
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
