//! OtelKit, set up as its README says, with its defaults, whatever its spans are made by.
//!
//! For the caller's cost the exporter discards, behind the collector; end to end it is OTLP over
//! gRPC.

use std::hint::black_box;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, Protocol};
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, LogView, SpanView};
use otel_runtime::{Config, Resource, Sampler, Telemetry, install};

use crate::{Case, Clock, Library, Mode, Program};

const PATIENCE: Duration = Duration::from_secs(30);

/// How the measured program comes to OtelKit.
pub trait SetUp: Sync + Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// As [`Library::WITHOUT`].
    const WITHOUT: &[Case];

    /// What is measured.
    type Program: Program;

    /// Has spans and events come to OtelKit that are not made by its own means.
    fn subscribe() {}
}

/// OtelKit, set up like this.
#[derive(Debug)]
pub struct OtelKit<S> {
    telemetry: Option<Telemetry>,
    received: Arc<AtomicU64>,
    set_up: PhantomData<fn(S)>,
}

impl<S: SetUp> OtelKit<S> {
    fn with(config: Option<Config>, received: Arc<AtomicU64>) -> Self {
        let telemetry = config.map(|config| {
            S::subscribe();
            install(config).expect("nothing is installed yet")
        });
        Self {
            telemetry,
            received,
            set_up: PhantomData,
        }
    }
}

impl<S: SetUp> Library for OtelKit<S> {
    const NAME: &'static str = S::NAME;
    const WITHOUT: &[Case] = S::WITHOUT;

    fn install(mode: Mode, _endpoint: &str) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        let sampler = match mode {
            Mode::Sampled => Sampler::AlwaysOn,
            Mode::Unsampled | Mode::Off => Sampler::AlwaysOff,
        };
        let config = Config::new()
            .service_name("bench")
            .sampler(Sampler::parent_based(sampler))
            .with_exporter(Discard(Arc::clone(&received)));
        Self::with((mode != Mode::Off).then_some(config), received)
    }

    fn install_otlp(endpoint: &str) -> Self {
        let otlp = OtlpConfig::new()
            .protocol(Protocol::Grpc)
            .endpoint(endpoint);
        let exporter = OtlpExporter::new(otlp).expect("the configuration is valid");
        let config = Config::new().service_name("bench").with_exporter(exporter);
        Self::with(Some(config), Arc::default())
    }

    fn run(&self, case: Case, calls: u32, clock: &mut Clock) {
        S::Program::run(case, calls, clock);
    }

    fn trace11(&self) {
        S::Program::trace11();
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
