//! What a program with trouble says on standard error.

use std::io::{self, Write};
use std::time::Duration;

use otel_runtime::export::file::FileExporter;
use otel_runtime::metric::{
    self, Metric, MetricScope, ObservableGauge, Points, Source, Temporality,
};
use otel_runtime::recorder::MetricsRecorder;
use otel_runtime::{Config, install};
use otelkit_tests::process::child::tell;
use otelkit_tests::process::ledger::Sieve;
use otelkit_tests::process::site::work;

const SOON: Duration = Duration::from_secs(10);

pub(crate) fn play(variant: &str) {
    let config = Config::from_env_if_asked().unwrap();
    match variant {
        "dropped-with-a-loss" => {
            let telemetry = install(config.with_exporter(Sieve::default())).unwrap();
            work();
            drop(telemetry);
        }
        "full-disk" => {
            let telemetry = install(config.with_exporter(FileExporter::to_writer(Full))).unwrap();
            work();
            telemetry.shutdown(SOON).unwrap_err();
        }
        "observed-late" => {
            let telemetry = install(config.with_exporter(Sieve::default())).unwrap();
            let _heat = HEAT.observe(|heat| heat.set(450.0, ()));
            let _again = HEAT.observe(|heat| heat.set(450.0, ()));
            let _other = HEAT_IN_KELVIN.observe(|heat| heat.set(450.0, ()));
            telemetry.shutdown(SOON).unwrap();
        }
        "refused" => {
            let telemetry = install(config.with_exporter(Sieve::default())).unwrap();
            let _deltas = metric::attach(Deltas);
            for _ in 0..3 {
                let _ = telemetry.metrics();
            }
            telemetry.shutdown(SOON).unwrap();
        }
        "told-more-than-a-pipe-holds" => {
            let telemetry = install(config.with_metrics_recorder(MetricsRecorder::new())).unwrap();
            for name in ["a", "b", "c"] {
                let name = format!("{name} {}", "x".repeat(200 << 10));
                metrics::counter!(name).increment(1);
            }
            // A reading is at nobody's mercy either.
            let _ = telemetry.metrics();
            tell("went", "on");
            let mut until_closed = String::new();
            io::stdin().read_line(&mut until_closed).unwrap();
            telemetry.shutdown(SOON).unwrap();
        }
        other => panic!("no variant is called `{other}`"),
    }
}

static HEAT: ObservableGauge = ObservableGauge::new("oven.temperature", &[]).unit("Cel");
static HEAT_IN_KELVIN: ObservableGauge = ObservableGauge::new("oven.temperature", &[]).unit("K");

/// Gives what a source does not give.
struct Deltas;

impl Source for Deltas {
    fn metrics(&self, give: &mut dyn FnMut(Metric)) {
        give(Metric {
            name: "breads".into(),
            unit: "".into(),
            description: "".into(),
            scope: MetricScope::default(),
            points: Points::Sum {
                is_monotonic: true,
                temporality: Temporality::Delta,
                points: Vec::new(),
            },
        });
    }
}

/// Takes nothing any more.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
