//! The same operations on the databases of servers.

use otelkit_servers::mariadb::MariaDb;
use otelkit_servers::postgres::Postgres;
use resource_api::storage::{Storage, StorageError};

use crate::{Service, http};

async fn serves(url: &str) {
    let address = url.parse().unwrap();
    let service = Service::start_on(&address, tempfile::tempdir().unwrap()).await;
    http::lives_and_goes(&service).await;
    service.stop().await;
    // the schema is there already, and known
    let again = Storage::open(&address).await.unwrap();
    assert_eq!(again.count().await.unwrap(), 0);
    again.close().await;
}

async fn refuses_what_is_somebody_elses(url: &str) {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(url).await.unwrap();
    for statement in [
        "DROP TABLE dependency",
        "DROP TABLE resource",
        "DELETE FROM resource_api_schema",
    ] {
        sqlx::raw_sql(statement).execute(&pool).await.unwrap();
    }
    let theirs = sqlx::raw_sql("CREATE TABLE resource (id BIGINT)");
    theirs.execute(&pool).await.unwrap();
    let refused = Storage::open(&url.parse().unwrap()).await.unwrap_err();
    assert!(matches!(refused, StorageError::Foreign), "{refused:?}");
    let newer = sqlx::raw_sql("INSERT INTO resource_api_schema VALUES (9)");
    newer.execute(&pool).await.unwrap();
    let refused = Storage::open(&url.parse().unwrap()).await.unwrap_err();
    assert!(
        matches!(refused, StorageError::TooNew { found: 9, known: 1 }),
        "{refused:?}"
    );
    pool.close().await;
}

#[tokio::test]
async fn postgresql() {
    let Some(server) = Postgres::start() else {
        return;
    };
    serves(&server.url()).await;
    refuses_what_is_somebody_elses(&server.url()).await;
}

#[tokio::test]
async fn mariadb() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    serves(&server.url()).await;
    refuses_what_is_somebody_elses(&server.url()).await;
}
