//! The allocator itself may be annotated: the runtime does not call itself.

use std::alloc::{GlobalAlloc, Layout, System};
use std::time::Duration;

use otel_runtime::{Config, install};
use otelkit_tests::guard;
use otelkit_tests::process::ending;
use otelkit_tests::process::ledger::Ledger;
use otelkit_tests::process::site::work;

struct Annotated;

#[global_allocator]
static ANNOTATED: Annotated = Annotated;

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Annotated {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _span = guard!("alloc");
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _span = guard!("dealloc");
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// One test, because one process has one runtime.
#[test]
fn an_annotated_allocator_is_recorded_and_does_not_recurse() {
    let ledger = Ledger::default();
    let telemetry = install(Config::new().with_exporter(ledger.clone())).unwrap();
    for _ in 0..100 {
        work();
        drop(std::hint::black_box(Box::new(7)));
    }
    let threads: Vec<_> = (0..10).map(|_| std::thread::spawn(work)).collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    let stats = ending::shut_down(telemetry, Duration::from_secs(10));
    assert_eq!(ledger.count("work"), 110);
    assert!(ledger.count("alloc") >= 100 && ledger.count("dealloc") >= 100);
    assert_eq!(stats.recorded, ledger.total() + stats.dropped());
}
