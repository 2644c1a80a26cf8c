//! The loop with nothing said in it.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, total};

struct Bare;

impl Logs for Bare {
    const NAME: &'static str = "bare";

    fn install(_: &Arc<Lines>) -> Self {
        Self
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        clock.time(calls, |call| (call, black_box(CUSTOMER), total(call)));
    }

    fn flush(&self) {}
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<Bare>()
}
