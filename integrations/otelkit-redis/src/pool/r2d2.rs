//! A pool of connections by [`r2d2`]: its connections are recorded, and it is counted what they wait
//! for.
//!
//! ```no_run
//! use otelkit_redis::pool::r2d2::{Manager, observe};
//! use redis::Commands;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let manager = Manager::new("cache", redis::Client::open("redis://127.0.0.1/")?);
//! let pool = r2d2::Pool::builder()
//!     .max_size(8)
//!     .event_handler(manager.events())
//!     .build(manager)?;
//! let observed = observe("cache", &pool);
//! let visits: u64 = pool.get()?.incr("visits", 1)?;
//! # drop(observed);
//! # Ok(())
//! # }
//! ```
//!
//! | metric, each with `db.client.connection.pool.name` | from |
//! |---|---|
//! | `db.client.connection.create_time` | [`Manager`] |
//! | `db.client.connection.wait_time`, `.use_time`, `.timeouts` | [`Manager::events`] |
//! | `db.client.connection.count` by `db.client.connection.state`, `.max`, `.idle.max`, `.idle.min` | [`observe`] |
//!
//! How many wait at the moment, `db.client.connection.pending_requests`, `r2d2` does not say.

use std::time::Instant;

use ::r2d2::event::{CheckinEvent, CheckoutEvent, TimeoutEvent};
use ::r2d2::{HandleEvent, ManageConnection, Pool};
use otel_runtime::db::{PoolMetrics, PoolState};
use otel_runtime::metric::Attached;
use redis::{Client, Connection, ConnectionLike, RedisError, RedisResult};

use crate::connection::Traced;

/// Opens connections whose commands are recorded, for a pool.
#[derive(Clone, Debug)]
pub struct Manager {
    metrics: PoolMetrics,
    client: Client,
    query_text: bool,
}

impl Manager {
    /// Of the pool of this name, `db.client.connection.pool.name`.
    #[must_use]
    pub fn new(name: &str, client: Client) -> Self {
        Self {
            metrics: PoolMetrics::new(name),
            client,
            query_text: false,
        }
    }

    /// As [`Traced::query_text`], for all of its connections.
    #[must_use]
    pub const fn query_text(mut self, wanted: bool) -> Self {
        self.query_text = wanted;
        self
    }

    /// What the pool tells of waiting and of use.
    #[must_use]
    pub fn events(&self) -> Box<dyn HandleEvent> {
        Box::new(Events(self.metrics.clone()))
    }
}

impl ManageConnection for Manager {
    type Connection = Traced<Connection>;
    type Error = RedisError;

    fn connect(&self) -> RedisResult<Traced<Connection>> {
        let begun = Instant::now();
        let connection = self.client.get_connection()?;
        self.metrics.created(begun.elapsed());
        let traced = Traced::new(connection).of(self.client.get_connection_info());
        Ok(traced.query_text(self.query_text))
    }

    /// The question is not recorded: the pool asks it, and not the program.
    fn is_valid(&self, connection: &mut Traced<Connection>) -> RedisResult<()> {
        redis::cmd("PING").exec(connection.get_mut())
    }

    fn has_broken(&self, connection: &mut Traced<Connection>) -> bool {
        !connection.is_open()
    }
}

/// Counts what a pool tells.
#[derive(Debug)]
struct Events(PoolMetrics);

impl HandleEvent for Events {
    fn handle_checkout(&self, event: CheckoutEvent) {
        self.0.waited(event.duration());
    }

    fn handle_timeout(&self, _: TimeoutEvent) {
        self.0.timed_out();
    }

    fn handle_checkin(&self, event: CheckinEvent) {
        self.0.used(event.duration());
    }
}

/// Has a pool of any kind looked at whenever somebody reads metrics, under this name. The pool is
/// kept until what is returned is dropped.
pub fn observe<M: ManageConnection>(name: &str, pool: &Pool<M>) -> Attached {
    let pool = pool.clone();
    PoolMetrics::new(name).observe(move || {
        let (state, most) = (pool.state(), pool.max_size());
        let used = state.connections.saturating_sub(state.idle_connections);
        PoolState::new(state.idle_connections, used)
            .max(most)
            .idle_min(pool.min_idle().unwrap_or(most))
    })
}
