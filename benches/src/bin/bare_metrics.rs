//! The loops with nothing counted in them.

use std::hint::black_box;
use std::process::ExitCode;

use otelkit_benches::Clock;
use otelkit_benches::metrics::{Case, Metrics, labels, seconds};
use otelkit_benches::scrape;

struct Bare;

#[inline(never)]
fn function(gift: bool) -> bool {
    black_box(gift)
}

impl Metrics for Bare {
    const NAME: &'static str = "bare";

    fn install(_: Case) -> Option<Self> {
        Some(Self)
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Counter => clock.time(calls, labels),
            Case::Histogram => clock.time(calls, |call| (seconds(call), labels(call).1)),
            Case::Function | Case::Both => clock.time(calls, |call| function(labels(call).1)),
        }
    }

    fn flush(&self) {}

    fn counted(&self, _: Case) -> u64 {
        0
    }
}

fn main() -> ExitCode {
    otelkit_benches::metrics::main::<Bare>(scrape::none)
}
