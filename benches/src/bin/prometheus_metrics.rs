//! The `prometheus` crate: vectors in its default registry, a series found by its labels' values,
//! as the documentation shows.
//!
//! There is no attribute; a function is timed by hand.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::LazyLock;

use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, labels, seconds, total, yes_or_no};
use otelkit_benches::scrape::{self, KEYS, Scrape, VALUES, family, series};
use prometheus::{HistogramVec, IntCounterVec, register_histogram_vec, register_int_counter_vec};

static ORDERS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("shop_orders", "Orders.", &["plan", "gift"]).expect("a new name")
});
static WAITS: LazyLock<HistogramVec> = LazyLock::new(|| {
    register_histogram_vec!("queue_wait_seconds", "Waits.", &["gift"]).expect("a new name")
});
static CALLS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("function_calls", "Calls.", &["gift", "outcome"]).expect("a new name")
});
static DURATIONS: LazyLock<HistogramVec> = LazyLock::new(|| {
    register_histogram_vec!(
        "function_duration_seconds",
        "Durations.",
        &["gift", "outcome"]
    )
    .expect("a new name")
});

#[inline(never)]
fn function(gift: bool) -> bool {
    let values = [yes_or_no(gift), "ok"];
    let timer = DURATIONS.with_label_values(&values).start_timer();
    let result = black_box(gift);
    timer.observe_duration();
    CALLS.with_label_values(&values).inc();
    result
}

struct Prometheus;

fn scraped() -> String {
    let mut text = String::new();
    prometheus::TextEncoder::new()
        .encode_utf8(&prometheus::gather(), &mut text)
        .expect("a string takes everything");
    text
}

impl Metrics for Prometheus {
    const NAME: &'static str = "prometheus";

    fn install(case: Case) -> Option<Self> {
        (case != Case::Both).then_some(Self)
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| {
                let (plan, gift) = labels(call);
                ORDERS
                    .with_label_values(&[plan.as_str(), yes_or_no(gift)])
                    .inc();
            }),
            Case::Histogram => clock.time(calls, |call| {
                WAITS
                    .with_label_values(&[yes_or_no(labels(call).1)])
                    .observe(seconds(call));
            }),
            Case::Function => clock.time(calls, |call| function(labels(call).1)),
            Case::Both => {}
        }
    }

    fn flush(&self) {}

    fn counted(&self, case: Case) -> u64 {
        let name = match case {
            Case::Counter => "shop_orders",
            Case::Histogram => "queue_wait_seconds_count",
            Case::Function | Case::Both => "function_duration_seconds_count",
        };
        total(&scraped(), name)
    }
}

impl Scrape for Prometheus {
    fn fill(families: u32) -> Self {
        for family in (0..families).map(family) {
            let counter =
                register_int_counter_vec!(family, "Requests.", &KEYS).expect("a new name");
            for places in series() {
                counter
                    .with_label_values(&places.map(|place| VALUES[place]))
                    .inc();
            }
        }
        Self
    }

    fn scrape(&self) -> Vec<u8> {
        scraped().into_bytes()
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<Prometheus>(scrape::run::<Prometheus>)
}
