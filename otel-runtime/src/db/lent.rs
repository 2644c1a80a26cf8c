//! From the wish for a connection of a pool until it is back.

use std::time::Instant;

use super::PoolMetrics;

/// Somebody waits for a connection, until this is dropped: `db.client.connection.pending_requests`.
///
/// ```
/// use otel_runtime::db::PoolMetrics;
///
/// let metrics = PoolMetrics::new("orders");
/// let waiting = metrics.wait();
/// assert_eq!(metrics.pending(), 1);
/// waiting.served();
/// let lent = metrics.lend();
/// assert_eq!(metrics.pending(), 0);
/// # drop(lent);
/// ```
#[derive(Debug)]
pub struct Waiting {
    metrics: PoolMetrics,
    begun: Instant,
}

/// A connection is away from its pool, until this is dropped: `db.client.connection.use_time`.
#[derive(Debug)]
pub struct Lent {
    metrics: PoolMetrics,
    begun: Instant,
}

impl Waiting {
    pub(super) fn begin(metrics: PoolMetrics) -> Self {
        let begun = Instant::now();
        Self { metrics, begun }
    }

    /// There is a connection: `db.client.connection.wait_time`.
    pub fn served(self) {
        self.metrics.waited(self.begun.elapsed());
    }

    /// There was none in time: `db.client.connection.timeouts`.
    pub fn timed_out(self) {
        self.metrics.timed_out();
    }
}

/// One that is told nothing got an error, or gave up.
impl Drop for Waiting {
    fn drop(&mut self) {
        self.metrics.waits_no_more();
    }
}

impl Lent {
    pub(super) fn begin(metrics: PoolMetrics) -> Self {
        let begun = Instant::now();
        Self { metrics, begun }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.metrics.used(self.begun.elapsed());
    }
}
