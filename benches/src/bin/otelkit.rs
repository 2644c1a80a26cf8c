//! OtelKit's own spans, made by `#[traced]`.

use std::hint::black_box;
use std::process::ExitCode;

use otel_runtime::traced;
use otelkit_benches::otelkit::{OtelKit, SetUp};
use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Program};

#[traced]
#[inline(never)]
fn child0() {
    black_box(());
}

#[traced(args(id))]
#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

#[traced]
async fn async1() {
    black_box(());
}

#[traced]
async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[traced]
#[inline(always)]
fn root<R>(body: impl FnOnce() -> R) -> R {
    body()
}

fn events10() {
    root(|| {
        for index in 0..10_i64 {
            otel_runtime::add_event("placed", &[("order.id", &black_box(index))]);
        }
    });
}

struct Annotated;

impl SetUp for Annotated {
    const NAME: &'static str = "otelkit";
    const WITHOUT: &[Case] = &[Case::Logs10];
    type Program = Self;
}

impl Program for Annotated {
    fn run(case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => root(|| clock.time(calls, |_| child0())),
            Case::Child1 => root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Logs10 => unreachable!("its events are events of spans"),
            Case::Events10 => clock.time(calls, |_| events10()),
            Case::Trace11 => clock.time(calls, |_| Self::trace11()),
        }
    }

    fn trace11() {
        root(|| {
            for _ in 0..10 {
                child0();
            }
        });
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<OtelKit<Annotated>>()
}
