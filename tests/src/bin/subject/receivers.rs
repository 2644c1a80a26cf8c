//! A program that works while its receiver does not.

use std::time::Duration;

use otel_runtime::{Config, install};
use otelkit_tests::process::memory;
use otelkit_tests::process::site::work;

const PATIENCE: Duration = Duration::from_secs(60);

/// Computes something, prints it, and exports as the environment says.
pub(crate) fn play(timeout_ms: &str) {
    let telemetry = install(Config::from_env().unwrap()).unwrap();
    let before = memory::now_kib();
    let mut sum = 0u64;
    for step in 0..100_000u64 {
        work();
        sum = sum.wrapping_mul(31).wrapping_add(step);
    }
    println!("the sum is {sum}");
    let peak = memory::peak_kib();
    let timeout = Duration::from_millis(timeout_ms.parse().unwrap_or(1000));
    let ended = telemetry.shutdown(timeout);
    // to standard error, so that standard output can be compared
    eprintln!("growth kib={}", peak.saturating_sub(before));
    match &ended {
        Ok(_) => eprintln!("shutdown=ok"),
        Err(loss) => eprintln!("shutdown={loss}"),
    }
    // on a busy machine the collector may get to its last figures only now
    let ended = telemetry.shutdown(PATIENCE);
    let stats = ended.unwrap_or_else(|loss| loss.stats().clone());
    eprintln!("exported={}", stats.exported());
    eprintln!("lost={}", stats.lost());
}
