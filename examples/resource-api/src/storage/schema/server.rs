//! The schema in a database of a server: which one it is stands in a table of its own.

use otelkit_sqlx::{Pool, PoolConnection};
use sqlx::{Any, AssertSqlSafe};

use super::{StorageError, note};

/// What differs between servers.
#[derive(Debug)]
pub(super) struct Server {
    /// The statements that lead from each version of the schema to the next.
    migrations: &'static [&'static str],
    /// One program at a time, until `unlock`.
    lock: &'static str,
    unlock: &'static str,
    /// Whether there is a table called `resource`.
    has_resources: &'static str,
}

pub(super) const POSTGRES: Server = Server {
    migrations: &[include_str!("postgres.sql")],
    lock: "SELECT 1 FROM pg_advisory_lock(1920170595)",
    unlock: "SELECT 1 FROM (SELECT pg_advisory_unlock(1920170595)) AS unlocked",
    has_resources: "SELECT count(*) FROM information_schema.tables \
                    WHERE table_schema = current_schema() AND table_name = 'resource'",
};

pub(super) const MYSQL: Server = Server {
    migrations: &[include_str!("mysql.sql")],
    lock: "SELECT get_lock('resource-api', 10)",
    unlock: "SELECT release_lock('resource-api')",
    has_resources: "SELECT count(*) FROM information_schema.tables \
                    WHERE table_schema = database() AND table_name = 'resource'",
};

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS resource_api_schema (version BIGINT NOT NULL)";

/// Brings the database to the newest schema; several programs may start at once.
pub(super) async fn migrate(server: &Server, pool: &Pool<Any>) -> Result<(), StorageError> {
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql(server.lock).execute(&mut *connection).await?;
    let migrated = migrate_alone(server, &mut connection).await;
    sqlx::raw_sql(server.unlock)
        .execute(&mut *connection)
        .await?;
    migrated
}

async fn migrate_alone(
    server: &Server,
    connection: &mut PoolConnection<Any>,
) -> Result<(), StorageError> {
    let known = server.migrations.len() as i64;
    sqlx::raw_sql(VERSIONS).execute(&mut **connection).await?;
    let (version,): (i64,) =
        sqlx::query_as("SELECT coalesce(max(version), 0) FROM resource_api_schema")
            .fetch_one(&mut **connection)
            .await?;
    note(version, known);
    if version > known {
        let found = version;
        return Err(StorageError::TooNew { found, known });
    }
    let (tables,): (i64,) = sqlx::query_as(server.has_resources)
        .fetch_one(&mut **connection)
        .await?;
    if version == 0 && tables > 0 {
        return Err(StorageError::Foreign);
    }
    for (at, statements) in server.migrations.iter().enumerate().skip(version as usize) {
        sqlx::raw_sql(*statements)
            .execute(&mut **connection)
            .await?;
        let done = format!("INSERT INTO resource_api_schema VALUES ({})", at + 1);
        sqlx::raw_sql(AssertSqlSafe(done))
            .execute(&mut **connection)
            .await?;
    }
    Ok(())
}
