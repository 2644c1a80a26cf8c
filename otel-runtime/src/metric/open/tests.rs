//! No value is ever counted in another's series, whoever comes when.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::collect::Interval;
use super::super::data::{AttributeValue, NumberPoint, NumberValue, Points};
use super::super::exemplar::{ExemplarFilter, set_filter};
use super::super::points;
use super::super::tests::{fresh, turned_on};
use super::super::{Counter, Gauge, Histogram, Instrument, Open, UpDownCounter};
use super::interner::Interner;
use super::table::Table;
use super::value::Value;

const HOUR: Duration = Duration::from_secs(3600);

/// The number points of an instrument: the attributes that are not missing, and the value.
fn numbers(instrument: &'static Instrument) -> Vec<(String, i64)> {
    let points = points::points_of(instrument, Interval::from_now());
    let (Points::Sum { points, .. } | Points::Gauge(points)) = points else {
        panic!("{points:?}");
    };
    let shown = |(key, value): &(_, AttributeValue)| format!("{key}={value:?}");
    let mut all: Vec<_> = points
        .iter()
        .map(|point| {
            let attributes: Vec<_> = point.attributes.iter().map(shown).collect();
            let value = match point.value {
                NumberValue::Int(value) => value,
                NumberValue::Double(value) => value as i64,
            };
            (attributes.join(" "), value)
        })
        .collect();
    all.sort();
    all
}

fn tenant(name: &str, value: i64) -> (String, i64) {
    (format!("tenant=Str({name:?})"), value)
}

fn overflow(value: i64) -> (String, i64) {
    ("otel.metric.overflow=Bool(true)".into(), value)
}

/// As if so much time had passed since the last use of anything.
fn pass(instrument: &Instrument, time: Duration, idle: Duration) {
    let interner = instrument.interner().unwrap();
    interner.expire(Instant::now() + time, idle, &HashSet::new());
    Interner::next_round();
}

#[test]
fn a_series_appears_with_its_first_value_and_those_beyond_the_cap_share_one() {
    turned_on(|| {
        let counter = fresh(Counter::<Open<2>>::new("test.open.cap", &["tenant"]));
        counter.instrument().register();
        assert_eq!(numbers(counter.instrument()), []);
        for (by, name) in (1..).zip(["a", "b", "c", "a", "d"]) {
            counter.add(by, name);
        }
        let expected = [overflow(3 + 5), tenant("a", 1 + 4), tenant("b", 2)];
        assert_eq!(numbers(counter.instrument()), expected);
        assert_eq!(points::used(counter.instrument()), (2, 2));
    });
}

#[test]
fn combinations_of_known_and_open_labels_are_series_of_their_own() {
    turned_on(|| {
        type Mixed = (bool, Option<Open<2>>, Open<2, u64>);
        let keys = &["gift", "tenant", "shard"];
        let sums = fresh(Counter::<Mixed, f64>::new("test.open.mixed", keys));
        sums.add(1.0, (true, Some("a"), 7));
        sums.add(2.0, (false, Some("a"), 7));
        sums.add(3.0, (true, None, u64::MAX));
        let series = |text: &str, value| (text.to_owned(), value);
        let expected = [
            series("gift=Bool(false) tenant=Str(\"a\") shard=Int(7)", 2),
            series("gift=Bool(true) shard=Str(\"18446744073709551615\")", 3),
            series("gift=Bool(true) tenant=Str(\"a\") shard=Int(7)", 1),
        ];
        assert_eq!(numbers(sums.instrument()), expected);
    });
}

#[test]
fn a_place_that_nobody_used_for_long_is_free_for_another_value_which_begins_at_zero() {
    turned_on(|| {
        let counter = fresh(Counter::<Open<1>>::new("test.open.expiry", &["tenant"]));
        counter.add(5, "a");
        pass(counter.instrument(), HOUR, HOUR);
        assert_eq!(numbers(counter.instrument()), [tenant("a", 5)]);
        // It was used in the round before; from then on, it is not.
        pass(counter.instrument(), HOUR + HOUR / 2, HOUR);
        counter.add(1, "b");
        assert_eq!(numbers(counter.instrument()), [overflow(1), tenant("a", 5)]);
        pass(counter.instrument(), 2 * HOUR, HOUR);
        assert_eq!(numbers(counter.instrument()), [overflow(1)]);
        let before = Interval::from_now().unix_ns;
        counter.add(2, "b");
        thread::spawn(|| counter.add(3, "b")).join().unwrap();
        assert_eq!(numbers(counter.instrument()), [overflow(1), tenant("b", 5)]);
        let Points::Sum { points, .. } = points::points_of(
            counter.instrument(),
            Interval {
                start_unix_ns: 1,
                unix_ns: before,
            },
        ) else {
            panic!()
        };
        assert!(points[1].start_unix_ns >= before);
    });
}

