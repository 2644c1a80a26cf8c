//! autometrics, set up as its documentation recommends: the attribute, and its Prometheus exporter
//! on the default client. It counts calls of functions, and nothing else.

use std::hint::black_box;
use std::process::ExitCode;

use autometrics::{autometrics, prometheus_exporter};
use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, labels, total};
use otelkit_benches::scrape;

#[autometrics]
#[inline(never)]
fn function(gift: bool) -> bool {
    black_box(gift)
}

struct Autometrics;

impl Metrics for Autometrics {
    const NAME: &'static str = "autometrics";

    fn install(case: Case) -> Option<Self> {
        (case == Case::Function).then(|| {
            prometheus_exporter::init();
            Self
        })
    }

    fn run(&self, _: Case, calls: u32, clock: &mut Clock) {
        clock.time(calls, |call| function(labels(call).1));
    }

    fn flush(&self) {}

    fn counted(&self, _: Case) -> u64 {
        let text = prometheus_exporter::encode_to_string().expect("text");
        total(&text, "function_calls_total")
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<Autometrics>(scrape::none)
}
