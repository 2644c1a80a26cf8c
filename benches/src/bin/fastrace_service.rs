//! The service with fastrace and its layer for axum; it has nothing for sqlx but its attribute.

use std::borrow::Cow;
use std::process::ExitCode;

use axum::Router;
use fastrace::collector::Config;
use opentelemetry::InstrumentationScope;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use otelkit_benches::service::{self, Observed};
use sqlx::SqlitePool;

macro_rules! query {
    ($($query:tt)*) => {
        otelkit_benches::query_function! { #[fastrace::trace] $($query)* }
    };
}

otelkit_benches::service_app! {
    pool: sqlx::SqlitePool;
    operation: #[fastrace::trace];
    check: #[fastrace::trace];
    query: query;
}

struct Fastrace;

impl Observed for Fastrace {
    const NAME: &'static str = "fastrace";

    fn install(endpoint: &str) -> Self {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .build()
            .expect("an exporter");
        let reporter = fastrace_opentelemetry::OpenTelemetryReporter::new(
            exporter,
            Cow::Owned(Resource::builder().with_service_name("bench").build()),
            InstrumentationScope::builder("bench").build(),
        );
        fastrace::set_reporter(reporter, Config::default());
        Self
    }

    fn router(&self, pool: SqlitePool) -> Router {
        app::router(pool).layer(fastrace_axum::FastraceLayer::default())
    }

    fn shutdown(self) {
        fastrace::flush();
    }
}

fn main() -> ExitCode {
    service::main::<Fastrace>()
}
