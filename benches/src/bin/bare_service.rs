//! The service without any telemetry.

use std::process::ExitCode;

use axum::Router;
use otelkit_benches::service::{self, Observed};
use sqlx::SqlitePool;

macro_rules! query {
    ($($query:tt)*) => {
        otelkit_benches::query_function! { $($query)* }
    };
}

otelkit_benches::service_app! {
    pool: sqlx::SqlitePool;
    operation: ;
    check: ;
    query: query;
}

struct Bare;

impl Observed for Bare {
    const NAME: &'static str = "bare";

    fn install(_: &str) -> Self {
        Self
    }

    fn router(&self, pool: SqlitePool) -> Router {
        app::router(pool)
    }

    fn shutdown(self) {}
}

fn main() -> ExitCode {
    service::main::<Bare>()
}