/// The tenant and the exemplars' values of each point.
fn exemplars(
    counter: &'static Counter<Open<1>>,
) -> Vec<(Option<AttributeValue>, Vec<NumberValue>)> {
    let interval = Interval {
        start_unix_ns: 1,
        unix_ns: u64::MAX,
    };
    let Points::Sum { points, .. } = points::points_of(counter.instrument(), interval) else {
        panic!("a sum");
    };
    let of_point = |point: NumberPoint| {
        let tenant = point.attributes.into_iter().next().map(|(_, value)| value);
        let exemplars = point.exemplars.iter().map(|it| it.value).collect();
        (tenant, exemplars)
    };
    points.into_iter().map(of_point).collect()
}

#[test]
fn an_exemplar_is_of_who_had_the_place_when_it_was_counted() {
    turned_on(|| {
        set_filter(ExemplarFilter::AlwaysOn);
        let counter = fresh(Counter::<Open<1>>::new("test.open.exemplar", &["tenant"]));
        let of = |name: &'static str, values: &[i64]| {
            let tenant = Some(AttributeValue::from(name));
            (
                tenant,
                values.iter().copied().map(NumberValue::Int).collect(),
            )
        };
        counter.add(5, "a");
        assert_eq!(exemplars(counter), [of("a", &[5])]);
        // Another one is wished for from the reading on, and this one stays until then.
        assert_eq!(exemplars(counter), [of("a", &[5])]);
        counter.add(6, "a");
        counter.add(7, "a");
        assert_eq!(exemplars(counter), [of("a", &[6])]);
        pass(counter.instrument(), HOUR, HOUR);
        pass(counter.instrument(), 2 * HOUR, HOUR);
        pass(counter.instrument(), 3 * HOUR, HOUR);
        set_filter(ExemplarFilter::TraceBased);
        counter.add(8, "b");
        assert_eq!(exemplars(counter), [of("b", &[])]);
    });
}

#[test]
fn a_call_that_ends_after_its_place_has_gone_counts_for_nobody_else() {
    turned_on(|| {
        let counter = fresh(Counter::<Open<1>>::new("test.open.late", &["tenant"]));
        let instrument = counter.instrument();
        let series = instrument.series::<Open<1>>(&"a");
        instrument.add_int_to(series, 1);
        pass(instrument, Duration::ZERO, HOUR);
        pass(instrument, 2 * HOUR, HOUR);
        counter.add(2, "b");
        instrument.add_int_to(series, 4);
        instrument.take_back_open_int(series, 1);
        // Even if it had not been asked whether it is late.
        instrument.add_open_int(series, 8);
        assert_eq!(numbers(instrument), [overflow(4 + 8), tenant("b", 2)]);
    });
}

#[test]
fn a_sum_that_can_fall_is_kept_until_it_is_zero_and_shown_when_it_is() {
    turned_on(|| {
        let open = fresh(UpDownCounter::<Open<4>>::new(
            "test.open.falls",
            &["tenant"],
        ));
        let gauge = fresh(Gauge::<Open<1>>::new("test.open.gauge", &["tenant"]));
        open.add(1, "a");
        gauge.set(3.0, "a");
        gauge.set(4.0, "b");
        gauge.add(1.0, "a");
        let gauge = gauge.instrument();
        assert_eq!(numbers(gauge), [overflow(4), tenant("a", 4)]);
        assert_eq!(numbers(open.instrument()), [tenant("a", 1)]);
        let pass = |hours: u32| {
            super::expire(Instant::now() + hours * HOUR, HOUR);
        };
        pass(0);
        pass(2);
        assert_eq!(numbers(open.instrument()), [tenant("a", 1)]);
        assert_eq!(numbers(gauge), [overflow(4)]);
        open.add(-1, "a");
        assert_eq!(numbers(open.instrument()), [tenant("a", 0)]);
        pass(3);
        pass(5);
        assert_eq!(numbers(open.instrument()), []);
    });
}

#[test]
fn slots_of_values_that_are_gone_are_used_again() {
    let table = Table::new(4, 7);
    let start = Instant::now();
    for round in 1..1000_u32 {
        let text = round.to_string();
        let values = [Value::from(&*text)];
        let place = table.give(&values, round, start, 0).unwrap();
        assert_eq!(table.find(&values, round), Some(place));
        table.expire(round, start, Duration::ZERO, &HashSet::new());
        let is_gone = |round: u32| {
            table
                .find(&[Value::from(&*round.to_string())], round)
                .is_none()
        };
        assert!(round == 1 || is_gone(round - 1));
    }
    assert!(table.used_slots() <= 4, "{}", table.used_slots());
}

