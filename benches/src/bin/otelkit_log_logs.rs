//! OtelKit behind the `log` crate.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use otel_runtime::export::lines::LinesExporter;
use otel_runtime::{Config, Telemetry, install, traced};
use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, MESSAGE, Pieces, total};

const PATIENCE: Duration = Duration::from_secs(30);

struct OtelKit(Telemetry);

#[traced]
fn request<R>(body: impl FnOnce() -> R) -> R {
    body()
}

impl Logs for OtelKit {
    const NAME: &'static str = "otelkit-log";

    fn install(lines: &Arc<Lines>) -> Self {
        let exporter = LinesExporter::to_writer(Pieces(Arc::clone(lines)));
        let config = Config::new().service_name("bench").with_exporter(exporter);
        let telemetry = install(config).expect("nothing is installed yet");
        otelkit_log::install().expect("there is no logger yet");
        Self(telemetry)
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        request(|| {
            clock.time(calls, |call| {
                log::info!("order.id" = call, customer = CUSTOMER, total = total(call); "{MESSAGE}");
            });
        });
    }

    fn flush(&self) {
        let _ = self.0.flush(PATIENCE);
    }
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<OtelKit>()
}
