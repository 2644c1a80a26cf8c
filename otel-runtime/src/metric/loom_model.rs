//! The interleavings of threads that count, come and go, and of those who read.

use std::sync::atomic::Ordering::Relaxed;

use loom::sync::atomic::{AtomicBool, AtomicU32};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::block::{Blocks, Reading};
use super::cells;
use super::histogram::{Explicit, Exponential};
use super::spec::{Kind, Number, Spec};
use super::switch::{NEW, Switch};

/// Every interleaving with up to two preemptions.
pub(super) fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(run);
}

/// A counter with one series.
pub(super) fn spec() -> Spec {
    Spec::one("model", Kind::Counter(Number::Int))
}

fn sum(blocks: &Mutex<Blocks>) -> u64 {
    match blocks.lock().unwrap().read(&spec()) {
        Reading::Ints(sums) => sums[0],
        other => panic!("{other:?}"),
    }
}

/// What a thread does that counts up to `times` and ends.
fn count(blocks: &Mutex<Blocks>, times: u64) {
    let (cells, index) = blocks.lock().unwrap().take(&spec());
    for _ in 0..times {
        // SAFETY: the instrument has one series of whole numbers, and the block is this thread's.
        unsafe { cells::add_int(cells, 0, 1) };
    }
    blocks.lock().unwrap().give_back(index);
}

#[test]
fn what_one_thread_leaves_the_next_goes_on_with_while_others_read() {
    model(|| {
        let blocks = Arc::new(Mutex::new(Blocks::default()));
        let threads = [2, 1].map(|times| {
            let blocks = Arc::clone(&blocks);
            thread::spawn(move || count(&blocks, times))
        });
        let first = sum(&blocks);
        let second = sum(&blocks);
        assert!(first <= second && second <= 3, "{first} {second}");
        let _ = threads.map(|thread| thread.join().unwrap());
        assert_eq!(sum(&blocks), 3);
    });
}

#[test]
fn what_is_in_a_bucket_is_in_the_sum() {
    model(|| {
        let histogram = Arc::new(Explicit::new(1));
        let writer = thread::spawn({
            let histogram = Arc::clone(&histogram);
            move || {
                histogram.record(&[1.0], 1.0);
                histogram.record(&[1.0], 2.0);
            }
        });
        let read = histogram.read();
        assert!(read.sum >= read.counts[0] as f64 + 2.0 * read.counts[1] as f64);
        writer.join().unwrap();
        let read = histogram.read();
        assert_eq!((read.sum, &*read.counts), (3.0, &[1, 1][..]));
    });
}

#[test]
fn a_reader_never_sees_buckets_half_merged() {
    model(|| {
        let histogram = Arc::new(Exponential::new());
        histogram.record(1.0);
        let writer = thread::spawn({
            let histogram = Arc::clone(&histogram);
            // Too far apart for the buckets there are: they are merged.
            move || histogram.record(4.0)
        });
        let read = histogram.read();
        let (count, sum) = (read.count(), read.sum);
        assert!(
            count == 1 && sum >= 1.0 || count == 2 && sum == 5.0,
            "{read:?}"
        );
        writer.join().unwrap();
        let read = histogram.read();
        assert_eq!((read.count(), read.sum), (2, 5.0));
    });
}

#[test]
fn an_instrument_that_is_registered_while_a_runtime_is_installed_is_on() {
    for is_on in [true, false] {
        model(move || {
            let switch = Arc::new((
                Switch(AtomicU32::new(NEW)),
                AtomicBool::new(false),
                AtomicBool::new(!is_on),
            ));
            let registering = thread::spawn({
                let switch = Arc::clone(&switch);
                move || {
                    let (switch, is_listed, on) = &*switch;
                    is_listed.store(true, Relaxed);
                    switch.join(7, || on.load(Relaxed));
                }
            });
            let (it, is_listed, on) = &*switch;
            let list = || {
                let is_listed = is_listed.load(Relaxed);
                is_listed.then_some((it, 7)).into_iter()
            };
            Switch::turn_all(is_on, |is_on| on.store(is_on, Relaxed), list);
            registering.join().unwrap();
            assert_eq!(it.slot(), if is_on { 7 } else { 0 });
        });
    }
}
