//! What counts and times the calls of a function, declared as generated code declares it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use futures_core::Stream;
use otel_runtime::__private::{
    self as private, ANY_ERROR, Calls, ErrorView, Extra, LabelShape, Meter, Metered, Observer,
    Site, SiteSpec, Span, labels_index,
};
use otel_runtime::class::{Class, Classification, Code, Codes};
use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::{AttributeValue, Attributes, Metric, Metrics, NumberValue, Points};
use otel_runtime::{Config, Sampler, install};
use proptest::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Declares what generated code declares of a metered function.
macro_rules! declare {
    ($module:ident, [$($site:tt)*], [$($calls:tt)*] $(, $extra:ident = [$($instrument:tt)*])*) => {
        mod $module {
            use super::*;

            pub(super) static SITE: Site = Site::new(SiteSpec::new(
                stringify!($module), module_path!(), "shop", "1.2.3", file!(), line!(), column!(),
            ) $($site)*);
            pub(super) static CALLS: Calls = Calls::new(&SITE) $($calls)*;
            $(pub(super) static $extra: Extra = $($instrument)*;)*
            private::register_calls!(SITE, place, CALLS $(, $extra)*);
        }
    };
}

const CODES: Codes = Codes::Join(&[
    Codes::List(&[
        Code {
            code: "EMPTY",
            class: Class::InvalidArgument,
        },
        Code {
            code: "GONE",
            class: Class::NotFound,
        },
    ]),
    Codes::Open,
    // Some error types have a code of another once more.
    Codes::List(&[Code {
        code: "GONE",
        class: Class::NotFound,
    }]),
]);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    Well,
    Empty,
    Gone,
    Strange,
    Expected,
    Panicking,
}

#[derive(Debug)]
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failure")
    }
}

impl std::error::Error for Failure {}

impl Ends {
    /// Looks at the result as generated code does.
    fn observe(self, observer: &mut Observer<'_>) {
        let meaning = match self {
            Self::Well | Self::Panicking => return observer.ok(),
            Self::Empty => Classification::new(Class::InvalidArgument, "EMPTY"),
            Self::Gone => Classification::new(Class::NotFound, "GONE"),
            Self::Strange => Classification::new(Class::NotFound, "EMPTY"),
            Self::Expected => Classification::new(Class::NotFound, "GONE").expected(),
        };
        observer.error(&ErrorView {
            meaning: Some(meaning),
            ..ErrorView::of(&Failure)
        });
    }

    /// What its calls are counted under.
    fn counted_as(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Well | Self::Expected => ("ok", None),
            Self::Panicking => ("panicked", None),
            Self::Empty => ("error", Some("EMPTY")),
            Self::Gone => ("error", Some("GONE")),
            Self::Strange => ("error", Some("_OTHER")),
        }
    }
}

/// A metered function.
fn call(site: &'static Site, calls: &'static Calls, labels: usize, ends: Ends) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut guard = Metered::<0>::idle();
        guard.begin(site, calls, labels);
        if ends == Ends::Panicking {
            // Without the hook, which would print.
            std::panic::resume_unwind(Box::new(()));
        }
        guard.observe(|observer| ends.observe(observer));
    }));
}

/// What is exported while this runs. One at a time: a process has one runtime.
fn exported(sampler: Sampler, work: impl FnOnce()) -> (Metrics, Vec<SpanData>) {
    exported_after(|| {}, sampler, work)
}

/// The same, after this has run without a runtime.
fn exported_after(
    before: impl FnOnce(),
    sampler: Sampler,
    work: impl FnOnce(),
) -> (Metrics, Vec<SpanData>) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    before();
    let memory = MemoryExporter::new();
    let config = Config::new().sampler(sampler).with_exporter(memory.clone());
    let telemetry = install(config).unwrap();
    work();
    telemetry.shutdown(TIMEOUT).unwrap();
    (memory.metrics(), memory.take())
}

fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|(known, _)| known == key)
        .map(|(_, value)| match value {
            AttributeValue::Str(text) => &**text,
            other => panic!("{other:?}"),
        })
}

