//! SQL through sqlx: the only place that knows it.
//!
//! The pool is one of `otelkit_sqlx`, in front of that of sqlx: every statement is a span and a
//! duration, and the pool itself is counted, without a word at the statements.
//!
//! Reads go through the pool, side by side; writes go through a [`Transaction`]. SQLite has one
//! writer at a time: a transaction takes its write lock at the start, so that it can neither fail
//! half way for want of it nor see what it read change.

mod address;
mod dialect;
mod error;
mod read;
mod row;
mod schema;
mod statements;
mod transaction;

use std::time::Duration;

use otel_runtime::metric::UpDownCounter;
use otel_runtime::traced;
use otelkit_sqlx::Pool;
use sqlx::Any;
use sqlx::any::AnyPoolOptions;

pub use address::{AddressError, DatabaseAddress};
pub use dialect::Dialect;
pub use error::StorageError;
pub use transaction::Transaction;

/// SQLite has one writer; with a write-ahead log, readers run beside it. One connection writes,
/// and the import's closing queries read on three.
const FILE_CONNECTIONS: u32 = 4;

/// A server has more to give, and others take of it, too.
const SERVER_CONNECTIONS: u32 = 16;

/// How long a statement waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How many resources the database holds: those that were there when it was opened, and what
/// committed transactions have changed since. What other processes change is not seen.
static STORED: UpDownCounter = UpDownCounter::new("resource.stored", &[])
    .unit("{resource}")
    .description("Resources in the database.")
    .scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

/// A database; a process opens one.
#[derive(Clone, Debug)]
pub struct Storage {
    pool: Pool<Any>,
    dialect: Dialect,
}

impl Storage {
    /// Opens the database, making the tables where there are none, and an SQLite file, too.
    ///
    /// # Errors
    /// If it is not ours, broken, locked, out of reach, or may not be written to.
    #[traced(fields(database.address = %address))]
    pub async fn open(address: &DatabaseAddress) -> Result<Self, StorageError> {
        if let DatabaseAddress::File(path) = address
            && path.is_dir()
        {
            return Err(StorageError::Directory);
        }
        sqlx::any::install_default_drivers();
        let dialect = address.dialect();
        let most = match dialect {
            Dialect::Sqlite => FILE_CONNECTIONS,
            Dialect::Postgres | Dialect::MySql => SERVER_CONNECTIONS,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    schema::prepare(dialect, connection).await;
                    Ok(())
                })
            })
            .connect(&address.url())
            .await?;
        let pool = Pool::new(pool);
        schema::migrate(dialect, &pool).await?;
        let storage = Self { pool, dialect };
        STORED.add(storage.count().await?, ());
        Ok(storage)
    }

    /// Starts a transaction that writes.
    ///
    /// # Errors
    /// If another process holds SQLite's write lock for too long, or the database fails.
    pub async fn begin(&self) -> Result<Transaction, StorageError> {
        let begin = statements::BEGIN.of(self.dialect);
        let inner = self.pool.begin_with(begin).await?;
        Ok(Transaction::new(inner, self.dialect))
    }

    /// Closes every connection; SQLite's write-ahead log is then folded into the file.
    #[traced]
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
