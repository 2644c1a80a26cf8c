//! Makes the tables, and recognises databases that are not ours.

mod server;
mod sqlite;

use otel_runtime::traced;
use otelkit_sqlx::Pool;
use sqlx::{Any, AnyConnection};

use super::dialect::Dialect;
use super::error::StorageError;

/// Prepares a new connection.
pub(super) async fn prepare(dialect: Dialect, connection: &mut AnyConnection) {
    match dialect {
        Dialect::Sqlite => sqlite::prepare(connection).await,
        Dialect::Postgres | Dialect::MySql => {}
    }
}

/// Brings the database to the newest schema.
#[traced(fields(schema.found = _, schema.known = _))]
pub(super) async fn migrate(dialect: Dialect, pool: &Pool<Any>) -> Result<(), StorageError> {
    match dialect {
        Dialect::Sqlite => sqlite::migrate(pool).await,
        Dialect::Postgres => server::migrate(&server::POSTGRES, pool).await,
        Dialect::MySql => server::migrate(&server::MYSQL, pool).await,
    }
}

/// What is found, and the newest version that this program knows.
fn note(found: i64, known: i64) {
    otel_runtime::set_attributes!(schema.found = found, schema.known = known);
}
