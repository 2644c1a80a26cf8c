//! `#[metered(labels(key = open(..)))]`: labels whose values are not known before they come.

use std::borrow::Cow;
use std::future::poll_fn;
use std::path::Path;
use std::task::{Context, Poll, Waker};

use otel_runtime::metric::{SeriesUse, series_use};
use otel_runtime::{Label, metered, traced};
use otelkit_tests::calls::Counted;

#[derive(Clone, Copy, Label)]
enum Tier {
    Free,
    Paid,
}

const MOST: usize = 3;

#[metered(labels(tier, tenant = open(tenant, max = 2)), in_flight, counter("open.items", by = items))]
fn of_tenant(tier: Tier, tenant: &str, items: u64) -> Result<u64, std::num::ParseIntError> {
    tenant.trim_start_matches(char::is_alphabetic).parse()
}

#[traced]
#[metered(labels(id = open(id, max = MOST)), in_flight, up_down("open.open", by = 1), counter("open.done", by = |id| *id))]
async fn of_number(id: u64) -> u64 {
    let mut is_first = true;
    poll_fn(|_| {
        if std::mem::take(&mut is_first) {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    id
}

/// A type that has a text and is none.
struct Method(&'static str);

impl AsRef<str> for Method {
    fn as_ref(&self) -> &str {
        self.0
    }
}

struct Request {
    method: Method,
    path: String,
}

impl Request {
    #[metered(labels(
        method = open(self.method, max = 4),
        path = open(&self.path[..], max = 2),
        shard = open(shard, max = 2),
    ))]
    fn of_parts(&self, shard: Option<u8>) {}
}

#[metered(labels(value = open(value, max = 10)))]
fn of_any(value: impl otel_runtime::metric::OpenValue) {}

#[metered(labels(tenant = open(tenant, max = 1)))]
fn idle(tenant: &str) {}

fn used(metric: &str, function: &str) -> SeriesUse {
    let all = series_use();
    let of = |of: &&SeriesUse| of.metric == metric && of.function == Some(function);
    all.iter().find(of).unwrap().clone()
}

#[test]
fn each_value_has_series_and_those_beyond_the_cap_share_one() {
    let mut used_series = [None, None];
    let counted = Counted::during(|| {
        let _ = of_tenant(Tier::Free, "a1", 1);
        let _ = of_tenant(Tier::Paid, "a1", 2);
        let _ = of_tenant(Tier::Paid, "b", 3);
        let _ = of_tenant(Tier::Paid, "c1", 4);
        let _ = of_tenant(Tier::Free, "d1", 5);
        used_series =
            ["function.duration", "function.in_flight"].map(|it| Some(used(it, "of_tenant")));
    });
    let of = |metric: &str| {
        let mut series = counted.series(metric, "of_tenant");
        series.sort();
        series
    };
    let calls = of("function.calls");
    let series = |text: &str, count| (text.to_owned(), count);
    assert_eq!(calls.len(), 3, "{calls:?}");
    assert_eq!(calls[0], series("tier=free tenant=a1 outcome=ok", 1));
    assert_eq!(calls[1], series("tier=paid tenant=a1 outcome=ok", 1));
    assert!(calls[2].0.starts_with("tier=paid tenant=b outcome=error"));
    assert_eq!(
        of("open.items"),
        [
            series("tier=free tenant=a1", 1),
            series("tier=paid tenant=a1", 2),
            series("tier=paid tenant=b", 3)
        ]
    );
    assert_eq!(counted.overflow("open.items"), 4 + 5);
    let [used, in_flight] = used_series.map(Option::unwrap);
    assert_eq!((used.series, used.overflowed_values), (3, 2));
    // Two calls began; that they ended is nothing more.
    assert_eq!(in_flight.overflowed_values, 2);
}

#[test]
fn the_series_of_a_call_is_looked_up_once_for_all_that_is_counted_of_it() {
    let mut context = Context::from_waker(Waker::noop());
    let counted = Counted::during(|| {
        let mut futures: Vec<_> = (1..5).map(|id| Box::pin(of_number(id))).collect();
        for future in &mut futures {
            assert!(future.as_mut().poll(&mut context).is_pending());
        }
        let mut third = futures.remove(2);
        assert_eq!(third.as_mut().poll(&mut context), Poll::Ready(3));
        let mut fourth = futures.remove(2);
        assert_eq!(fourth.as_mut().poll(&mut context), Poll::Ready(4));
        std::mem::forget(futures);
    });
    let of = |metric: &str| {
        let mut series = counted.series(metric, "of_number");
        series.sort();
        series
    };
    let series = |id: u64, count| (format!("id={id}"), count);
    // Nobody has seen that the third was in flight.
    assert_eq!(of("function.in_flight"), [series(1, 1), series(2, 1)]);
    assert_eq!(of("open.open"), [series(1, 1), series(2, 1), series(3, 1)]);
    assert_eq!(of("open.done"), [series(3, 3)]);
    assert_eq!(counted.overflow("open.done"), 4);
    assert_eq!(of("function.calls"), [("id=3 outcome=ok".to_owned(), 1)]);
    assert_eq!(counted.spans.len(), 2);
}

#[test]
fn texts_numbers_and_options_of_them_are_values() {
    let request = |path: &str| Request {
        method: Method("GET"),
        path: path.into(),
    };
    let counted = Counted::during(|| {
        request("/").of_parts(None);
        request("/").of_parts(Some(3));
        request("/a").of_parts(None);
        of_any("text");
        of_any(String::from("owned"));
        of_any(Cow::Borrowed("cow"));
        of_any(-7_i32);
        of_any(u64::MAX);
        of_any(Path::new("path"));
        of_any(None::<u8>);
        let long = "x".repeat(64 << 10);
        of_any(&*long);
    });
    let mut parts = counted.counted("function.calls", "Request::of_parts");
    parts.sort();
    let series = |text: &str| (format!("{text} outcome=ok").trim_start().to_owned(), 1);
    assert_eq!(
        parts,
        [
            series("method=GET path=/"),
            series("method=GET path=/ shard=3"),
            series("method=GET path=/a"),
        ]
    );
    let mut any = counted.counted("function.calls", "of_any");
    any.sort();
    let cut = format!("value={}", "x".repeat(4096));
    assert_eq!(
        any,
        [
            series(""),
            series("value=-7"),
            series("value=18446744073709551615"),
            series("value=cow"),
            series("value=owned"),
            series("value=path"),
            series("value=text"),
            series(&cut),
        ]
    );
}

#[test]
fn nothing_is_looked_up_while_no_runtime_is_installed() {
    idle("before");
    let counted = Counted::during(|| idle("during"));
    let calls = counted.counted("function.calls", "idle");
    assert_eq!(calls, [("tenant=during outcome=ok".to_owned(), 1)]);
}
