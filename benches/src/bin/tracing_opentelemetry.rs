//! tracing with tracing-opentelemetry, set up as the latter's documentation
//! says: the default layer on a `Registry`, over the OpenTelemetry SDK's batch
//! span processor with its defaults. A level filter keeps the spans of the
//! gRPC client out, which would otherwise trace its own transport.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use otelkit_benches::tracing::Instrumented;
use otelkit_benches::{Case, Clock, Library, Mode, Program};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

struct Tracing {
    provider: Option<SdkTracerProvider>,
    received: Arc<AtomicU64>,
    _runtime: Option<tokio::runtime::Runtime>,
}

impl Library for Tracing {
    const NAME: &'static str = "tracing-opentelemetry";

    fn install(mode: Mode, _endpoint: &str) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        let provider = (mode != Mode::Off).then(|| {
            let root = match mode {
                Mode::Sampled => Sampler::AlwaysOn,
                Mode::Unsampled | Mode::Off => Sampler::AlwaysOff,
            };
            SdkTracerProvider::builder()
                .with_batch_exporter(Discard(Arc::clone(&received)))
                .with_sampler(Sampler::ParentBased(Box::new(root)))
                .build()
        });
        if let Some(provider) = &provider {
            subscribe(provider);
        }
        Self {
            provider,
            received,
            _runtime: None,
        }
    }

    fn install_otlp(endpoint: &str) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let exporter = {
            let _inside = runtime.enter();
            opentelemetry_otlp::SpanExporter::builder()
                .with_tonic()
                .with_endpoint(endpoint)
                .build()
                .expect("an exporter")
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name("bench").build())
            .build();
        subscribe(&provider);
        Self {
            provider: Some(provider),
            received: Arc::default(),
            _runtime: Some(runtime),
        }
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        Instrumented::run(case, calls, clock);
    }

    fn trace11(&self) {
        Instrumented::trace11();
    }

    fn flush(&self) {
        if let Some(provider) = &self.provider {
            provider.force_flush().expect("a flush");
        }
    }

    fn shutdown(self) {
        if let Some(provider) = &self.provider {
            provider.shutdown().expect("a shutdown");
        }
    }

    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

fn subscribe(provider: &SdkTracerProvider) {
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("bench")))
        .init();
}

#[derive(Debug)]
struct Discard(Arc<AtomicU64>);

impl SpanExporter for Discard {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.fetch_add(batch.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

fn main() -> ExitCode {
    otelkit_benches::main::<Tracing>()
}
