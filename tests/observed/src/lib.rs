//! What a test of an integration sees of a program: whole span trees and metrics, as text.

mod metrics;
mod tree;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::Metrics;
use otel_runtime::{Config, Telemetry, install};

/// A runtime for one test at a time, whose spans and metrics stay in memory.
#[derive(Debug)]
pub struct Observed {
    memory: MemoryExporter,
    telemetry: Telemetry,
    spans: Vec<SpanData>,
    _alone: MutexGuard<'static, ()>,
}

/// Long enough for anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

impl Observed {
    /// Installs a runtime that records everything.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn start() -> Self {
        Self::with(Config::new())
    }

    /// Installs a runtime with this configuration.
    ///
    /// # Panics
    /// If it cannot.
    #[must_use]
    pub fn with(config: Config) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = MemoryExporter::new();
        let config = config.own_metrics(false).with_exporter(memory.clone());
        Self {
            telemetry: install(config).expect("a runtime"),
            memory,
            spans: Vec::new(),
            _alone: alone,
        }
    }

    /// Waits for so many spans to end, and shows those since the last time as a tree: a line a
    /// span, its kind and name, the attributes, the status unless it is unset, the outcome unless
    /// it is ok; its events stand below it. Each of `hidden` is a text that differs from run to
    /// run, and what stands for it.
    ///
    /// # Panics
    /// If they do not come.
    pub fn tree(&mut self, spans: usize, hidden: &[(&str, &str)]) -> String {
        self.wait(spans);
        let mut text = tree::of(&self.spans.drain(..).collect::<Vec<_>>());
        for (shown, instead) in hidden {
            text = text.replace(shown, instead);
        }
        text
    }

    /// The spans themselves, since the last time.
    ///
    /// # Panics
    /// If they do not come.
    pub fn spans(&mut self, spans: usize) -> Vec<SpanData> {
        self.wait(spans);
        self.spans.drain(..).collect()
    }

    /// The metrics of these names: a line a series, its attributes, the number of values and, but
    /// for durations, their sum.
    #[must_use]
    pub fn metrics(&self, prefix: &str, hidden: &[(&str, &str)]) -> String {
        let mut text = metrics::of(&self.reading(), prefix);
        for (shown, instead) in hidden {
            text = text.replace(shown, instead);
        }
        text
    }

    /// The metrics as they are now.
    #[must_use]
    pub fn reading(&self) -> Metrics {
        self.telemetry.metrics()
    }

    /// How many attributes were set under a key that was not declared.
    #[must_use]
    pub fn undeclared(&self) -> u64 {
        self.telemetry.stats().undeclared_attributes
    }

    fn wait(&mut self, spans: usize) {
        let begun = Instant::now();
        while self.spans.len() < spans {
            self.telemetry.flush(PATIENCE).expect("a flush");
            self.spans.extend(self.memory.take());
            assert!(
                begun.elapsed() < PATIENCE,
                "{spans} spans did not come, but:\n{}",
                tree::of(&self.spans)
            );
            if self.spans.len() < spans {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

/// Asserts that a text is this, whatever all its lines are indented by.
///
/// # Panics
/// If it is not; the message shows both.
#[track_caller]
pub fn assert_text(actual: &str, expected: &str) {
    let lines = || expected.lines().filter(|line| !line.trim().is_empty());
    let indent = lines()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let expected: String = lines()
        .map(|line| format!("{}\n", &line[indent..]))
        .collect();
    assert!(
        actual == expected,
        "not as expected\n--- expected\n{expected}--- but\n{actual}"
    );
}
