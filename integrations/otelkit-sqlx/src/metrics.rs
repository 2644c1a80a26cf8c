//! What is counted of the connections of a pool.

use std::sync::Arc;

use otel_runtime::db::{Lent, PoolMetrics, PoolState};
use otel_runtime::metric::Attached;
use sqlx::Error;
use sqlx::pool::PoolConnection;

use crate::system::System;

/// What is counted of one pool, which is looked at until the last of these is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    metrics: PoolMetrics,
    _attached: Arc<Attached>,
}

impl Counted {
    pub(crate) fn new<DB: System>(name: &str, pool: &sqlx::Pool<DB>) -> Self {
        let metrics = PoolMetrics::new(name);
        let attached = metrics.observe({
            let (pool, metrics) = (pool.clone(), metrics.clone());
            move || state(&pool, metrics.pending())
        });
        Self {
            metrics,
            _attached: Arc::new(attached),
        }
    }

    /// Waits for a connection.
    pub(crate) async fn wait<DB: System>(
        &self,
        pool: &sqlx::Pool<DB>,
    ) -> Result<PoolConnection<DB>, Error> {
        let waiting = self.metrics.wait();
        let connection = pool.acquire().await;
        match &connection {
            Ok(_) => waiting.served(),
            Err(Error::PoolTimedOut) => waiting.timed_out(),
            Err(_) => {}
        }
        connection
    }

    /// A connection is away from its pool, until what is returned is dropped.
    pub(crate) fn lend(&self) -> Lent {
        self.metrics.lend()
    }
}

fn state<DB: System>(pool: &sqlx::Pool<DB>, pending: u32) -> PoolState {
    let all = pool.size();
    let idle = u32::try_from(pool.num_idle()).unwrap_or(all).min(all);
    let options = pool.options();
    PoolState::new(idle, all - idle)
        .max(options.get_max_connections())
        .idle_min(options.get_min_connections())
        .pending(pending)
}
