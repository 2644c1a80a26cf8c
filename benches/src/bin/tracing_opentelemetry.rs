//! tracing with tracing-opentelemetry, set up as the latter's documentation
//! says: the default layer on a `Registry`, over the OpenTelemetry SDK's batch
//! span processor with its defaults. A level filter keeps the spans of the
//! gRPC client out, which would otherwise trace its own transport.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};
use tracing::instrument;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[instrument]
#[inline(never)]
fn child0() {
    black_box(());
}

#[instrument]
#[inline(never)]
fn child1(id: u64) -> u64 {
    black_box(id)
}

#[instrument]
async fn async1() {
    black_box(());
}

#[instrument]
async fn async10() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[instrument(skip_all)]
#[inline(always)]
fn root<R>(body: impl FnOnce() -> R) -> R {
    body()
}

struct Tracing {
    provider: Option<SdkTracerProvider>,
    received: Arc<AtomicU64>,
    _runtime: Option<tokio::runtime::Runtime>,
}

impl Tracing {
    fn events10(&self) {
        root(|| {
            for index in 0..10_i64 {
                tracing::info!(order.id = black_box(index), "placed");
            }
        });
    }
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
        match case {
            Case::Child0 => root(|| clock.time(calls, |_| child0())),
            Case::Child1 => root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Logs10 => unreachable!("its events are events of spans"),
            Case::Events10 => clock.time(calls, |_| self.events10()),
            Case::Trace11 => clock.time(calls, |_| self.trace11()),
        }
    }

    fn trace11(&self) {
        root(|| {
            for _ in 0..10 {
                child0();
            }
        });
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
