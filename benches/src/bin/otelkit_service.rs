//! The service with OtelKit: every function annotated, operations and queries counted, all requests
//! observed by the layer, the pool counted, spans and metrics exported.

use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, OtlpMetricsExporter, Protocol};
use otel_runtime::{Config, Telemetry, install};
use otelkit_benches::service::{self, Observed};
use otelkit_sqlx::Pool;
use otelkit_tower::HttpServerLayer;
use sqlx::SqlitePool;

macro_rules! query {
    ($statement:tt $($function:tt)*) => {
        #[otel_runtime::db_query($statement, system = "sqlite")]
        $($function)*
    };
}

otelkit_benches::service_app! {
    pool: otelkit_sqlx::Pool<sqlx::Sqlite>;
    operation: #[otel_runtime::traced] #[otel_runtime::metered];
    check: #[otel_runtime::traced];
    query: query;
}

struct OtelKit(Telemetry);

impl Observed for OtelKit {
    const NAME: &'static str = "otelkit";

    fn install(endpoint: &str) -> Self {
        let otlp = || {
            OtlpConfig::new()
                .protocol(Protocol::Grpc)
                .endpoint(endpoint)
        };
        let spans = OtlpExporter::new(otlp()).expect("the configuration is valid");
        let metrics = OtlpMetricsExporter::new(otlp()).expect("the configuration is valid");
        let config = Config::new()
            .service_name("bench")
            .with_exporter(spans)
            .with_exporter(metrics);
        Self(install(config).expect("nothing is installed yet"))
    }

    fn router(&self, pool: SqlitePool) -> Router {
        app::router(Pool::new(pool)).layer(HttpServerLayer::new())
    }

    fn shutdown(self) {
        if let Err(loss) = self.0.shutdown(Duration::from_secs(30)) {
            eprintln!("otelkit: {loss}");
        }
    }
}

fn main() -> ExitCode {
    service::main::<OtelKit>()
}
