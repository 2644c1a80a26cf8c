//! [OtelKit](otel_runtime) for the [`redis`] crate: a span and a duration for every command, by the
//! OpenTelemetry [conventions].
//!
//! A [`Traced`] connection is a connection like the one in it, so call sites stay as they are:
//!
//! ```no_run
//! use otelkit_redis::Traced;
//! use redis::Commands;
//!
//! # fn main() -> redis::RedisResult<()> {
//! let client = redis::Client::open("redis://127.0.0.1/")?;
//! let mut connection = Traced::new(client.get_connection()?).of(client.get_connection_info());
//! let visits: u64 = connection.incr("visits", 1)?;          // a span `INCR 0`
//! # Ok(())
//! # }
//! ```
//!
//! | connection | how |
//! |---|---|
//! | `redis::Connection`, a pooled one, `cluster::ClusterConnection`, a sentinel's | `Traced::new(connection)`, with the [`Commands`](redis::Commands) of the crate |
//! | `aio::MultiplexedConnection`, `aio::ConnectionManager`, `cluster_async::ClusterConnection` | the same, feature `tokio-comp` (`aio` where the client has an executor already); clones of it are traced as well |
//!
//! - A **span** of kind client, named by the command and the database, `GET 0`; a pipeline is one span,
//!   `PIPELINE GET 0` if all of its commands are the same, a transaction `MULTI`. Its attributes:
//!   `db.system.name`, `db.operation.name`, `db.namespace`, `db.operation.batch.size`,
//!   `server.address`, `server.port`, `db.response.status_code`, `error.type`. With
//!   [`query_text`](Traced::query_text), `db.query.text`: keys, and values as `?`.
//! - The **histogram** `db.client.operation.duration`, in seconds, by those that have few values.
//! - **Errors** mean what the feature `redis` of the runtime says, and their type is the prefix that
//!   the server answered with, such as `WRONGTYPE`; what the server quotes is left out of the
//!   message. A call that is dropped before its answer has come was cancelled.
//! - **Pools** of `bb8`, `deadpool` and `r2d2` have metrics with the features of those names, in the module
//!   `pool`.
//!
//! What does not go through [`ConnectionLike`](redis::ConnectionLike) is not seen: opening a
//! connection, publish/subscribe, `MONITOR`, and what a cluster's connection does to find its way.
//!
//! # Cost
//! Of its own a command allocates nothing; an async one the box that the crate's trait asks for.
//! Without an installed runtime it costs about one load.
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/db/redis/
#![deny(unsafe_code)]

#[cfg(feature = "aio")]
mod aio;
mod asked;
mod connection;
mod durations;
mod failure;
mod name;
mod operation;
mod packed;
#[cfg(any(feature = "bb8", feature = "deadpool", feature = "r2d2"))]
pub mod pool;
mod server;
mod text;

pub use connection::Traced;
