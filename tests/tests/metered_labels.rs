//! `#[metered(labels(..))]`: what calls are divided by, and where the compiler learns it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use otel_runtime::{Label, metered, traced};
use otelkit_tests::calls::Counted;

#[derive(Label)]
enum Tier {
    Free,
    Paid,
}

struct Customer<'a> {
    tier: Tier,
    gift: Option<bool>,
    _name: &'a str,
}

/// The labels of successful calls, with how many there were.
fn calls(counted: &Counted, function: &str) -> Vec<(String, i64)> {
    counted.counted("function.calls", function)
}

fn ok(labels: &str, count: i64) -> (String, i64) {
    (format!("{labels} outcome=ok"), count)
}

const fn customer(tier: Tier, gift: Option<bool>) -> Customer<'static> {
    Customer {
        tier,
        gift,
        _name: "Ada",
    }
}

#[metered(labels(tier = customer.tier, gift = customer.gift))]
fn of_fields<'a>(customer: &Customer<'a>, text: &'a str) -> usize {
    text.len() + customer._name.len()
}

#[metered(labels(tier, big = items.len() > 1))]
fn of_arguments(tier: Tier, mut items: Vec<u8>) -> (Tier, Vec<u8>) {
    items.push(1);
    (tier, items)
}

#[metered(labels(first = a, second = b.0))]
async fn of_patterns((a, _): (bool, u8), b: (bool,)) -> bool {
    a && b.0
}

#[metered(labels(tier: Tier = tier.into(), constant = true))]
fn of_written_types<T: Into<Tier> + Copy>(tier: T) -> T {
    tier
}

impl From<u8> for Tier {
    fn from(number: u8) -> Self {
        if number == 0 { Self::Free } else { Self::Paid }
    }
}

impl Customer<'_> {
    #[metered(labels(tier: &Tier = &self.tier, gift))]
    fn of_self(&self, gift: bool) -> bool {
        gift
    }
}

#[metered(labels(gift: Option<bool> = self.gift))]
#[traced]
impl Customer<'_> {
    fn inherited(&self) {}

    #[metered(labels(gift: bool = true, tier: &Tier = &self.tier))]
    fn joined(&self) {}

    #[metered(skip)]
    fn skipped(&self) {}
}

#[test]
fn each_value_has_a_series_of_its_own() {
    let counted = Counted::during(|| {
        of_fields(&customer(Tier::Free, None), "text");
        of_fields(&customer(Tier::Paid, Some(true)), "text");
        let _ = of_arguments(Tier::Paid, vec![1]);
        let _ = of_arguments(Tier::Paid, vec![1, 2]);
        for first in [true, false] {
            let future = pin!(of_patterns((first, 1), (true,)));
            let polled = future.poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(polled, Poll::Ready(first));
        }
        of_written_types(1_u8);
        customer(Tier::Paid, None).of_self(true);
        customer(Tier::Free, Some(false)).inherited();
        customer(Tier::Free, None).joined();
        customer(Tier::Free, None).skipped();
    });
    assert_eq!(
        calls(&counted, "of_fields"),
        [ok("tier=free", 1), ok("tier=paid gift=true", 1)]
    );
    assert_eq!(
        calls(&counted, "of_arguments"),
        [ok("tier=paid big=false", 1), ok("tier=paid big=true", 1)]
    );
    assert_eq!(
        calls(&counted, "of_patterns"),
        [
            ok("first=false second=true", 1),
            ok("first=true second=true", 1)
        ]
    );
    assert_eq!(
        calls(&counted, "of_written_types"),
        [ok("tier=paid constant=true", 1)]
    );
    assert_eq!(
        calls(&counted, "Customer::of_self"),
        [ok("tier=paid gift=true", 1)]
    );
    assert_eq!(
        calls(&counted, "Customer::inherited"),
        [ok("gift=false", 1)]
    );
    assert_eq!(
        calls(&counted, "Customer::joined"),
        [ok("gift=true tier=free", 1)]
    );
    assert_eq!(calls(&counted, "Customer::skipped"), []);
    let spans: Vec<_> = counted.spans.iter().map(|span| &*span.name).collect();
    assert_eq!(
        spans,
        [
            "Customer::inherited",
            "Customer::joined",
            "Customer::skipped"
        ]
    );
}
