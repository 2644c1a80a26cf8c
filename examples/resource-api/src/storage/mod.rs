//! SQLite through sqlx: the only place that knows SQL.
//!
//! Reads go through the pool, side by side; writes go through a [`Transaction`], one at a time,
//! which takes SQLite's write lock at its start, so that it can neither fail half way for want of
//! it nor see what it read change.

mod error;
mod read;
mod row;
mod schema;
mod transaction;

use std::path::Path;
use std::time::Duration;

use otel_runtime::metric::UpDownCounter;
use otel_runtime::traced;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub use error::StorageError;
pub use transaction::Transaction;

/// SQLite has one writer; with a write-ahead log, readers run beside it. One connection writes,
/// and the import's closing queries read on three.
const MAX_CONNECTIONS: u32 = 4;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// How many resources the database holds: those that were there when it was opened, and what
/// committed transactions have changed since. What other processes change is not seen.
static STORED: UpDownCounter = UpDownCounter::new("resource.stored", &[])
    .unit("{resource}")
    .description("Resources in the database.")
    .scope(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));

/// A database file; a process opens one.
#[derive(Clone, Debug)]
pub struct Storage {
    pool: SqlitePool,
}

impl Storage {
    /// Opens the file, making it and its tables where there are none.
    ///
    /// # Errors
    /// If it is not ours, broken, locked, or may not be written to.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.namespace = %path.display()))]
    pub async fn open(path: &Path) -> Result<Self, StorageError> {
        if path.is_dir() {
            return Err(StorageError::Directory);
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            // with a write-ahead log, a crash of the program loses nothing, and a crash of the
            // machine at most the last transactions, never the file
            .synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .connect_with(options)
            .await?;
        schema::migrate(&pool).await?;
        let storage = Self { pool };
        STORED.add(storage.count().await?, ());
        Ok(storage)
    }

    /// Starts a transaction that writes.
    ///
    /// # Errors
    /// If another process holds the write lock for too long.
    #[traced(kind = client, fields(db.system.name = "sqlite", db.operation.name = "BEGIN"))]
    pub async fn begin(&self) -> Result<Transaction, StorageError> {
        Ok(Transaction::new(
            self.pool.begin_with("BEGIN IMMEDIATE").await?,
        ))
    }

    /// Closes every connection; the write-ahead log is then folded into the file.
    #[traced(kind = client, fields(db.system.name = "sqlite"))]
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
