//! What `#[metered]` counts beside the calls: sums and sizes, and the calls that are not over.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use otel_runtime::metered;
use otel_runtime::metric::Points;
use otelkit_tests::calls::Counted;

const BOUNDS: &[f64] = &[1.0, 10.0];

#[derive(Debug)]
struct Receipt {
    items: usize,
    stock: i32,
}

#[metered(
    labels(gift),
    counter("shop.offered", by = items.len(), unit = "{item}", description = "Offered."),
    counter("shop.tries"),
    counter("shop.twos", by = 2),
    counter("shop.sold", by = |receipt| receipt.items),
    up_down("shop.stock", by = |receipt| receipt.stock),
    histogram("shop.weight", value = weight, unit = "kg", buckets = BOUNDS),
    histogram("shop.wait", value = |_| Duration::from_millis(500), unit = "s"),
)]
fn sell(gift: bool, items: &[u8], weight: f64) -> Result<Receipt, std::num::ParseIntError> {
    if items.is_empty() {
        "nothing".parse::<u8>()?;
    }
    Ok(Receipt {
        items: items.len() - 1,
        stock: -3,
    })
}

#[test]
fn arguments_are_counted_at_once_and_values_of_calls_that_went_well() {
    let counted = Counted::during(|| {
        sell(true, &[1, 2, 3], 5.0).unwrap();
        sell(true, &[1], 0.5).unwrap();
        sell(false, &[], 20.0).unwrap_err();
    });
    let of = |metric: &str| counted.series(metric, "sell");
    let both = |without: i64, with: i64| {
        [
            ("gift=false".to_owned(), without),
            ("gift=true".to_owned(), with),
        ]
    };
    assert_eq!(of("shop.offered"), both(0, 4));
    assert_eq!(of("shop.tries"), both(1, 2));
    assert_eq!(of("shop.twos"), both(2, 4));
    assert_eq!(of("shop.sold"), both(0, 2));
    assert_eq!(of("shop.stock"), both(0, -6));
    assert_eq!(of("shop.weight"), both(1, 2));
    assert_eq!(of("shop.wait"), both(0, 2));
    assert!((counted.sum("shop.weight", "sell") - 25.5).abs() < 1e-9);
    assert!((counted.sum("shop.wait", "sell") - 1.0).abs() < 1e-9);
    let offered = counted.metrics.metric("shop.offered").unwrap();
    assert_eq!(
        (&*offered.unit, &*offered.description),
        ("{item}", "Offered.")
    );
    let weight = counted.metrics.metric("shop.weight").unwrap();
    let Points::Histogram { boundaries, .. } = &weight.points else {
        panic!("{weight:?}");
    };
    assert_eq!(&**boundaries, BOUNDS);
}

/// A stream of what an iterator yields.
struct Items<I>(I);

impl<I: Iterator + Unpin> Stream for Items<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}

#[metered(counter("async.sum", by = |value| *value))]
async fn adds(value: u32) -> u32 {
    value
}

#[metered(counter("stream.items", by = |_| true), counter("stream.asked", by = count))]
fn counts(count: u32) -> impl Stream<Item = u32> {
    Items(0..count)
}

#[metered(counter("plain.sum", by = |value| *value))]
fn plain(value: u8) -> u8 {
    value
}

#[metered(counter("tracked.sum", by = |value| *value))]
#[track_caller]
fn tracked(value: u8) -> u8 {
    if value > 10 {
        return 10;
    }
    value
}

#[test]
fn every_kind_of_function_counts_what_comes_out() {
    let counted = Counted::during(|| {
        let mut context = Context::from_waker(Waker::noop());
        assert!(pin!(adds(5)).poll(&mut context).is_ready());
        let mut stream = pin!(counts(3));
        while let Poll::Ready(Some(_)) = stream.as_mut().poll_next(&mut context) {}
        plain(6);
        tracked(7);
        tracked(70);
    });
    let sum = |metric: &str, function: &str| counted.series(metric, function)[0].1;
    assert_eq!(sum("async.sum", "adds"), 5);
    assert_eq!(sum("stream.items", "counts"), 3);
    assert_eq!(sum("stream.asked", "counts"), 3);
    assert_eq!(sum("plain.sum", "plain"), 6);
    assert_eq!(sum("tracked.sum", "tracked"), 17);
}

#[metered(name = "flying", in_flight)]
async fn flies(polls: u32) {
    let mut left = polls;
    poll_fn(|_| {
        left -= 1;
        if left == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[test]
fn calls_in_flight_are_those_that_are_not_over() {
    let mut context = Context::from_waker(Waker::noop());
    let mut over = Box::pin(flies(2));
    let mut dropped = Box::pin(flies(2));
    let mut flying = Box::pin(flies(2));
    let never_polled = Box::pin(flies(2));
    let counted = Counted::during(|| {
        assert!(over.as_mut().poll(&mut context).is_pending());
        assert!(over.as_mut().poll(&mut context).is_ready());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        drop(dropped);
        assert!(flying.as_mut().poll(&mut context).is_pending());
    });
    drop(never_polled);
    let in_flight = counted.series("flying.in_flight", "flies");
    assert_eq!(in_flight, [(String::new(), 1)]);
    let calls = [
        ("outcome=ok".to_owned(), 1),
        ("outcome=cancelled".to_owned(), 1),
    ];
    assert_eq!(counted.counted("flying.calls", "flies"), calls);
}

#[metered(
    name = "timed",
    unit = "ms",
    description = "How long it takes.",
    buckets(1, 2.5)
)]
fn timed() {}

#[test]
fn durations_are_as_they_are_asked_for() {
    let counted = Counted::during(timed);
    let metric = counted.metrics.metric("timed.duration").unwrap();
    assert_eq!(
        (&*metric.unit, &*metric.description),
        ("ms", "How long it takes.")
    );
    let Points::Histogram { boundaries, .. } = &metric.points else {
        panic!("{metric:?}");
    };
    assert_eq!(&**boundaries, [1.0, 2.5]);
}
