//! `#[traced]` and `#[metered]` on one function are one: one span and one measurement a call.

use std::pin::pin;
use std::task::{Context, Waker};

use otel_runtime::export::{Outcome, ValueData};
use otel_runtime::{Site, metered, traced};
use otelkit_tests::calls::Counted;

#[traced(fields(id), name = "above")]
#[metered(labels(even = id.is_multiple_of(2)))]
fn traced_above(id: u32) -> Result<u32, std::num::ParseIntError> {
    if id == 0 {
        "zero".parse::<u32>()?;
    }
    Ok(id)
}

#[otel_runtime::metered(labels(even = id.is_multiple_of(2)))]
#[otel_runtime::traced(fields(id), name = "below")]
fn traced_below(id: u32) -> Result<u32, std::num::ParseIntError> {
    if id == 0 {
        "zero".parse::<u32>()?;
    }
    Ok(id)
}

#[metered(slo(success = 99.9, latency("250ms" = 99, "1s" = 99.9)))]
#[traced(fields(id))]
async fn asynchronous(id: u32) -> u32 {
    id
}

#[traced(skip)]
#[metered]
fn without_span() {}

#[traced]
#[metered(skip)]
fn without_measurement() {}

/// Each of the imports is used by nothing else, whichever attribute the other takes along.
#[deny(unused_imports)]
mod imported {
    mod above {
        use otel_runtime::{metered, traced};

        #[traced]
        #[metered]
        pub(in super::super) fn stacked() {}
    }

    mod below {
        use otel_runtime as runtime;
        use runtime::{metered, traced};

        #[metered]
        #[traced]
        pub(in super::super) async fn stacked() {}
    }

    pub(super) use above::stacked as traced_above;
    pub(super) use below::stacked as traced_below;
}

#[test]
fn both_orders_make_one_span_and_one_measurement() {
    let counted = Counted::during(|| {
        for id in 0..3 {
            let _ = (traced_above(id), traced_below(id));
        }
        imported::traced_above();
        drop(imported::traced_below());
    });
    // A span may have a name of its own; the metric is the function's.
    for (name, function) in [("above", "traced_above"), ("below", "traced_below")] {
        let spans: Vec<_> = (counted.spans.iter())
            .filter(|span| span.name == name)
            .collect();
        let outcomes: Vec<_> = spans.iter().map(|span| span.outcome).collect();
        assert_eq!(outcomes, [Outcome::Error, Outcome::Ok, Outcome::Ok]);
        assert_eq!(spans[2].attributes, [("id".to_owned(), ValueData::Int(2))]);
        let calls = counted.counted("function.calls", function);
        let calls: Vec<_> = calls
            .iter()
            .map(|(labels, count)| (labels.split(" error").next().unwrap(), *count))
            .collect();
        assert_eq!(
            calls,
            [
                ("even=false outcome=ok", 1),
                ("even=true outcome=ok", 1),
                ("even=true outcome=error", 1),
            ]
        );
        let sum_ns = counted.sum("function.duration", function) * 1e9;
        let spans_ns: u64 = spans
            .iter()
            .map(|span| span.end_unix_ns - span.start_unix_ns)
            .sum();
        // The same two looks at the clock; the rest is rounding.
        let difference = (sum_ns - spans_ns as f64).abs();
        assert!(
            difference <= 6.0 + spans_ns as f64 * 1e-3,
            "{sum_ns} {spans_ns}"
        );
        assert_eq!(sites(name).len(), 1);
    }
}

#[test]
fn an_async_function_is_one_span_and_one_measurement() {
    let counted = Counted::during(|| {
        let polled = pin!(asynchronous(7)).poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_ready());
    });
    assert_eq!(counted.spans.len(), 1);
    let calls = counted.counted("function.calls", "asynchronous");
    assert_eq!(calls, [("outcome=ok".to_owned(), 1)]);
    let site = sites("asynchronous")[0];
    let promised = site.spec().objective.unwrap();
    assert_eq!(promised.success_percent, Some(99.9));
    let latencies: Vec<_> = (promised.latencies.iter())
        .map(|latency| (latency.within_ns, latency.percent))
        .collect();
    assert_eq!(latencies, [(250_000_000, 99.0), (1_000_000_000, 99.9)]);
}

#[test]
fn either_can_be_left_out() {
    let counted = Counted::during(|| {
        without_span();
        without_measurement();
    });
    let spans: Vec<_> = counted.spans.iter().map(|span| &*span.name).collect();
    assert_eq!(spans, ["without_measurement"]);
    let calls = counted.counted("function.calls", "without_span");
    assert_eq!(calls, [("outcome=ok".to_owned(), 1)]);
    assert_eq!(counted.counted("function.calls", "without_measurement"), []);
}

fn sites(name: &str) -> Vec<&'static Site> {
    let sites = otel_runtime::site::sites();
    sites.filter(|site| site.name() == name).collect()
}
