//! What is read is what was counted, whoever counted it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use proptest::prelude::*;

use super::block::Reading;
use super::histogram::{BUCKETS, Explicit, Exponential, ExponentialCounts};
use super::scale::{FINEST, coarser, finest_index};
use super::*;
use crate::context::{Current, SpanId, Ticket, TraceFlags, TraceId};

/// Turning instruments on and off concerns all of them.
static TURN: Mutex<()> = Mutex::new(());

pub(super) fn turned_on<T>(work: impl FnOnce() -> T) -> T {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    turn_all(true);
    let out = work();
    turn_all(false);
    out
}

/// A `static` for one test or one case of it.
pub(super) fn fresh<T>(instrument: T) -> &'static T {
    Box::leak(Box::new(instrument))
}

fn ints(instrument: &Instrument) -> Vec<u64> {
    match instrument.read() {
        Reading::Ints(sums) => sums,
        other => panic!("{other:?}"),
    }
}

fn exponential(instrument: &Instrument) -> ExponentialCounts {
    match instrument.read() {
        Reading::Exponential(series) => series[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn bits(instrument: &Instrument) -> Vec<Option<f64>> {
    match instrument.read() {
        Reading::Bits(values) => values
            .into_iter()
            .map(|bits| bits.map(f64::from_bits))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_counted_while_no_runtime_is_installed() {
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let counter = fresh(Counter::<()>::new("test.off", &[]));
    counter.add(1, ());
    assert_eq!(ints(counter.instrument()), [0]);
}

#[test]
fn threads_that_come_and_go_leave_their_counts_and_no_blocks() {
    turned_on(|| {
        let counter = fresh(Counter::<bool>::new("test.threads", &["odd"]));
        let numbers = if cfg!(miri) { 5 } else { 100 };
        for number in 0..numbers {
            thread::spawn(move || counter.add(number, number % 2 == 1))
                .join()
                .unwrap();
        }
        let odd = (numbers / 2).pow(2);
        let all = numbers * (numbers - 1) / 2;
        assert_eq!(ints(counter.instrument()), [all - odd, odd]);
        assert!(counter.instrument().block_count() <= 2);
    });
}

#[test]
fn what_destructors_of_a_thread_count_is_counted() {
    struct Counting(&'static Counter);
    impl Drop for Counting {
        fn drop(&mut self) {
            self.0.add(1, ());
        }
    }
    thread_local! {
        static FIRST: std::cell::OnceCell<Counting> = const { std::cell::OnceCell::new() };
    }
    turned_on(|| {
        let counter = fresh(Counter::<()>::new("test.destructors", &[]));
        thread::spawn(|| {
            // Destroyed after the thread's cells have been given back, as it was made before.
            FIRST.with(|cell| cell.set(Counting(counter)).ok());
            counter.add(1, ());
        })
        .join()
        .unwrap();
        assert_eq!(ints(counter.instrument()), [2]);
    });
}

#[test]
fn the_last_value_of_a_gauge_counts_and_an_unset_one_is_none() {
    turned_on(|| {
        let gauge = fresh(Gauge::<Option<bool>>::new("test.gauge", &["on"]));
        gauge.set(3.0, None);
        thread::spawn(|| gauge.set(4.5, Some(true))).join().unwrap();
        thread::spawn(|| gauge.add(-1.0, Some(true)))
            .join()
            .unwrap();
        gauge.set(0.0, None);
        assert_eq!(bits(gauge.instrument()), [Some(0.0), None, Some(3.5)]);
    });
}

#[test]
fn a_sum_can_fall_below_zero() {
    turned_on(|| {
        let open = fresh(UpDownCounter::<()>::new("test.open", &[]));
        open.add(2, ());
        thread::spawn(|| open.add(-5, ())).join().unwrap();
        let sums = ints(open.instrument());
        assert_eq!(sums[0].cast_signed(), -3);
    });
}

#[test]
fn values_that_are_no_numbers_are_left_out() {
    turned_on(|| {
        let sizes = fresh(Histogram::<()>::new("test.nan", &[]));
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 2.0] {
            sizes.record(value, ());
        }
        let counts = exponential(sizes.instrument());
        assert_eq!((counts.count(), counts.sum), (1, 2.0));
    });
}

#[test]
fn a_reader_never_sees_buckets_while_they_are_merged() {
    turned_on(|| {
        const ROUNDS: u32 = if cfg!(miri) { 5 } else { 5_000 };
        let sizes = fresh(Histogram::<()>::new("test.merging", &[]));
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // Each value is outside of what the buckets cover, so most are merges.
                for round in 0..ROUNDS {
                    let exponent =
                        f64::from(round % 1000) / if round % 2 == 0 { 1.0 } else { -1.0 };
                    sizes.record(exponent.exp2(), ());
                }
                is_done.store(true, Ordering::Release);
            });
            let mut last = 0;
            while !is_done.load(Ordering::Acquire) {
                let count = exponential(sizes.instrument()).count();
                assert!(last <= count, "{last} then {count}");
                last = count;
            }
        });
        assert_eq!(exponential(sizes.instrument()).count(), u64::from(ROUNDS));
    });
}

#[test]
fn exemplars_of_several_threads_are_those_of_one_call_each() {
    const ROUNDS: u64 = if cfg!(miri) { 10 } else { 2_000 };
    let call = |mark: u64| {
        Current::local(
            TraceId::new(u128::from(mark) << 64 | 1).unwrap(),
            SpanId::new(mark).unwrap(),
            TraceFlags::SAMPLED,
            0,
        )
    };
    turned_on(|| {
        let sizes = fresh(Histogram::<bool>::new("test.exemplars", &["odd"]).buckets(&[10.0]));
        let check = || {
            let all = sizes.instrument().exemplars().concat();
            for exemplar in &all {
                let NumberValue::Double(value) = exemplar.value else {
                    panic!("{exemplar:?}");
                };
                let (trace_id, span_id) = exemplar.span.unwrap();
                assert_eq!(
                    (trace_id.get() >> 64, span_id.get()),
                    (value as u128, value as u64)
                );
            }
            all.len()
        };
        thread::scope(|scope| {
            for first in 1..=2 {
                scope.spawn(move || {
                    for mark in (0..ROUNDS).map(|round| first + round) {
                        let record = || sizes.record(mark, mark % 2 == 1);
                        let _scope = crate::thread::Scope::enter(call(mark), Ticket::NONE);
                        record();
                    }
                });
            }
            for _ in 0..ROUNDS {
                check();
            }
        });
        sizes.record(1, true);
        assert!(check() > 0);
    });
}

/// Finite values that are not negative, of all sizes.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => 1e-6..1e3,
        1 => Just(0.0),
        1 => (0_u64..f64::INFINITY.to_bits()).prop_map(f64::from_bits),
    ];
    prop::collection::vec(value, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes; the tests above touch the same memory")]
    fn counters_agree_with_a_sequential_model(
        threads in prop::collection::vec(prop::collection::vec((any::<u32>(), any::<Option<bool>>()), 0..50), 1..6),
    ) {
        turned_on(|| {
            let counter = fresh(Counter::<Option<bool>>::new("test.model", &["flag"]));
            let mut model = vec![0_u64; 3];
            for (by, label) in threads.iter().flatten() {
                model[Option::<bool>::index(label)] += u64::from(*by);
            }
            thread::scope(|scope| {
                for adds in &threads {
                    scope.spawn(move || {
                        for (by, label) in adds {
                            counter.add(u64::from(*by), *label);
                        }
                    });
                }
            });
            assert_eq!(ints(counter.instrument()), model);
        });
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes; the tests above touch the same memory")]
    fn exponential_buckets_hold_what_belongs_to_them(all in prop::collection::vec(values(), 1..4)) {
        let mut merged = ExponentialCounts::empty();
        for values in &all {
            let histogram = Exponential::new();
            values.iter().for_each(|value| histogram.record(*value));
            merged.merge(&histogram.read());
        }
        let flat: Vec<f64> = all.concat();
        prop_assert_eq!(merged.count(), flat.len() as u64);
        prop_assert_eq!(merged.zeros, flat.iter().filter(|value| **value == 0.0).count() as u64);
        let by = (FINEST - merged.scale).cast_unsigned();
        let (offset, counts) = merged.trimmed();
        prop_assert!(counts.len() <= BUCKETS);
        for (place, count) in counts.iter().enumerate() {
            let index = offset + place as i32;
            let expected = flat
                .iter()
                .filter(|value| **value > 0.0 && coarser(finest_index(**value), by) == index)
                .count();
            prop_assert_eq!(*count, expected as u64);
        }
        let least = flat.iter().copied().fold(f64::NAN, f64::min);
        prop_assert!(merged.least == least || flat.is_empty());
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes; the tests above touch the same memory")]
    fn explicit_buckets_hold_what_belongs_to_them(values in values()) {
        const BOUNDARIES: &[f64] = &[0.0, 0.001, 1.0, 10.0];
        let histogram = Explicit::new(BOUNDARIES.len());
        for value in &values {
            histogram.record(BOUNDARIES, *value);
        }
        let read = histogram.read();
        let mut below = 0;
        for (boundary, count) in BOUNDARIES.iter().zip(&read.counts) {
            below += count;
            let expected = values.iter().filter(|value| *value <= boundary).count();
            prop_assert_eq!(below, expected as u64);
        }
        prop_assert_eq!(read.count(), values.len() as u64);
    }
}
