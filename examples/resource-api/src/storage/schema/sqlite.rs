//! The schema of an SQLite file, and whose it is.

use otel_runtime::db::DbTarget;
use otel_runtime::db_query;
use otelkit_sqlx::Pool;
use sqlx::{Any, AnyConnection, AnyExecutor};

use super::{StorageError, note};

/// `PRAGMA application_id` of our files: "rsrc" in ASCII.
const APPLICATION_ID: i64 = 0x7273_7263;

/// The statements that lead from each version of the schema to the next.
const MIGRATIONS: &[&str] = &[include_str!("sqlite.sql")];

/// How a connection behaves. With a write-ahead log, a crash of the program loses nothing, and a
/// crash of the machine at most the last transactions, never the file.
const BEHAVIOUR: &str =
    "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA synchronous = NORMAL";

/// How the file is written, for all connections to come.
const JOURNAL: &str = "PRAGMA journal_mode = WAL";

/// A file that is no good fails with the first statement, in the words of the database; a failure
/// here would make the pool try again until its time is up.
pub(super) async fn prepare(connection: &mut AnyConnection) {
    let _ = sqlx::raw_sql(BEHAVIOUR).execute(connection).await;
}

/// Brings the file to the newest schema, in one transaction.
pub(super) async fn migrate(pool: &Pool<Any>) -> Result<(), StorageError> {
    let known = MIGRATIONS.len() as i64;
    // a look without the write lock: most often there is nothing to do
    let (application_id, version, objects) = identify(pool).await?;
    note(version, known);
    check(application_id, version, objects, known)?;
    if version == known {
        return Ok(());
    }
    sqlx::raw_sql(JOURNAL).execute(pool).await?;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let (application_id, version, objects) = identify(&mut *transaction).await?;
    check(application_id, version, objects, known)?;
    for statements in MIGRATIONS.iter().skip(version as usize) {
        sqlx::raw_sql(*statements)
            .execute(&mut *transaction)
            .await?;
    }
    // pragmas take no parameters
    for pragma in [
        format!("PRAGMA application_id = {APPLICATION_ID}"),
        format!("PRAGMA user_version = {known}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(pragma))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Whose file it is, the version of its schema, and how many tables and indexes there are.
#[db_query(
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) \
     FROM pragma_application_id, pragma_user_version",
    system = "sqlite",
    pool = &database
)]
async fn identify<'c>(
    database: impl AnyExecutor<'c> + DbTarget,
) -> Result<(i64, i64, i64), sqlx::Error> {
    sqlx::query_as(QUERY).fetch_one(database).await
}

fn check(application_id: i64, version: i64, objects: i64, known: i64) -> Result<(), StorageError> {
    match (application_id, version) {
        (0, 0) if objects == 0 => Ok(()),
        (APPLICATION_ID, 1..) if version <= known => Ok(()),
        (APPLICATION_ID, found) if found > known => Err(StorageError::TooNew { found, known }),
        _ => Err(StorageError::Foreign),
    }
}
