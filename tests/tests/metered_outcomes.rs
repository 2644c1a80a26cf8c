//! `#[metered]` functions of every kind: how their calls ended.

use std::fmt;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use otel_runtime::class::{Class, Classification, Code, Codes};
use otel_runtime::{Classify, metered};
use otelkit_tests::calls::Counted;

#[derive(Clone, Copy, Debug, Classify)]
enum OrderError {
    #[classify(validation, code = "CART_EMPTY")]
    EmptyCart,
    #[classify(unavailable)]
    OutOfStock,
    #[classify(not_found, expected)]
    NoSuchOrder,
}

impl fmt::Display for OrderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for OrderError {}

#[derive(Clone, Copy)]
enum Ends {
    Well,
    Badly(OrderError),
    InPanic,
}

impl Ends {
    fn end(self) -> Result<u32, OrderError> {
        match self {
            Self::Well => Ok(1),
            Self::Badly(error) => Err(error),
            // Without the hook, which would print.
            Self::InPanic => resume_unwind(Box::new(())),
        }
    }
}

const ALL: [Ends; 6] = [
    Ends::Well,
    Ends::Well,
    Ends::Badly(OrderError::EmptyCart),
    Ends::Badly(OrderError::OutOfStock),
    Ends::Badly(OrderError::NoSuchOrder),
    Ends::InPanic,
];

/// What the calls of all of them are counted as.
const COUNTED: [(&str, i64); 4] = [
    ("outcome=ok", 3),
    ("outcome=panicked", 1),
    (
        "outcome=error error.type=CART_EMPTY error.class=invalid_argument",
        1,
    ),
    (
        "outcome=error error.type=OutOfStock error.class=unavailable",
        1,
    ),
];

fn named(counts: &[(&str, i64)]) -> Vec<(String, i64)> {
    let named = counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    named.collect()
}

/// The calls of a function, by the durations and by the counter, which must agree.
#[track_caller]
fn calls(counted: &Counted, function: &str) -> Vec<(String, i64)> {
    let calls = counted.counted("function.calls", function);
    assert_eq!(counted.counted("function.duration", function), calls);
    calls
}

fn caught<T>(call: impl FnOnce() -> T) {
    let _ = catch_unwind(AssertUnwindSafe(call));
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// A stream of what an iterator yields.
struct Items<I>(I);

impl<I: Iterator + Unpin> Stream for Items<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

fn next<S: Stream>(stream: Pin<&mut S>) -> Poll<Option<S::Item>> {
    stream.poll_next(&mut Context::from_waker(Waker::noop()))
}

#[metered]
fn sync(ends: Ends) -> Result<u32, OrderError> {
    let value = ends.end()?;
    Ok(value + 1)
}

#[metered]
#[track_caller]
fn tracked(ends: Ends) -> Result<u32, OrderError> {
    let value = ends.end()?;
    Ok(value + 1)
}

#[metered]
fn plain(panics: bool) -> u32 {
    if panics {
        resume_unwind(Box::new(()));
    }
    7
}

#[test]
fn calls_are_counted_by_how_they_ended() {
    let counted = Counted::during(|| {
        for ends in ALL {
            caught(|| sync(ends));
            caught(|| tracked(ends));
        }
        assert_eq!(plain(false), 7);
        caught(|| plain(true));
    });
    assert_eq!(calls(&counted, "sync"), named(&COUNTED));
    assert_eq!(calls(&counted, "tracked"), named(&COUNTED));
    let panicked = [("outcome=ok", 1), ("outcome=panicked", 1)];
    assert_eq!(calls(&counted, "plain"), named(&panicked));
    assert!(counted.sum("function.duration", "sync") > 0.0);
    assert!(counted.spans.is_empty(), "{:?}", counted.spans);
}

#[metered]
async fn asynchronous(ends: Ends, waits: bool) -> Result<u32, OrderError> {
    if waits {
        pending::<()>().await;
    }
    ends.end()
}

#[metered]
fn returned(ends: Ends) -> impl Future<Output = Result<u32, OrderError>> {
    async move { ends.end() }
}

#[metered]
fn boxed(ends: Ends) -> Pin<Box<dyn Future<Output = Result<u32, OrderError>>>> {
    Box::pin(async move { ends.end() })
}

#[metered]
fn streamed(ends: Vec<Ends>) -> impl Stream<Item = Result<u32, OrderError>> {
    Items(ends.into_iter().map(Ends::end))
}

#[test]
fn futures_and_streams_are_counted_when_they_end_or_are_dropped() {
    let counted = Counted::during(|| {
        for ends in ALL {
            caught(|| poll(pin!(asynchronous(ends, false))));
            caught(|| poll(pin!(returned(ends))));
            caught(|| poll(boxed(ends).as_mut()));
        }
        assert!(poll(pin!(asynchronous(Ends::Well, true))).is_pending());
        let mut whole = pin!(streamed(vec![Ends::Well, Ends::Well]));
        while let Poll::Ready(Some(_)) = next(whole.as_mut()) {}
        let mut half = Box::pin(streamed(vec![Ends::Well, Ends::Well]));
        assert!(next(half.as_mut()).is_ready());
    });
    let mut with_cancelled = named(&COUNTED);
    with_cancelled.insert(2, ("outcome=cancelled".to_owned(), 1));
    assert_eq!(calls(&counted, "asynchronous"), with_cancelled);
    assert_eq!(calls(&counted, "returned"), named(&COUNTED));
    assert_eq!(calls(&counted, "boxed"), named(&COUNTED));
    let streamed = [("outcome=ok", 1), ("outcome=cancelled", 1)];
    assert_eq!(calls(&counted, "streamed"), named(&streamed));
}

#[metered(none = error)]
fn absent(is_absent: bool) -> Option<u32> {
    (!is_absent).then_some(1)
}

#[metered(ok_if = |error| matches!(error, OrderError::EmptyCart))]
fn accepted(ends: Ends) -> Result<u32, OrderError> {
    ends.end()
}

#[metered]
fn of_any_type<E: fmt::Display>(error: Option<E>) -> Result<(), E> {
    error.map_or(Ok(()), Err)
}

#[test]
fn what_counts_as_an_error_can_be_said() {
    let counted = Counted::during(|| {
        let _ = (absent(true), absent(false));
        for ends in ALL {
            caught(|| accepted(ends));
        }
        let _ = of_any_type(Some(OrderError::EmptyCart));
    });
    let absent = calls(&counted, "absent");
    assert_eq!(absent.len(), 2);
    assert_eq!(absent[0], ("outcome=ok".to_owned(), 1));
    assert!(absent[1].0.contains("NoneError"), "{absent:?}");
    let accepted = [
        ("outcome=ok", 4),
        ("outcome=panicked", 1),
        (
            "outcome=error error.type=OutOfStock error.class=unavailable",
            1,
        ),
    ];
    assert_eq!(calls(&counted, "accepted"), named(&accepted));
    let other = calls(&counted, "of_any_type");
    assert_eq!(other.len(), 1);
    assert!(
        other[0].0.starts_with("outcome=error error.type=_OTHER"),
        "{other:?}"
    );
}

#[metered(name = "never.called", in_flight, labels(gift))]
fn never_called(gift: bool) -> Result<bool, OrderError> {
    Ok(gift)
}

#[test]
fn every_series_is_there_before_the_first_call() {
    let counted = Counted::during(|| {});
    let endings = [
        "outcome=ok",
        "outcome=panicked",
        "outcome=error error.type=CART_EMPTY error.class=invalid_argument",
        "outcome=error error.type=OutOfStock error.class=unavailable",
        "outcome=error error.type=NoSuchOrder error.class=not_found",
    ];
    let with_label = |gift: bool| endings.map(|ending| (format!("gift={gift} {ending}"), 0));
    let expected = [with_label(false), with_label(true)].concat();
    let in_flight = [("gift=false", 0), ("gift=true", 0)];
    let mut calls = counted.series("never.called.calls", "never_called");
    calls.retain(|(labels, _)| !labels.contains("_OTHER"));
    assert_eq!(calls, expected);
    calls.retain(|(labels, _)| !labels.contains("error"));
    assert_eq!(
        counted.series("never.called.duration", "never_called"),
        calls
    );
    let found = counted.series("never.called.in_flight", "never_called");
    assert_eq!(found, named(&in_flight));
    assert!(never_called(true).is_ok());
}

/// An error whose code another program has chosen.
#[derive(Debug)]
struct Foreign(Class, String);

impl Classify for Foreign {
    const CODES: Codes = Codes::Join(&[
        Codes::List(&[Code {
            code: "KNOWN",
            class: Class::NotFound,
        }]),
        Codes::Open,
    ]);

    fn classify(&self) -> Classification<'_> {
        Classification::new(self.0, &self.1)
    }
}

