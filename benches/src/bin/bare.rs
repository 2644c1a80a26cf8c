//! The same functions without any annotation: what the others are above.

use std::hint::black_box;
use std::process::ExitCode;

use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};

#[inline(never)]
fn child0() {
    black_box(());
}

#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

async fn async1() {
    black_box(());
}

async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

struct Bare;

impl Library for Bare {
    const NAME: &'static str = "bare";
    const WITHOUT: &[Case] = &[];

    fn install(_: Mode, _: &str) -> Self {
        Self
    }

    fn install_otlp(_: &str) -> Self {
        Self
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => clock.time(calls, |_| child0()),
            Case::Child1 => clock.time(calls, |call| child1(u64::from(call))),
            Case::Async1 => clock.time(calls, |_| block_on(async1())),
            Case::Async10 => clock.time(calls, |_| block_on(async10())),
            Case::Events10 | Case::Logs10 => clock.time(calls, |_| {
                for index in 0..10 {
                    black_box(index);
                }
            }),
            Case::Trace11 => clock.time(calls, |_| self.trace11()),
        }
    }

    fn trace11(&self) {
        for _ in 0..10 {
            child0();
        }
    }

    fn flush(&self) {}

    fn shutdown(self) {}

    fn received(&self) -> u64 {
        0
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<Bare>()
}