/// The attributes of a function's series but for its name, and their counts.
fn counts(metric: &Metric, function: &str) -> Vec<(Attributes, u64)> {
    let of = |attributes: &Attributes, count| {
        (text(attributes, "code.function.name") == Some(function)).then(|| {
            let mut attributes = attributes.clone();
            attributes.retain(|(key, _)| key != "code.function.name");
            (attributes, count)
        })
    };
    match &metric.points {
        Points::Sum { points, .. } => points
            .iter()
            .filter_map(|point| match point.value {
                NumberValue::Int(count) => of(&point.attributes, count.cast_unsigned()),
                NumberValue::Double(_) => panic!("{point:?}"),
            })
            .collect(),
        Points::ExponentialHistogram { points, .. } => points
            .iter()
            .filter_map(|point| of(&point.attributes, point.count()))
            .collect(),
        Points::Histogram { points, .. } => points
            .iter()
            .filter_map(|point| of(&point.attributes, point.count()))
            .collect(),
        Points::Gauge(_) => panic!("{metric:?}"),
    }
}

/// Outcome and error of the calls there were, and how many; the durations and the counter agree,
/// but for errors never seen, which only the counter has.
fn outcomes(metrics: &Metrics, function: &str) -> Vec<(String, u64)> {
    let durations = counts(metrics.metric("function.duration").unwrap(), function);
    let counter = counts(metrics.metric("function.calls").unwrap(), function);
    let mut seen = counter.clone();
    seen.retain(|(attributes, count)| *count > 0 || text(attributes, "error.type").is_none());
    assert_eq!(durations, seen);
    let said = |attributes: &Attributes| {
        let outcome = text(attributes, "otelkit.outcome").unwrap();
        match text(attributes, "error.type") {
            Some(error) => format!("{outcome} {error}"),
            None => outcome.to_owned(),
        }
    };
    counter
        .iter()
        .map(|(attributes, count)| (said(attributes), *count))
        .collect()
}

fn named(counts: &[(&str, u64)]) -> Vec<(String, u64)> {
    counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

fn in_flight(metrics: &Metrics, name: &str) -> i64 {
    let Points::Sum { points, .. } = &metrics.metric(name).unwrap().points else {
        panic!("no sum");
    };
    points
        .iter()
        .map(|point| match point.value {
            NumberValue::Int(count) => count,
            NumberValue::Double(_) => panic!("{point:?}"),
        })
        .sum()
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

declare!(never_called, [.metered().untraced()], [
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

declare!(traced_too, [.metered()], [.errors(CODES, ANY_ERROR)]);
declare!(metered_alone, [.metered().untraced()], [.errors(CODES, ANY_ERROR)]);
declare!(not_sampled, [.metered()], [.errors(CODES, ANY_ERROR)]);

const ALL: [Ends; 6] = [
    Ends::Well,
    Ends::Empty,
    Ends::Gone,
    Ends::Strange,
    Ends::Expected,
    Ends::Panicking,
];

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
        for ends in ALL {
            call(&traced_too::SITE, &traced_too::CALLS, 0, ends);
        }
    });
    assert_eq!(outcomes(&metrics, "traced_too"), named(&ALL_COUNTED));
    assert_eq!(spans.len(), ALL.len());
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
        difference_ns <= 2.0 * ALL.len() as f64 + spans_ns as f64 * 1e-3,
        "{sum} {spans_ns}"
    );
}

#[test]
fn calls_without_a_span_are_counted_all_the_same() {
    let (metrics, spans) = exported(Sampler::AlwaysOn, || {
        for ends in ALL {
            call(&metered_alone::SITE, &metered_alone::CALLS, 0, ends);
        }
    });
    assert_eq!(outcomes(&metrics, "metered_alone"), named(&ALL_COUNTED));
    assert!(spans.is_empty());
    let (metrics, spans) = exported(Sampler::AlwaysOff, || {
        for ends in ALL {
            call(&not_sampled::SITE, &not_sampled::CALLS, 0, ends);
        }
    });
    assert_eq!(outcomes(&metrics, "not_sampled"), named(&ALL_COUNTED));
    assert!(spans.is_empty());
}