#[test]
fn values_in_whatever_order_of_threads_and_expiry_are_never_anothers() {
    const ROUNDS: usize = if cfg!(miri) { 20 } else { 3_000 };
    // What a value adds divides the sum of its series, and of no other.
    const TENANTS: [(&str, u64); 6] = [
        ("a", 1_000_003),
        ("b", 1_000_033),
        ("c", 1_000_037),
        ("d", 1_000_039),
        ("e", 1_000_081),
        ("f", 1_000_099),
    ];
    turned_on(|| {
        let counter = fresh(Counter::<Open<3>>::new("test.open.race", &["tenant"]));
        let sizes = fresh(Histogram::<Open<3>>::new("test.open.sizes", &["tenant"]));
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            let writers = [0_usize, 1, 2].map(|seed| {
                scope.spawn(move || {
                    let mut late = None;
                    for round in 0..ROUNDS {
                        let (name, by) = TENANTS[(round * (seed + 1) + round / 7) % 6];
                        counter.add(by, name);
                        sizes.record(by, name);
                        // Sometimes a series is kept for a while.
                        let instrument = counter.instrument();
                        if let Some((series, by)) = late.take() {
                            instrument.add_open_int(series, by);
                        }
                        if round % 3 == 0 {
                            late = Some((instrument.series::<Open<3>>(&name), by));
                        }
                    }
                })
            });
            let expiring = scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    pass(counter.instrument(), Duration::ZERO, Duration::ZERO);
                    pass(sizes.instrument(), Duration::ZERO, Duration::ZERO);
                    for (series, sum) in numbers(counter.instrument()) {
                        let of = TENANTS.iter().find(|of| series == tenant(of.0, 0).0);
                        assert!(
                            of.is_none_or(|of| sum.cast_unsigned() % of.1 == 0),
                            "{series}"
                        );
                    }
                    let points = points::points_of(sizes.instrument(), Interval::from_now());
                    let Points::ExponentialHistogram { points, .. } = points else {
                        panic!("{points:?}")
                    };
                    for point in points {
                        let by = point.min.unwrap_or(0.0);
                        let is_own = point.max == point.min && point.sum % by == 0.0;
                        let shown = format!("{:?}", point.attributes);
                        assert!(
                            is_own || shown.contains("overflow") || point.min.is_none(),
                            "{point:?}"
                        );
                    }
                }
            });
            for writer in writers {
                writer.join().unwrap();
            }
            is_done.store(true, Ordering::Relaxed);
            expiring.join().unwrap();
        });
    });
}

/// What can happen to a set of places.
#[derive(Clone, Debug)]
enum Step {
    Add(u8, u32),
    Pass,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..8_u8, 1..100_u32).prop_map(|(value, by)| Step::Add(value, by)),
        1 => Just(Step::Pass),
    ];
    prop::collection::vec(step, 0..100)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    #[cfg_attr(miri, ignore = "takes minutes, and the others touch the same memory")]
    fn open_series_agree_with_a_sequential_model(steps in steps()) {
        turned_on(|| {
            let counter = fresh(Counter::<Open<4, u8>>::new("test.open.model", &["tenant"]));
            let mut live: HashMap<u8, (i64, bool)> = HashMap::new();
            let mut lost = 0;
            for step in &steps {
                match step {
                    Step::Add(value, by) => {
                        // On another thread, so that there is more than one page for a place.
                        if by % 5 == 0 {
                            thread::scope(|scope| {
                                scope.spawn(|| counter.add(u64::from(*by), *value));
                            });
                        } else {
                            counter.add(u64::from(*by), *value);
                        }
                        let room = live.len() < 4;
                        match live.get_mut(value) {
                            Some((sum, used)) => {
                                *sum += i64::from(*by);
                                *used = true;
                            }
                            None if room => {
                                live.insert(*value, (i64::from(*by), true));
                            }
                            None => lost += i64::from(*by),
                        }
                    }
                    Step::Pass => {
                        if counter.instrument().interner().is_some() {
                            pass(counter.instrument(), Duration::ZERO, Duration::ZERO);
                        }
                        live.retain(|_, (_, used)| std::mem::replace(used, false));
                    }
                }
            }
            let mut expected: Vec<_> = live
                .iter()
                .map(|(value, (sum, _))| (format!("tenant=Int({value})"), *sum))
                .chain((lost != 0).then(|| overflow(lost)))
                .collect();
            expected.sort();
            assert_eq!(numbers(counter.instrument()), expected);
        });
    }
}
