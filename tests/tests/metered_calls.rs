//! What counts and times the calls of a function, declared as generated code declares it.

use std::panic::catch_unwind;

use otel_runtime::__private::{ANY_ERROR, LabelShape, Metered, Series, labels_index};
use otel_runtime::Sampler;
use otel_runtime::metric::{AttributeValue, NumberValue, Points};
use otelkit_tests::declare_metered;
use otelkit_tests::declared::{
    CODES, Ends, call, counts, exported, exported_after, in_flight, named, outcomes, text,
};

declare_metered!(never_called, [.metered().untraced()], [
    .labels(&["gift"], LabelShape::of(&|(gift,): (bool,)| (gift,)))
    .errors(CODES, ANY_ERROR)
    .asynchronous()
    .in_flight("never_called.in_flight")
], TRIES = [Extra::counter(&SITE, "never_called.tries").unit("{try}")]);

#[test]
fn every_series_is_there_before_the_first_call() {
    let (metrics, _) = exported(Sampler::AlwaysOn, || {});
    let durations = metrics.metric("function.duration").unwrap();
    assert_eq!((&*durations.unit, &*durations.scope.name), ("s", "shop"));
    let calls = metrics.metric("function.calls").unwrap();
    assert_eq!((&*calls.unit, &*calls.scope.version), ("{call}", "1.2.3"));
    let counts = counts(calls, "never_called");
    let endings = [
        "ok",
        "panicked",
        "cancelled",
        "error _OTHER",
        "error EMPTY",
        "error GONE",
    ];
    let expected = [endings, endings].concat();
    let zeros: Vec<_> = expected.iter().map(|name| (*name, 0)).collect();
    assert_eq!(outcomes(&metrics, "never_called"), named(&zeros));
    let gifts = |gift| {
        let label = ("gift".into(), AttributeValue::Bool(gift));
        counts
            .iter()
            .filter(|(attributes, _)| attributes.contains(&label))
            .count()
    };
    assert_eq!((gifts(false), gifts(true)), (6, 6));
    let gone = &counts[5].0;
    assert_eq!(text(gone, "otelkit.error.class"), Some("not_found"));
    assert_eq!(in_flight(&metrics, "never_called.in_flight"), 0);
    let tries = metrics.metric("never_called.tries").unwrap();
    assert_eq!((&*tries.unit, &*tries.scope.name), ("{try}", "shop"));
}

declare_metered!(traced_too, [.metered()], [.errors(CODES, ANY_ERROR)]);
declare_metered!(metered_alone, [.metered().untraced()], [.errors(CODES, ANY_ERROR)]);
declare_metered!(not_sampled, [.metered()], [.errors(CODES, ANY_ERROR)]);

const ALL_COUNTED: [(&str, u64); 5] = [
    ("ok", 2),
    ("panicked", 1),
    ("error _OTHER", 1),
    ("error EMPTY", 1),
    ("error GONE", 1),
];

#[test]
fn a_call_is_counted_by_how_it_ended_and_timed_as_its_span_is() {
    let (metrics, spans) = exported(Sampler::AlwaysOn, || {
        for ends in Ends::ALL {
            call(&traced_too::SITE, &traced_too::CALLS, Series::ONLY, ends);
        }
    });
    assert_eq!(outcomes(&metrics, "traced_too"), named(&ALL_COUNTED));
    assert_eq!(spans.len(), Ends::ALL.len());
    let Points::ExponentialHistogram { points, .. } =
        &metrics.metric("function.duration").unwrap().points
    else {
        panic!("no exponential histogram");
    };
    let sum: f64 = points
        .iter()
        .filter(|point| text(&point.attributes, "code.function.name") == Some("traced_too"))
        .map(|point| point.sum)
        .sum();
    let spans_ns: u64 = spans
        .iter()
        .map(|span| span.end_unix_ns - span.start_unix_ns)
        .sum();
    let difference_ns = (sum * 1e9 - spans_ns as f64).abs();
    // One looked at the clock for the other; the rest is rounding.
    assert!(
        difference_ns <= 2.0 * Ends::ALL.len() as f64 + spans_ns as f64 * 1e-3,
        "{sum} {spans_ns}"
    );
}

#[test]
fn calls_without_a_span_are_counted_all_the_same() {
    let (metrics, spans) = exported(Sampler::AlwaysOn, || {
        for ends in Ends::ALL {
            call(
                &metered_alone::SITE,
                &metered_alone::CALLS,
                Series::ONLY,
                ends,
            );
        }
    });
    assert_eq!(outcomes(&metrics, "metered_alone"), named(&ALL_COUNTED));
    assert!(spans.is_empty());
    let (metrics, spans) = exported(Sampler::AlwaysOff, || {
        for ends in Ends::ALL {
            call(&not_sampled::SITE, &not_sampled::CALLS, Series::ONLY, ends);
        }
    });
    assert_eq!(outcomes(&metrics, "not_sampled"), named(&ALL_COUNTED));
    assert!(spans.is_empty());
}