declare!(unwound_past, [.metered()], []);

#[test]
fn a_call_that_begins_and_ends_while_its_thread_unwinds_did_not_panic() {
    struct Cleaning;
    impl Drop for Cleaning {
        fn drop(&mut self) {
            call(&unwound_past::SITE, &unwound_past::CALLS, 0, Ends::Well);
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

declare!(future_in_span, [.metered()], [.errors(CODES, None).asynchronous().in_flight("future_in_span.in_flight")]);
declare!(future_alone, [.metered().untraced()], [.errors(CODES, None).asynchronous().in_flight("future_alone.in_flight")]);

/// Every end that a future can come to.
fn futures(site: &'static Site, calls: &'static Calls) {
    fn metered<F: Future>(
        site: &'static Site,
        calls: &'static Calls,
        future: F,
        ends: Ends,
    ) -> impl Future<Output = F::Output> {
        Span::<0>::later(site).instrument_metered(
            Meter::new(site, calls, 0),
            future,
            move |_: &F::Output, observer: &mut Observer<'_>| ends.observe(observer),
        )
    }
    assert!(poll(pin!(metered(site, calls, ready(()), Ends::Well))).is_ready());
    assert!(poll(pin!(metered(site, calls, ready(()), Ends::Gone))).is_ready());
    // Never begun.
    drop(metered(site, calls, ready(()), Ends::Well));
    {
        let mut unfinished = pin!(metered(site, calls, pending::<()>(), Ends::Well));
        assert!(poll(unfinished.as_mut()).is_pending());
        assert!(poll(unfinished.as_mut()).is_pending());
    }
    let panicking = async {
        std::panic::resume_unwind(Box::new(()));
    };
    let panicking = metered(site, calls, panicking, Ends::Well);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _ = poll(pin!(panicking));
    }));
}

const FUTURES_COUNTED: [(&str, u64); 4] = [
    ("ok", 1),
    ("panicked", 1),
    ("cancelled", 1),
    ("error _OTHER", 1),
];

#[test]
fn a_future_is_a_call_from_its_first_poll_to_its_end_or_its_drop() {
    let (metrics, spans) = exported(Sampler::AlwaysOn, || {
        futures(&future_in_span::SITE, &future_in_span::CALLS);
        futures(&future_alone::SITE, &future_alone::CALLS);
    });
    assert_eq!(spans.len(), 4);
    for (function, name) in [
        ("future_in_span", "future_in_span.in_flight"),
        ("future_alone", "future_alone.in_flight"),
    ] {
        assert_eq!(outcomes(&metrics, function), named(&FUTURES_COUNTED));
        assert_eq!(in_flight(&metrics, name), 0);
    }
}

declare!(left_open, [.metered()], [.asynchronous().in_flight("left_open.in_flight")]);

#[test]
fn a_call_is_in_flight_until_it_ends_even_if_nobody_counts_any_more() {
    let mut open = None;
    let begin = || {
        let mut guard = Metered::<0>::idle();
        guard.begin(&left_open::SITE, &left_open::CALLS, 0);
        open = Some(guard);
    };
    let (metrics, _) = exported(Sampler::AlwaysOn, begin);
    assert_eq!(in_flight(&metrics, "left_open.in_flight"), 1);
    drop(open);
    let (metrics, _) = exported(Sampler::AlwaysOn, || {});
    assert_eq!(in_flight(&metrics, "left_open.in_flight"), 0);
}

declare!(never_installed, [.metered()], [.in_flight("never_installed.in_flight")]);

