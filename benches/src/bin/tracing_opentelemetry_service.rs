//! The service with tracing and tracing-opentelemetry, tower-http's `TraceLayer`, and sqlx' own
//! logging of statements, with the levels that axum's examples use.

use std::process::ExitCode;

use axum::Router;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use otelkit_benches::service::{self, Observed};
use sqlx::SqlitePool;
use tower_http::trace::TraceLayer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

macro_rules! query {
    ($($query:tt)*) => {
        otelkit_benches::query_function! { #[tracing::instrument(skip_all, err)] $($query)* }
    };
}

otelkit_benches::service_app! {
    pool: sqlx::SqlitePool;
    operation: #[tracing::instrument(skip_all, err)];
    check: #[tracing::instrument(skip_all, err)];
    query: query;
}

struct Tracing(SdkTracerProvider);

impl Observed for Tracing {
    const NAME: &'static str = "tracing-opentelemetry";

    fn install(endpoint: &str) -> Self {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .build()
            .expect("an exporter");
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name("bench").build())
            .build();
        let levels = Targets::new()
            .with_target("tracing_opentelemetry_service", LevelFilter::INFO)
            .with_target("tower_http", LevelFilter::DEBUG)
            .with_target("sqlx", LevelFilter::DEBUG);
        tracing_subscriber::registry()
            .with(levels)
            .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("bench")))
            .init();
        Self(provider)
    }

    fn router(&self, pool: SqlitePool) -> Router {
        app::router(pool).layer(TraceLayer::new_for_http())
    }

    fn shutdown(self) {
        self.0.shutdown().expect("a shutdown");
    }
}

fn main() -> ExitCode {
    service::main::<Tracing>()
}
