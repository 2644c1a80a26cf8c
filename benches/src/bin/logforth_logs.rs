//! logforth behind the `log` crate, with its JSON layout. Spans would be those of another library:
//! there is none.

use std::process::ExitCode;
use std::sync::Arc;

use logforth::layout::JsonLayout;
use logforth::record::Record;
use logforth::{Append, Diagnostic, Error, Layout};
use otelkit_benches::Clock;
use otelkit_benches::logs::{CUSTOMER, Lines, Logs, MESSAGE, total};

struct Logforth;

/// As its own `Stdout`, without the stream and its lock.
#[derive(Debug)]
struct Discard {
    lines: Arc<Lines>,
    layout: JsonLayout,
}

impl Append for Discard {
    fn append(
        &self,
        record: &Record<'_>,
        diagnostics: &[Box<dyn Diagnostic>],
    ) -> Result<(), Error> {
        let mut line = self.layout.format(record, diagnostics)?;
        line.push(b'\n');
        std::io::Write::write_all(&mut &*self.lines, &line).map_err(Error::from_io_error)
    }

    fn flush(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl Logs for Logforth {
    const NAME: &'static str = "logforth";

    fn install(lines: &Arc<Lines>) -> Self {
        let discard = Discard {
            lines: Arc::clone(lines),
            layout: JsonLayout::default(),
        };
        logforth::starter_log::builder()
            .dispatch(|dispatch| dispatch.append(discard))
            .apply();
        Self
    }

    fn run(&self, calls: u32, clock: &mut Clock) {
        clock.time(calls, |call| {
            log::info!("order.id" = call, customer = CUSTOMER, total = total(call); "{MESSAGE}");
        });
    }

    fn flush(&self) {}
}

fn main() -> ExitCode {
    otelkit_benches::logs::main::<Logforth>()
}