declare_metered!(unwound_past, [.metered()], []);

#[test]
fn a_call_that_begins_and_ends_while_its_thread_unwinds_did_not_panic() {
    struct Cleaning;
    impl Drop for Cleaning {
        fn drop(&mut self) {
            call(
                &unwound_past::SITE,
                &unwound_past::CALLS,
                Series::ONLY,
                Ends::Well,
            );
        }
    }
    let (metrics, _) = exported(Sampler::AlwaysOn, || {
        let _ = catch_unwind(|| {
            let _cleaning = Cleaning;
            std::panic::resume_unwind(Box::new(()));
        });
    });
    assert_eq!(
        outcomes(&metrics, "unwound_past"),
        named(&[("ok", 1), ("panicked", 0)])
    );
}

declare_metered!(left_open, [.metered()], [.asynchronous().in_flight("left_open.in_flight")]);

#[test]
fn a_call_is_in_flight_until_it_ends_even_if_nobody_counts_any_more() {
    let mut open = None;
    let begin = || {
        let mut guard = Metered::<0>::idle();
        guard.begin(&left_open::SITE, &left_open::CALLS, Series::ONLY);
        open = Some(guard);
    };
    let (metrics, _) = exported(Sampler::AlwaysOn, begin);
    assert_eq!(in_flight(&metrics, "left_open.in_flight"), 1);
    drop(open);
    let (metrics, _) = exported(Sampler::AlwaysOn, || {});
    assert_eq!(in_flight(&metrics, "left_open.in_flight"), 0);
}

declare_metered!(never_installed, [.metered()], [.in_flight("never_installed.in_flight")]);

#[test]
fn nothing_is_counted_before_a_runtime_is_installed() {
    drop(exported(Sampler::AlwaysOn, || {}));
    let before = || {
        call(
            &never_installed::SITE,
            &never_installed::CALLS,
            Series::ONLY,
            Ends::Well,
        );
    };
    let (metrics, _) = exported_after(before, Sampler::AlwaysOn, || {});
    assert_eq!(
        outcomes(&metrics, "never_installed"),
        named(&[("ok", 0), ("panicked", 0)])
    );
    assert_eq!(in_flight(&metrics, "never_installed.in_flight"), 0);
}

declare_metered!(named_by_hand, [.metered()], [
    .names("checkout.duration", "checkout.calls")
    .unit("ms")
    .description("Checkouts.")
    .buckets(&[0.0, 60_000.0])
], SIZES = [Extra::histogram(&SITE, "checkout.size").unit("By").buckets(&[10.0])],
   OPEN = [Extra::up_down(&SITE, "checkout.open")
       .labels(&["gift", "paid"], LabelShape::new::<(bool, Option<bool>)>())]);

#[test]
fn name_unit_and_buckets_are_what_the_annotation_says() {
    let (metrics, _) = exported(Sampler::AlwaysOn, || {
        call(
            &named_by_hand::SITE,
            &named_by_hand::CALLS,
            Series::ONLY,
            Ends::Well,
        );
        named_by_hand::SIZES.record(Series::ONLY, 7_u8);
        let labels = labels_index(&(true, Some(false)));
        named_by_hand::OPEN.change(labels, -2_i32);
        named_by_hand::OPEN.change(labels, true);
    });
    let durations = metrics.metric("checkout.duration").unwrap();
    assert_eq!(
        (&*durations.unit, &*durations.description),
        ("ms", "Checkouts.")
    );
    let Points::Histogram {
        points, boundaries, ..
    } = &durations.points
    else {
        panic!("{durations:?}");
    };
    assert_eq!(&**boundaries, [0.0, 60_000.0]);
    assert_eq!(points[0].counts, [0, 1, 0]);
    let calls = counts(metrics.metric("checkout.calls").unwrap(), "named_by_hand");
    assert_eq!(calls.iter().map(|(_, count)| count).sum::<u64>(), 1);
    let sizes = counts(metrics.metric("checkout.size").unwrap(), "named_by_hand");
    assert_eq!(sizes, [(Vec::new(), 1)]);
    let open = metrics.metric("checkout.open").unwrap();
    let Points::Sum { points, .. } = &open.points else {
        panic!("{open:?}")
    };
    let changed: Vec<_> = points
        .iter()
        .filter(|point| point.value != NumberValue::Int(0))
        .collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].value, NumberValue::Int(-1));
    assert_eq!(
        changed[0].attributes[..2],
        [
            ("gift".into(), AttributeValue::Bool(true)),
            ("paid".into(), AttributeValue::Bool(false)),
        ]
    );
}
