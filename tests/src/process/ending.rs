//! The end of a runtime, for tests that only care about the counters.

use std::time::Duration;

use otel_runtime::{Stats, Telemetry};

/// Shuts down; what was lost is in the counters.
#[must_use]
pub fn shut_down(telemetry: Telemetry, timeout: Duration) -> Stats {
    let ended = telemetry.shutdown(timeout);
    ended.unwrap_or_else(|loss| loss.stats().clone())
}