#[metered(labels(gift, tenant = open(tenant, max = 2)))]
fn foreign(gift: bool, tenant: &str, class: Class, code: &str) -> Result<(), Foreign> {
    Err(Foreign(class, code.to_owned()))
}

#[metered]
fn foreign_alone(number: usize) -> Result<(), Foreign> {
    Err(Foreign(Class::Unavailable, format!("E{number}")))
}

#[test]
fn errors_that_were_not_known_have_their_names_up_to_a_limit() {
    let counted = Counted::during(|| {
        let _ = foreign(true, "a", Class::NotFound, "KNOWN");
        let _ = foreign(true, "a", Class::Unavailable, "KNOWN");
        let _ = foreign(true, "a", Class::NotFound, "NEW");
        let _ = foreign(false, "b", Class::NotFound, "NEW");
        for number in 0..25 {
            let _ = foreign_alone(number % 22);
        }
    });
    let mut calls = counted.counted("function.calls", "foreign");
    calls.sort();
    let series = |labels: &str, code: &str, class: &str| {
        let error = format!("outcome=error error.type={code} error.class={class}");
        (format!("{labels} {error}"), 1)
    };
    assert_eq!(
        calls,
        [
            series("gift=false tenant=b", "NEW", "not_found"),
            series("gift=true tenant=a", "KNOWN", "not_found"),
            series("gift=true tenant=a", "KNOWN", "unavailable"),
            series("gift=true tenant=a", "NEW", "not_found"),
        ]
    );
    let calls = counted.counted("function.calls", "foreign_alone");
    assert_eq!(calls.len(), 21);
    let of = |code: &str| {
        let is_it = |labels: &str| {
            labels
                .split(' ')
                .any(|word| word == format!("error.type={code}"))
        };
        calls.iter().find(|(labels, _)| is_it(labels)).unwrap().1
    };
    // All further ones are called like their type.
    let other = of(std::any::type_name::<Foreign>());
    assert_eq!((of("E0"), of("E19"), other), (2, 1, 2));
    let durations = counted.counted("function.duration", "foreign_alone");
    assert_eq!(durations.iter().map(|(_, count)| count).sum::<i64>(), 25);
}