#[test]
fn nothing_is_counted_before_a_runtime_is_installed() {
    drop(exported(Sampler::AlwaysOn, || {}));
    let before = || {
        call(
            &never_installed::SITE,
            &never_installed::CALLS,
            0,
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

declare!(stream_in_span, [.metered()], [.errors(CODES, None).asynchronous()]);
declare!(stream_alone, [.metered().untraced()], [.errors(CODES, None).asynchronous()]);

/// Counts down.
struct Countdown(u32);

impl Stream for Countdown {
    type Item = Ends;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Ends>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or(0);
        Poll::Ready(left.map(|left| if left == 1 { Ends::Gone } else { Ends::Well }))
    }
}

#[test]
fn a_stream_is_one_call_that_ends_with_it() {
    let streams = |site: &'static Site, calls: &'static Calls| {
        let metered = || {
            Span::<0>::later(site).instrument_stream_metered(
                Meter::new(site, calls, 0),
                Countdown(3),
                |item: &Ends, observer: &mut Observer<'_>| {
                    if *item != Ends::Well {
                        item.observe(observer);
                    }
                },
            )
        };
        let mut context = Context::from_waker(Waker::noop());
        let mut whole = pin!(metered());
        while let Poll::Ready(Some(_)) = whole.as_mut().poll_next(&mut context) {}
        let mut part = pin!(metered());
        let _ = part.as_mut().poll_next(&mut context);
        drop(metered());
    };
    let (metrics, _) = exported(Sampler::AlwaysOn, || {
        streams(&stream_in_span::SITE, &stream_in_span::CALLS);
        streams(&stream_alone::SITE, &stream_alone::CALLS);
    });
    let expected = [
        ("ok", 0),
        ("panicked", 0),
        ("cancelled", 1),
        ("error _OTHER", 1),
    ];
    assert_eq!(outcomes(&metrics, "stream_in_span"), named(&expected));
    assert_eq!(outcomes(&metrics, "stream_alone"), named(&expected));
}

declare!(named_by_hand, [.metered()], [
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
        call(&named_by_hand::SITE, &named_by_hand::CALLS, 0, Ends::Well);
        named_by_hand::SIZES.record(0, 7_u8);
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

declare!(by_many, [.metered()], [
    .labels(&["gift"], LabelShape::of(&|(gift,): (bool,)| (gift,)))
    .errors(CODES, ANY_ERROR)
    .in_flight("by_many.in_flight")
]);

/// How often a label, an outcome and an error type come together.
type Tally = BTreeMap<(bool, String, Option<String>), u64>;

fn tally_of(metrics: &Metrics, name: &str) -> Tally {
    let counts = counts(metrics.metric(name).unwrap(), "by_many");
    let counts = counts.into_iter().filter(|(_, count)| *count != 0);
    counts
        .map(|(attributes, count)| {
            let gift = attributes.contains(&("gift".into(), AttributeValue::Bool(true)));
            let outcome = text(&attributes, "otelkit.outcome").unwrap().to_owned();
            let error = text(&attributes, "error.type").map(str::to_owned);
            ((gift, outcome, error), count)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_call_is_lost_or_counted_twice_whoever_makes_it(
        threads in prop::collection::vec(
            prop::collection::vec((any::<bool>(), prop::sample::select(&ALL[..])), 0..40),
            1..5,
        ),
    ) {
        let (metrics, _) = exported(Sampler::AlwaysOn, || {});
        let mut expected = tally_of(&metrics, "function.calls");
        let (metrics, _) = exported(Sampler::AlwaysOn, || {
            thread::scope(|scope| {
                for calls in &threads {
                    scope.spawn(move || {
                        for (gift, ends) in calls {
                            let labels = labels_index(&(*gift,));
                            call(&by_many::SITE, &by_many::CALLS, labels, *ends);
                        }
                    });
                }
            });
        });
        for (gift, ends) in threads.iter().flatten() {
            let (outcome, error) = ends.counted_as();
            let key = (*gift, outcome.to_owned(), error.map(str::to_owned));
            *expected.entry(key).or_default() += 1;
        }
        prop_assert_eq!(&tally_of(&metrics, "function.calls"), &expected);
        prop_assert_eq!(&tally_of(&metrics, "function.duration"), &expected);
        prop_assert_eq!(in_flight(&metrics, "by_many.in_flight"), 0);
    }
}
