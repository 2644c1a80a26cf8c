//! Makes the tables, and recognises files that are not ours.

use otel_runtime::{set_attributes, traced};
use sqlx::SqlitePool;

use super::error::StorageError;

/// `PRAGMA application_id` of our files: "rsrc" in ASCII.
const APPLICATION_ID: i64 = 0x7273_7263;

/// The statements that lead from each version of the schema to the next.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// Brings the file to the newest schema, in one transaction.
#[traced(fields(schema.found = _, schema.known = MIGRATIONS.len()))]
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), StorageError> {
    let known = MIGRATIONS.len() as i64;
    // a look without the write lock: most often there is nothing to do
    let mut connection = pool.acquire().await?;
    let (application_id, version, objects) = identify(&mut connection).await?;
    set_attributes!(schema.found = version);
    check(application_id, version, objects, known)?;
    if version == known {
        return Ok(());
    }
    drop(connection);
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let (application_id, version, objects) = identify(&mut transaction).await?;
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

async fn identify(connection: &mut sqlx::SqliteConnection) -> Result<(i64, i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT (SELECT application_id FROM pragma_application_id), \
         (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(connection)
    .await
}

fn check(application_id: i64, version: i64, objects: i64, known: i64) -> Result<(), StorageError> {
    match (application_id, version) {
        (0, 0) if objects == 0 => Ok(()),
        (APPLICATION_ID, 1..) if version <= known => Ok(()),
        (APPLICATION_ID, found) if found > known => Err(StorageError::TooNew { found, known }),
        _ => Err(StorageError::Foreign),
    }
}
