//! OtelKit itself, as its bridges call it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use otel_runtime::export::lines::LinesExporter;
use otel_runtime::log::{LogSite, LogSiteSpec, Severity};
use otel_runtime::{Config, Telemetry, install, traced};
use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, MESSAGE, Pieces, total};

const PATIENCE: Duration = Duration::from_secs(30);

struct OtelKit {
    telemetry: Telemetry,
    site: &'static LogSite,
}

#[traced]
fn request<R>(body: impl FnOnce() -> R) -> R {
    body()
}

impl Logs for OtelKit {
    const NAME: &'static str = "otelkit";

    fn install(lines: &Arc<Lines>) -> Self {
        let exporter = LinesExporter::to_writer(Pieces(Arc::clone(lines)));
        let config = Config::new().service_name("bench").with_exporter(exporter);
        Self {
            telemetry: install(config).expect("nothing is installed yet"),
            site: LogSite::register(LogSiteSpec {
                module: Some(module_path!()),
                file: Some(file!()),
                line: line!(),
                ..LogSiteSpec::of_target(module_path!())
            }),
        }
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        request(|| {
            clock.time(calls, |call| {
                self.site.log(Severity::INFO, |record| {
                    record.body(format_args!("{MESSAGE}"));
                    record.field("order.id", &call);
                    record.field("customer", CUSTOMER);
                    record.field("total", &total(call));
                });
            });
        });
    }

    fn flush(&self) {
        let _ = self.telemetry.flush(PATIENCE);
    }
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<OtelKit>()
}
