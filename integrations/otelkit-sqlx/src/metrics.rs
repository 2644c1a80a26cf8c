//! What is counted of the connections of a pool.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use otel_runtime::db::{PoolMetrics, PoolState};
use otel_runtime::metric::Attached;
use sqlx::Error;

use crate::system::System;

/// What is counted of one pool.
#[derive(Debug)]
pub(crate) struct Counted {
    metrics: PoolMetrics,
    pending: Arc<AtomicU32>,
    /// Looks at the pool until this is dropped.
    attached: OnceLock<Attached>,
}

impl Counted {
    pub(crate) fn new<DB: System>(name: &str, pool: &sqlx::Pool<DB>) -> Arc<Self> {
        let counted = Self {
            metrics: PoolMetrics::new(name),
            pending: Arc::default(),
            attached: OnceLock::new(),
        };
        let (pool, pending) = (pool.clone(), Arc::clone(&counted.pending));
        let attached = counted
            .metrics
            .observe(move || state(&pool, pending.load(Ordering::Relaxed)));
        // It is new: nothing is there.
        let _ = counted.attached.set(attached);
        Arc::new(counted)
    }

    /// Somebody waits for a connection.
    pub(crate) fn wait(self: &Arc<Self>) -> Waiting {
        self.pending.fetch_add(1, Ordering::Relaxed);
        Waiting {
            counted: Arc::clone(self),
            begun: Instant::now(),
        }
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

/// Somebody waits for a connection, until this is dropped.
pub(crate) struct Waiting {
    counted: Arc<Counted>,
    begun: Instant,
}

impl Waiting {
    /// There is one, or an error.
    pub(crate) fn end<T>(self, connection: &Result<T, Error>) {
        match connection {
            Ok(_) => self.counted.metrics.waited(self.begun.elapsed()),
            Err(Error::PoolTimedOut) => self.counted.metrics.timed_out(),
            Err(_) => {}
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.counted.pending.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection is away from its pool, until this is dropped.
#[derive(Debug)]
pub(crate) struct Usage {
    counted: Arc<Counted>,
    begun: Instant,
}

impl Usage {
    pub(crate) fn begin(counted: Arc<Counted>) -> Self {
        Self {
            counted,
            begun: Instant::now(),
        }
    }
}

impl Drop for Usage {
    fn drop(&mut self) {
        self.counted.metrics.used(self.begun.elapsed());
    }
}
