//! What a load tells the person who asked for it.

use std::fmt;
use std::time::Duration;

use otel_runtime::metric::Metrics;
use tokio::task::JoinError;

use super::LoadError;
use crate::telemetry::{Operation, operations_of};

/// What became of the requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Answered well.
    pub well: u64,
    /// Refused or failed.
    pub failed: u64,
    /// Not sent, since too many others were waiting for an answer.
    pub not_sent: u64,
    /// Not answered when the time was up.
    pub unanswered: u64,
    /// How long it took to send them.
    pub took: Duration,
    /// How much later than it was due a request began, at most.
    pub furthest_behind: Duration,
}

impl LoadReport {
    pub(super) fn count(&mut self, ended: Result<Result<(), LoadError>, JoinError>) {
        match ended {
            Ok(Ok(())) => self.well += 1,
            Ok(Err(_)) | Err(_) => self.failed += 1,
        }
    }
}

impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            well,
            failed,
            not_sent,
            unanswered,
            took,
            furthest_behind,
        } = self;
        let seconds = took.as_secs_f64().max(f64::MIN_POSITIVE);
        let rate = (well + failed + unanswered) as f64 / seconds;
        writeln!(
            f,
            "{well} answered, {failed} refused or failed, {unanswered} unanswered, {not_sent} not sent"
        )?;
        write!(
            f,
            "{rate:.0} requests a second; at most {:.1} ms behind",
            furthest_behind.as_secs_f64() * 1e3
        )
    }
}

/// How long the answers took, by door and operation.
#[must_use]
pub fn latencies(metrics: &Metrics) -> Vec<Operation> {
    operations_of(
        metrics,
        "load.request.duration",
        &["load.door", "load.operation"],
    )
}
