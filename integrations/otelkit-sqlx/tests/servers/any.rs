//! Pools of any database, whose address says which one it is; and what is written for any pool.

use otelkit_observed::Observed;
use otelkit_servers::mariadb::MariaDb;
use otelkit_servers::postgres::Postgres;
use otelkit_sqlx::Pool;
use sqlx::{Acquire, Executor, Row};

use super::{SPANS, assert_accepted, file, first, in_story, one, run, settled};

/// A pool of whatever is at this address.
async fn any(url: &str) -> sqlx::Result<Pool<sqlx::Any>> {
    sqlx::any::install_default_drivers();
    Ok(Pool::new(one().connect(url).await?))
}

#[test]
fn postgres_is_recorded_as_that() {
    let Some(server) = Postgres::start() else {
        return;
    };
    let (url, port) = (server.url(), server.port().to_string());
    assert_recorded!(any(&url).await?, "$1, $2", &[(&port, "PORT")], "postgres");
}

#[test]
fn mariadb_is_recorded_as_that() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    let url = server.url().replace("mysql://", "mariadb://");
    let port = server.port().to_string();
    assert_recorded!(any(&url).await?, "?, ?", &[(&port, "PORT")], "mariadb");
}

#[test]
fn sqlite_is_recorded_as_that() {
    let (_directory, path) = file();
    let url = format!("sqlite://{path}?mode=rwc");
    assert_recorded!(any(&url).await?, "?1, ?2", &[(&path, "PATH")], "sqlite");
}

#[test]
fn a_transaction_is_begun_by_the_statement_that_is_given() {
    let mut observed = Observed::start();
    let (_directory, path) = file();
    let pool = run(async {
        let pool = any(&format!("sqlite://{path}?mode=rwc")).await?;
        pool.begin_with("BEGIN IMMEDIATE").await?.commit().await?;
        let mut connection = pool.acquire().await?;
        let transaction = connection.begin_with("BEGIN EXCLUSIVE").await?;
        transaction.rollback().await?;
        Ok::<_, sqlx::Error>(pool)
    })
    .expect("it works");
    assert_accepted(&observed.tree(4, &[(&path, "PATH")]), "begun");
    drop(pool);
}

/// Written for any pool of `sqlx`.
async fn ask<'a>(pool: impl Acquire<'a, Database = sqlx::Sqlite>) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    sqlx::query("SELECT 1").execute(&mut *connection).await?;
    Ok(())
}

#[test]
fn what_is_acquired_by_the_trait_is_counted_with_the_pool() {
    let observed = Observed::start();
    let (_directory, path) = file();
    let pool = run(async {
        let url = format!("sqlite://{path}?mode=rwc");
        let pool: Pool<sqlx::Sqlite> = Pool::named(one().connect(&url).await?, "small");
        ask(&pool).await?;
        Acquire::begin(&pool).await?.commit().await?;
        Ok::<_, sqlx::Error>(pool)
    })
    .expect("it works");
    let metrics = observed.metrics("db.client.connection.", &[]);
    for line in [
        "db.client.connection.use_time{db.client.connection.pool.name=small} 1\n",
        "db.client.connection.wait_time{db.client.connection.pool.name=small} 2\n",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
    drop(pool);
}
