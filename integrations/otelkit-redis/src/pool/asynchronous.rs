//! A pool of async connections.

use std::fmt;
use std::ops::DerefMut;
use std::sync::Arc;

use otel_runtime::db::{PoolMetrics, PoolState};
use otel_runtime::metric::Attached;
use redis::ConnectionInfo;
use redis::aio::ConnectionLike;

use crate::connection::Traced;
use crate::pool::lent::Lent;

/// A pool of `bb8` or `deadpool` whose connections are recorded, and of which it is counted what they
/// wait for.
///
#[cfg_attr(feature = "bb8", doc = "```no_run")]
#[cfg_attr(not(feature = "bb8"), doc = "```ignore")]
/// use otelkit_redis::pool::Pool;
/// use redis::AsyncCommands;
///
/// # async fn example<M>(manager: M) -> Result<(), Box<dyn std::error::Error>>
/// # where
/// #     M: bb8::ManageConnection<Connection = redis::aio::MultiplexedConnection, Error = redis::RedisError>,
/// # {
/// // with the manager of `bb8-redis`, or a client of `redis` with its feature `bb8`
/// let pool = bb8::Pool::builder().max_size(8).build(manager).await?;
/// let pool = Pool::new("cache", pool);
/// let mut connection = pool.get().await?;
/// let visits: u64 = connection.incr("visits", 1).await?;      // a span `INCRBY 0`
/// # let _ = visits;
/// # Ok(())
/// # }
/// ```
///
/// Its metrics, each with `db.client.connection.pool.name`: `db.client.connection.count` by
/// `db.client.connection.state`, `.max`, `.idle.max`, `.pending_requests`, `.wait_time`, `.use_time` and
/// `.timeouts`. How long it takes to open a connection these pools do not say. Clones are the same
/// pool; it is looked at until the last of them is dropped.
#[derive(Clone)]
pub struct Pool<P> {
    inner: P,
    metrics: PoolMetrics,
    /// What every connection says of its server.
    traced: Traced<()>,
    _attached: Arc<Attached>,
}

/// A pool that can be recorded: one of `bb8`, with the feature of that name, or of `deadpool`, so with
/// its own.
pub trait Pooling: sealed::Pooling {}

pub(super) mod sealed {
    use super::{ConnectionLike, DerefMut, PoolState};

    pub trait Pooling: Clone + Send + Sync + 'static {
        type Connection<'p>: DerefMut<Target: ConnectionLike> + Send + Sync;
        type Error;

        fn state(&self) -> PoolState;

        fn connection(
            &self,
        ) -> impl Future<Output = Result<Self::Connection<'_>, Self::Error>> + Send;

        fn is_timeout(error: &Self::Error) -> bool;
    }
}

impl<P: Pooling> Pool<P> {
    /// The same pool, recorded; its metrics go by this name.
    #[must_use]
    pub fn new(name: &str, pool: P) -> Self {
        let metrics = PoolMetrics::new(name);
        let attached = metrics.observe({
            let (pool, metrics) = (pool.clone(), metrics.clone());
            move || pool.state().pending(metrics.pending())
        });
        Self {
            inner: pool,
            metrics,
            traced: Traced::new(()),
            _attached: Arc::new(attached),
        }
    }

    /// As [`Traced::of`], for all of its connections.
    #[must_use]
    pub fn of(mut self, info: &ConnectionInfo) -> Self {
        self.traced = self.traced.of(info);
        self
    }

    /// As [`Traced::server`], for all of its connections.
    #[must_use]
    pub fn server(mut self, address: &str, port: u16) -> Self {
        self.traced = self.traced.server(address, port);
        self
    }

    /// As [`Traced::query_text`], for all of its connections.
    #[must_use]
    pub fn query_text(mut self, wanted: bool) -> Self {
        self.traced = self.traced.query_text(wanted);
        self
    }

    /// A connection, as soon as there is one.
    ///
    /// # Errors
    /// Those of the pool.
    pub async fn get(&self) -> Result<Traced<Lent<P::Connection<'_>>>, P::Error> {
        let waiting = self.metrics.wait();
        match self.inner.connection().await {
            Ok(connection) => {
                waiting.served();
                let lent = Lent::new(connection, self.metrics.lend());
                Ok(Traced {
                    connection: lent,
                    server: self.traced.server.clone(),
                })
            }
            Err(error) => {
                if P::is_timeout(&error) {
                    waiting.timed_out();
                }
                Err(error)
            }
        }
    }

    /// The pool itself: what it gives is neither recorded nor counted.
    #[must_use]
    pub const fn inner(&self) -> &P {
        &self.inner
    }
}

impl<P> fmt::Debug for Pool<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}
