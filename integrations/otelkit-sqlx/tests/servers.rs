//! Real databases: what is recorded of what they are asked, compared whole.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use otel_runtime::{ContextExt, db_query, span};
use otelkit_observed::{Observed, assert_text};
use otelkit_servers::mariadb::MariaDb;
use otelkit_servers::postgres::Postgres;
use otelkit_sqlx::{Pool, System};
use sqlx::pool::PoolOptions;
use sqlx::{Executor, Row};

#[path = "servers/stream.rs"]
mod stream;

use stream::first;

/// Polls a future on an executor of its own.
fn run<T>(work: impl Future<Output = T>) -> T {
    let executor = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("an executor");
    executor.block_on(work)
}

/// What each database is asked, by its way to write parameters; in a span of its own.
macro_rules! story {
    ($pool:ident, $parameter:literal) => {
        async {
            let pool = &$pool;
            pool.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)")
                .await?;
            for (id, name) in [(1, "Ann"), (2, "Bo")] {
                let insert = concat!("INSERT INTO users (id, name) VALUES (", $parameter, ")");
                sqlx::query(insert)
                    .bind(id)
                    .bind(name)
                    .execute(pool)
                    .await?;
            }
            let all =
                sqlx::query("SELECT name FROM users WHERE name <> 'Ann' OR id < 100 ORDER BY id");
            assert_eq!(all.fetch_all(pool).await?.len(), 2);
            let one = sqlx::query("SELECT name FROM users WHERE id = 1")
                .fetch_one(pool)
                .await?;
            assert_eq!(one.get::<String, _>(0), "Ann");
            let none = sqlx::query("SELECT name FROM users WHERE id = 7")
                .fetch_optional(pool)
                .await?;
            assert!(none.is_none());
            let early = first(sqlx::query("SELECT id FROM users ORDER BY id").fetch(pool)).await;
            assert_eq!(early.expect("a row")?.get::<i32, _>(0), 1);

            let mut connection = pool.acquire().await?;
            connection
                .execute("UPDATE users SET name = 'Cy' WHERE id = 2")
                .await?;
            (&mut *connection)
                .prepare(sqlx::SqlStr::from_static("SELECT id FROM users"))
                .await?;
            drop(connection);

            let mut transaction = pool.begin().await?;
            sqlx::query("DELETE FROM users WHERE id = 1")
                .execute(&mut *transaction)
                .await?;
            let mut inner = transaction.begin().await?;
            sqlx::query("DELETE FROM users")
                .execute(&mut *inner)
                .await?;
            inner.rollback().await?;
            transaction.commit().await?;
            let transaction = pool.begin().await?;
            transaction.rollback().await?;

            let twice = sqlx::query("INSERT INTO users (id, name) VALUES (2, 'Di')")
                .execute(pool)
                .await;
            assert!(
                twice
                    .expect_err("there is one")
                    .as_database_error()
                    .expect("it answers")
                    .is_unique_violation()
            );
            let broken = sqlx::raw_sql("SELEC 'hunter2'").execute(pool).await;
            assert!(broken.is_err());
            Ok::<(), sqlx::Error>(())
        }
    };
}

const SPANS: usize = 19;

fn in_story<T>(work: impl Future<Output = sqlx::Result<T>>) -> T {
    let story = span!("story");
    run(work.in_span(story)).expect("the database does as it is told")
}

/// One connection, so that it is told how many there are.
fn one<DB: sqlx::Database>() -> PoolOptions<DB> {
    PoolOptions::new().max_connections(1)
}

/// Waits until all connections are back.
async fn settled<DB: System>(pool: Pool<DB>) -> sqlx::Result<Pool<DB>> {
    while pool.inner().num_idle() < pool.inner().size() as usize {
        tokio::task::yield_now().await;
    }
    Ok(pool)
}

/// A database tells at which line of its own source an error was made, which changes with every
/// version of it.
fn without_lines(text: &str) -> String {
    let mut parts = text.split(" at line ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|digit: char| digit.is_ascii_digit())
    })
}

/// Asserts that a text is what was accepted before; `UPDATE=1` accepts it.
#[track_caller]
fn assert_accepted(actual: &str, name: &str) {
    let actual = &without_lines(actual);
    let path = format!("{}/tests/servers/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).expect("it can be written");
    }
    let accepted = std::fs::read_to_string(&path).unwrap_or_default();
    assert_text(actual, &accepted);
}

/// Tells the story to a pool, and asserts that what is recorded of it is what was accepted.
macro_rules! assert_recorded {
    ($pool:expr, $parameter:literal, $hidden:expr, $name:literal) => {{
        let mut observed = Observed::start();
        let pool = in_story(async {
            let pool = $pool;
            story!(pool, $parameter).await?;
            settled(pool).await
        });
        assert_accepted(&observed.tree(SPANS + 1, $hidden), $name);
        let metrics = observed.metrics("db.client", $hidden);
        assert_accepted(&metrics, concat!($name, "_metrics"));
        assert_eq!(observed.undeclared(), 0);
        drop(pool);
    }};
}

#[path = "servers/any.rs"]
mod any;

