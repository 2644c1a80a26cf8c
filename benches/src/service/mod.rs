//! A small service under load: HTTP by axum, SQLite by sqlx, the same for every library.
//!
//! One binary per library implements [`Observed`], annotates the service with
//! [`service_app!`](crate::service_app) and calls [`main`]. It prints its port
//! when it is ready and its figures when its standard input ends; the load
//! comes from another process, `drive`.

mod app;

use std::io::{Read, Write};
use std::process::ExitCode;

use axum::Router;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::process::{cpu, memory};

/// The rows that are there from the start.
pub const ITEMS: i64 = 1000;

/// A library under measurement.
pub trait Observed: Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// Sets the library up as its documentation recommends for production, with its OTLP exporter
    /// over gRPC, without compression. Called inside of a tokio runtime.
    fn install(endpoint: &str) -> Self;

    /// The service, annotated, on this database.
    fn router(&self, pool: SqlitePool) -> Router;

    /// Flushes, and ends every thread of the library.
    fn shutdown(self);
}

/// What a service's binary does: serves until its standard input ends.
pub fn main<O: Observed>() -> ExitCode {
    let Some(endpoint) = std::env::args().nth(1) else {
        eprintln!("usage: {} ENDPOINT", O::NAME);
        return ExitCode::FAILURE;
    };
    match run::<O>(&endpoint) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", O::NAME);
            ExitCode::FAILURE
        }
    }
}

fn run<O: Observed>(endpoint: &str) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let file = std::env::temp_dir().join(format!("otelkit-bench-{}.db", std::process::id()));
    let pool = runtime.block_on(open(&file))?;
    let observed = {
        let _inside = runtime.enter();
        O::install(endpoint)
    };
    let router = observed.router(pool.clone());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        std::io::stdout().flush()?;
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        Ok::<_, std::io::Error>(runtime.spawn(server.into_future()))
    })?;
    let before = cpu();
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    let _ = stop.send(());
    runtime.block_on(server)??;
    observed.shutdown();
    println!(
        "cpu_ns={} peak_bytes={}",
        (cpu() - before).as_nanos(),
        memory("VmHWM:")?
    );
    runtime.block_on(pool.close());
    drop(runtime);
    for suffix in ["", "-wal", "-shm"] {
        let mut path = file.clone().into_os_string();
        path.push(suffix);
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

async fn open(file: &std::path::Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options)
        .await?;
    sqlx::raw_sql(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL)",
    )
    .execute(&pool)
    .await?;
    for id in 1..=ITEMS {
        sqlx::query("INSERT INTO item (id, name, price) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(format!("item {id}"))
            .bind(id * 100)
            .execute(&pool)
            .await?;
    }
    Ok(pool)
}
