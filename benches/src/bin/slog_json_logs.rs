//! slog with its JSON drain. It knows no spans: a logger of the request stands for one.

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, MESSAGE, total};
use slog::{Drain, Logger, o};

struct Slog(Logger);

/// One line at a time, whoever holds the logger.
struct Shared(Arc<Lines>);

impl std::io::Write for Shared {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        (&*self.0).write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Logs for Slog {
    const NAME: &'static str = "slog-json";

    fn install(lines: &Arc<Lines>) -> Self {
        let json = slog_json::Json::default(Shared(Arc::clone(lines)));
        Self(Logger::root(
            Mutex::new(json).fuse(),
            o!("service" => "bench"),
        ))
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        let request = self.0.new(o!("span" => "request"));
        clock.time(calls, |call| {
            slog::info!(request, "{}", MESSAGE; "order.id" => call, "customer" => CUSTOMER, "total" => total(call));
        });
    }

    fn flush(&self) {}
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<Slog>()
}
