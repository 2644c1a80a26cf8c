//! The same program as tracing-opentelemetry's, with OtelKit's layer in place of that one: spans and
//! events of `tracing`, recorded by OtelKit with its defaults.
//!
//! Events become events of spans, as they do there, or log records where those are measured. The
//! exporter discards, behind the collector; end to end it is OTLP over gRPC.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, Protocol};
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, LogView, SpanView};
use otel_runtime::{Config, Resource, Sampler, Telemetry, install};
use otelkit_benches::poll::{block_on, yield_now};
use otelkit_benches::{Case, Clock, Library, Mode};
use tracing::instrument;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const PATIENCE: Duration = Duration::from_secs(30);

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

struct OtelKit {
    telemetry: Option<Telemetry>,
    received: Arc<AtomicU64>,
}

impl OtelKit {
    fn events10(&self) {
        root(|| {
            for index in 0..10_i64 {
                tracing::info!(order.id = black_box(index), "placed");
            }
        });
    }
}

impl Library for OtelKit {
    const NAME: &'static str = "otelkit-tracing";
    const WITHOUT: &[Case] = &[];

    fn install(mode: Mode, _endpoint: &str) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        let sampler = match mode {
            Mode::Sampled => Sampler::AlwaysOn,
            Mode::Unsampled | Mode::Off => Sampler::AlwaysOff,
        };
        let telemetry = (mode != Mode::Off).then(|| {
            let config = Config::new()
                .service_name("bench")
                .sampler(Sampler::parent_based(sampler))
                .with_exporter(Discard(Arc::clone(&received)));
            subscribe();
            install(config).expect("nothing is installed yet")
        });
        Self {
            telemetry,
            received,
        }
    }

    fn install_otlp(endpoint: &str) -> Self {
        let otlp = OtlpConfig::new()
            .protocol(Protocol::Grpc)
            .endpoint(endpoint);
        let exporter = OtlpExporter::new(otlp).expect("the configuration is valid");
        let config = Config::new().service_name("bench").with_exporter(exporter);
        subscribe();
        Self {
            telemetry: Some(install(config).expect("nothing is installed yet")),
            received: Arc::default(),
        }
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        match case {
            Case::Child0 => root(|| clock.time(calls, |_| child0())),
            Case::Child1 => root(|| clock.time(calls, |call| child1(u64::from(call)))),
            Case::Async1 => root(|| clock.time(calls, |_| block_on(async1()))),
            Case::Async10 => root(|| clock.time(calls, |_| block_on(async10()))),
            Case::Events10 | Case::Logs10 => clock.time(calls, |_| self.events10()),
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
        if let Some(telemetry) = &self.telemetry {
            telemetry.flush(PATIENCE).expect("a flush");
        }
    }

    fn shutdown(self) {
        if let Some(telemetry) = self.telemetry
            && let Err(loss) = telemetry.shutdown(PATIENCE)
        {
            eprintln!("otelkit: {loss}");
        }
    }

    fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

struct Discard(Arc<AtomicU64>);

impl Exporter for Discard {
    fn name(&self) -> &'static str {
        "discard"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn log(&mut self, log: &LogView<'_>) {
        black_box(log);
    }

    fn export(&mut self, span: &SpanView<'_>) {
        black_box(span);
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

fn subscribe() {
    let logs = std::env::args().any(|arg| arg == "logs10");
    let layer = otelkit_tracing::layer()
        .with_logs(logs)
        .with_span_events(!logs);
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(layer)
        .init();
}

fn main() -> ExitCode {
    otelkit_benches::main::<OtelKit>()
}
