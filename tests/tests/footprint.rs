//! Telemetry takes at most 10 MiB, however much is recorded on however many threads.
#![cfg(target_os = "linux")]

use std::process::Command;

use otelkit_tests::process::child::run;

const MOST_KIB: u64 = 10 * 1024;

fn peak_kib(variant: &str) -> u64 {
    let ended = run(Command::new(env!("CARGO_BIN_EXE_subject")).args(["footprint", variant]));
    ended.succeeded().number("peak kib")
}

#[track_caller]
fn stays_small(variant: &str) {
    let with = peak_kib(variant);
    let without = peak_kib(&format!("{variant}-disabled"));
    assert!(without > 0);
    assert!(
        with <= without + MOST_KIB,
        "{with} KiB with, {without} KiB without"
    );
}

#[test]
fn one_thread_at_full_speed_stays_within_the_budget() {
    stays_small("one-thread");
}

#[test]
fn a_thousand_threads_at_full_speed_stay_within_the_budget() {
    stays_small("many-threads");
}
