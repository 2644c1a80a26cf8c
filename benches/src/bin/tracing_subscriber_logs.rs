//! tracing-subscriber's JSON format, with its defaults.

use std::process::ExitCode;
use std::sync::Arc;

use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, MESSAGE, total};

struct Tracing;

impl Logs for Tracing {
    const NAME: &'static str = "tracing-subscriber";

    fn install(lines: &Arc<Lines>) -> Self {
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(Arc::clone(lines))
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("there is none yet");
        Self
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        tracing::info_span!("request").in_scope(|| {
            clock.time(calls, |call| {
                tracing::info!(
                    order.id = call,
                    customer = CUSTOMER,
                    total = total(call),
                    "{MESSAGE}"
                );
            });
        });
    }

    fn flush(&self) {}
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<Tracing>()
}
