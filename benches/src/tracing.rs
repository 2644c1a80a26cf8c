//! The measured functions, annotated as users of `tracing` do, whoever listens.

use std::hint::black_box;

use tracing::instrument;

use crate::poll::{block_on, yield_now};
use crate::{Case, Clock, Program};

#[instrument]
#[inline(never)]
fn child0() {
    black_box(());
}

#[instrument]
#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

#[instrument]
async fn async1() {
    black_box(());
}

#[instrument]
async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[instrument(skip_all)]
#[inline(always)]
fn root<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// The program.
#[derive(Debug)]
pub struct Instrumented;

impl Program for Instrumented {
    fn run(case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => root(|| clock.time(calls, |_| child0())),
            Case::Child1 => root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Events10 | Case::Logs10 => clock.time(calls, |_| events10()),
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

fn events10() {
    root(|| {
        for index in 0..10_i64 {
            tracing::info!(order.id = black_box(index), "placed");
        }
    });
}
