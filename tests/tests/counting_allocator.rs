//! The allocator itself may count: the cells do not wait for themselves.

use std::alloc::{GlobalAlloc, Layout, System};
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{Counter, Histogram, NumberValue, Points};
use otel_runtime::{Config, install};

static BLOCKS: Counter<bool> = Counter::new("test.allocator.blocks", &["freed"]);
static SIZES: Histogram = Histogram::new("test.allocator.size", &[]).unit("By");
/// Used last on a thread, so that its table of cells grows while the allocator counts.
static LATE: [Counter; 40] = [const { Counter::new("test.allocator.late", &[]) }; 40];

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BLOCKS.add(1, false);
        SIZES.record(layout.size() as u64, ());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise; the block came from the same allocator.
        unsafe { System.dealloc(pointer, layout) }
        BLOCKS.add(1, true);
    }
}

fn sum(points: &Points) -> i64 {
    let Points::Sum { points, .. } = points else {
        panic!("{points:?}");
    };
    let value = |value| match value {
        NumberValue::Int(value) => value,
        NumberValue::Double(_) => panic!("{points:?}"),
    };
    points.iter().map(|point| value(point.value)).sum()
}

/// One test, because one process has one runtime.
#[test]
fn an_allocator_that_counts_does_not_wait_for_itself() {
    const THREADS: usize = 20;
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    for _ in 0..THREADS {
        let counting = std::thread::spawn(|| {
            for late in &LATE {
                late.add(1, ());
                drop(std::hint::black_box(Box::new(7)));
            }
        });
        let metrics = telemetry.metrics();
        assert!(metrics.metric("test.allocator.blocks").is_some());
        counting.join().unwrap();
    }
    telemetry.shutdown(Duration::from_secs(10)).unwrap();
    let metrics = memory.metrics();
    let counted = |name| sum(&metrics.metric(name).unwrap().points);
    assert!(counted("test.allocator.blocks") >= (2 * THREADS * LATE.len()) as i64);
    assert_eq!(
        counted("test.allocator.late"),
        (THREADS * LATE.len()) as i64
    );
}
