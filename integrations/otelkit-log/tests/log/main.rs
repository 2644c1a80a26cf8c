//! What the program and its libraries log, as an exporter sees it.

mod bounds;
mod events;
mod feedback;
mod filters;
mod records;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use otel_runtime::export::{LogData, MemoryExporter, SpanData};
use otel_runtime::{Config, Telemetry, install};

/// A runtime for one test at a time, whose records stay in memory.
struct Logged {
    memory: MemoryExporter,
    telemetry: Telemetry,
    _alone: MutexGuard<'static, ()>,
}

/// Long enough for anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

impl Logged {
    /// Hears what the filter hears.
    fn start(filter: &str) -> Self {
        Self::with(Config::new(), filter)
    }

    fn with(config: Config, filter: &str) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        static LOGGER: OnceLock<()> = OnceLock::new();
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        LOGGER.get_or_init(|| otelkit_log::install().expect("the only logger"));
        let memory = MemoryExporter::new();
        let config = config
            .log_filter(filter.parse().expect("a filter"))
            .with_exporter(memory.clone());
        Self {
            telemetry: install(config).expect("a runtime"),
            memory,
            _alone: alone,
        }
    }

    fn logs(&self) -> Vec<LogData> {
        self.telemetry.flush(PATIENCE).expect("a flush");
        self.memory.logs()
    }

    fn spans(&self) -> Vec<SpanData> {
        self.telemetry.flush(PATIENCE).expect("a flush");
        self.memory.spans()
    }

    /// The one record there is.
    fn log(&self) -> LogData {
        let [log] = <[LogData; 1]>::try_from(self.logs()).expect("one record");
        log
    }
}

fn messages(logs: &[LogData]) -> Vec<&str> {
    logs.iter().map(LogData::message).collect()
}