#[test]
fn postgres_is_recorded() {
    let Some(server) = Postgres::start() else {
        return;
    };
    let (url, port) = (server.url(), server.port().to_string());
    let pool = one::<sqlx::Postgres>();
    assert_recorded!(
        Pool::new(pool.connect(&url).await?),
        "$1, $2",
        &[(&port, "PORT")],
        "postgres"
    );
}

#[test]
fn mariadb_is_recorded() {
    let Some(server) = MariaDb::start() else {
        return;
    };
    let (url, port) = (server.url(), server.port().to_string());
    assert_recorded!(
        Pool::mariadb(one().connect(&url).await?),
        "?, ?",
        &[(&port, "PORT")],
        "mariadb"
    );
}

/// A database in a file, which goes with what is returned.
fn file() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("db").display().to_string();
    (directory, path)
}

#[test]
fn sqlite_is_recorded() {
    let (_directory, path) = file();
    let url = format!("sqlite://{path}?mode=rwc");
    let pool = one::<sqlx::Sqlite>();
    assert_recorded!(
        Pool::new(pool.connect(&url).await?),
        "?1, ?2",
        &[(&path, "PATH")],
        "sqlite"
    );
}

#[test]
fn a_pool_without_connections_says_so_in_time() {
    let mut observed = Observed::start();
    let (_directory, path) = file();
    let metrics = run(async {
        let options = one().acquire_timeout(Duration::from_secs(2));
        let pool = options
            .connect(&format!("sqlite://{path}?mode=rwc"))
            .await?;
        let pool: Pool<sqlx::Sqlite> = Pool::named(pool, "small");
        let held = pool.acquire().await?;
        let mut waiting = Box::pin(pool.acquire());
        let is_waiting = poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx).is_pending())).await;
        assert!(is_waiting);
        let pending = observed.metrics("db.client.connection.pending", &[]);
        drop(waiting);
        let error = sqlx::query("SELECT 1").fetch_one(&pool).await;
        assert!(matches!(error, Err(sqlx::Error::PoolTimedOut)));
        let metrics = pending + &observed.metrics("db.client.connection", &[]);
        drop(held);
        Ok::<_, sqlx::Error>(metrics)
    })
    .expect("it does otherwise work");
    assert_accepted(&observed.tree(1, &[(&path, "PATH")]), "exhausted");
    assert_accepted(&metrics, "exhausted_metrics");
}

#[test]
fn what_is_given_up_is_cancelled() {
    let Some(server) = Postgres::start() else {
        return;
    };
    let mut observed = Observed::start();
    run(async {
        let pool = Pool::new(sqlx::PgPool::connect(&server.url()).await?);
        let asks = sqlx::query("SELECT pg_sleep(3600)").execute(&pool);
        assert!(
            tokio::time::timeout(Duration::from_millis(50), asks)
                .await
                .is_err()
        );
        Ok::<_, sqlx::Error>(())
    })
    .expect("it connects");
    let port = server.port().to_string();
    let hidden = [(&*port, "PORT")];
    assert_accepted(&observed.tree(1, &hidden), "cancelled");
    assert_accepted(
        &observed.metrics("db.client.operation", &hidden),
        "cancelled_metrics",
    );
}

#[test]
fn a_server_that_dies_while_it_is_asked_is_an_error_of_the_call() {
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let mut observed = Observed::start();
    let port = server.port().to_string();
    run(async {
        let pool = Pool::new(sqlx::PgPool::connect(&server.url()).await?);
        let asking = tokio::spawn({
            let pool = pool.clone();
            async move { sqlx::query("SELECT pg_sleep(3600)").execute(&pool).await.is_err() }
        });
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
        while sqlx::query_scalar::<_, i64>(busy).fetch_one(pool.inner()).await? == 0 {}
        server.kill();
        assert!(asking.await.expect("it ends"));
        Ok::<_, sqlx::Error>(())
    })
    .expect("it connects");
    assert_accepted(&observed.tree(1, &[(&port, "PORT")]), "killed");
}

#[db_query("SELECT name FROM users WHERE id = 1", system = "sqlite", rows = |names| names.len())]
async fn names(pool: &Pool<sqlx::Sqlite>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(QUERY).fetch_all(pool).await
}

#[test]
fn inside_of_a_query_of_ones_own_nothing_is_recorded_twice() {
    let mut observed = Observed::start();
    let (_directory, path) = file();
    run(async {
        let pool = Pool::new(
            one::<sqlx::Sqlite>()
                .connect(&format!("sqlite://{path}?mode=rwc"))
                .await?,
        );
        pool.inner()
            .execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")
            .await?;
        pool.inner()
            .execute("INSERT INTO users VALUES (1, 'Ann')")
            .await?;
        assert_eq!(names(&pool).await?, ["Ann"]);
        pool.execute("SELECT 1").await?;
        Ok::<_, sqlx::Error>(())
    })
    .expect("it works");
    let hidden = [(&*path, "PATH")];
    assert_accepted(&observed.tree(2, &hidden), "own");
    assert_accepted(
        &observed.metrics("db.client.operation", &hidden),
        "own_metrics",
    );
}
