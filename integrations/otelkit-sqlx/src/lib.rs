//! [OtelKit](otel_runtime) for [`sqlx`]: a span and a duration for every statement, and metrics of
//! the pool, by the OpenTelemetry [conventions].
//!
//! A [`Pool`] is used as the one in it, so call sites stay as they are:
//!
//! ```no_run
//! # #[cfg(feature = "sqlite")]
//! # async fn example() -> sqlx::Result<()> {
//! use otelkit_sqlx::Pool;
//!
//! let pool = Pool::new(sqlx::SqlitePool::connect("sqlite::memory:").await?);
//! sqlx::query("INSERT INTO users (name) VALUES ('Ann')").execute(&pool).await?; // `INSERT users`
//! let mut transaction = pool.begin().await?;                                   // `BEGIN`
//! sqlx::query("DELETE FROM users").execute(&mut *transaction).await?;          // `DELETE users`
//! transaction.commit().await?;                                                 // `COMMIT`
//! # Ok(())
//! # }
//! ```
//!
//! - A **span** of kind client for each statement, named by what it does: begin, commit, rollback and
//!   prepare, fetch and execute of any kind. It ends with the last answer; a stream that is dropped
//!   after a row has ended well, one that is dropped while it waits was cancelled. Its attributes:
//!   `db.system.name`, `db.namespace`, `db.query.summary`, `db.query.text`, `db.operation.name`,
//!   `db.collection.name`, `db.response.returned_rows`, `server.address`, `server.port`,
//!   `db.response.status_code`, `error.type`.
//! - **Statements** are copied, and read by the collector's thread: no value in them leaves the process.
//! - The **histogram** `db.client.operation.duration`, in seconds, by the same attributes but for text
//!   and rows.
//! - **Errors** mean what the feature `sqlx` of the runtime says. The answer of the database is an
//!   SQLSTATE for PostgreSQL, a number for MySQL, MariaDB and SQLite.
//! - **The pool**, by `db.client.connection.pool.name`: `db.client.connection.count` by
//!   `db.client.connection.state`, `.max`, `.idle.max`, `.idle.min`, `.pending_requests`, `.wait_time`,
//!   `.use_time` and `.timeouts`. How long it takes to open a connection `sqlx` does not say.
//! - **Any database**: with the feature `any`, pools of [`sqlx::Any`](https://docs.rs/sqlx/latest/sqlx/struct.Any.html)
//!   are recorded as the database that their address names, if its feature is on.
//! - **Inside of `#[db_query]`** nothing is recorded here: the function's span and duration are those
//!   of the statement. Its pool tells it the server.
//!
//! What does not go through [`Executor`](sqlx::Executor) is not seen: opening a connection, listening,
//! `COPY` by the methods of a connection, and what a connection is asked that was taken through
//! [`Acquire`](sqlx::Acquire), which must be one of `sqlx`; it is counted with its pool.
//!
//! # Cost
//! Of its own a statement allocates a box for its span, a copy of its text, and the boxes that `sqlx`
//! asks for. Without an installed runtime it costs about one load beside those.
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/db/sql/
#![deny(unsafe_code)]

mod call;
mod connection;
mod held;
mod metrics;
mod pool;
mod query;
mod stream;
mod system;
mod transaction;

pub use connection::Connection;
pub use held::{Held, PoolConnection};
pub use pool::Pool;
pub use system::System;
pub use transaction::Transaction;
