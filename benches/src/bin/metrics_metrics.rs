//! The `metrics` crate with its Prometheus recorder, set up as the documentation shows: the
//! recorder installed, its upkeep run between the bursts, buckets given for seconds.
//!
//! There is no attribute; a function is timed by hand.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use metrics::{Label, counter, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, SECONDS, labels, seconds, total, yes_or_no};
use otelkit_benches::scrape::{self, KEYS, Scrape, VALUES, family, series};

#[inline(never)]
fn function(gift: bool) -> bool {
    let start = Instant::now();
    let result = black_box(gift);
    let gift = yes_or_no(gift);
    counter!("function_calls", "gift" => gift, "outcome" => "ok").increment(1);
    histogram!("function_duration_seconds", "gift" => gift, "outcome" => "ok")
        .record(start.elapsed());
    result
}

struct MetricsRs(PrometheusHandle);

fn installed() -> PrometheusHandle {
    PrometheusBuilder::new()
        .set_buckets(&SECONDS)
        .expect("boundaries that rise")
        .install_recorder()
        .expect("no recorder is installed yet")
}

impl Metrics for MetricsRs {
    const NAME: &'static str = "metrics";

    fn install(case: Case) -> Option<Self> {
        (case != Case::Both).then(|| Self(installed()))
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, |call| {
                let (plan, gift) = labels(call);
                counter!("shop_orders", "plan" => plan.as_str(), "gift" => yes_or_no(gift))
                    .increment(1);
            }),
            Case::Histogram => clock.time(calls, |call| {
                let gift = yes_or_no(labels(call).1);
                histogram!("queue_wait_seconds", "gift" => gift).record(seconds(call));
            }),
            Case::Function => clock.time(calls, |call| function(labels(call).1)),
            Case::Both => {}
        }
    }

    fn flush(&self) {
        self.0.run_upkeep();
    }

    fn counted(&self, case: Case) -> u64 {
        let name = match case {
            Case::Counter => "shop_orders",
            Case::Histogram => "queue_wait_seconds_count",
            Case::Function | Case::Both => "function_duration_seconds_count",
        };
        total(&self.0.render(), name)
    }
}

impl Scrape for MetricsRs {
    fn fill(families: u32) -> Self {
        let handle = installed();
        for family in (0..families).map(family) {
            for places in series() {
                let labels: Vec<Label> = KEYS
                    .into_iter()
                    .zip(places)
                    .map(|(key, place)| Label::from_static_parts(key, VALUES[place]))
                    .collect();
                counter!(family.clone(), labels).increment(1);
            }
        }
        Self(handle)
    }

    fn scrape(&self) -> Vec<u8> {
        self.0.render().into_bytes()
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<MetricsRs>(scrape::run::<MetricsRs>)
}
