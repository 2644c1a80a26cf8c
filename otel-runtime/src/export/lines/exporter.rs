//! The exporter itself: encodes on the collector thread, writes from a thread of its own.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::encoder::{LineEncoder, LineForm, Lines};
use crate::export::color;
use crate::export::delivery::BatchConfig;
use crate::export::delivery::batcher::Batcher;
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::output::Output;
use crate::export::delivery::writer::{Unit, WriterCourier};
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::log_view::LogView;
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::ExporterStats;

/// Writes log records as [lines](crate::export::lines).
///
/// A record is handed to the writer within 50 ms, which writes as many whole lines at once as
/// there are. What cannot be written is lost and counted: as
/// [`QueueFull`](crate::export::LossCause::QueueFull) where the writer is too slow, as
/// [`Failed`](crate::export::LossCause::Failed) where it fails, and as
/// [`Shutdown`](crate::export::LossCause::Shutdown) where it hangs until the program has ended. On
/// Unix, the lines of a parcel that was written in part are counted one by one, also where a pipe
/// is stuck; and lines of up to 4 KiB that go into a pipe are not mixed with those of other
/// processes.
///
/// ```
/// use otel_runtime::Config;
/// use otel_runtime::export::lines::LinesExporter;
///
/// let config = Config::new().with_exporter(LinesExporter::stdout());
/// # let _ = config;
/// ```
#[derive(Debug)]
pub struct LinesExporter {
    output: Output,
    form: Option<LineForm>,
    batch: BatchConfig,
    batcher: Batcher<Lines>,
}

const NAME: &str = "lines";

impl LinesExporter {
    /// Writes to standard output: JSON, or readable lines if that is a terminal, in colour unless
    /// `NO_COLOR` is set.
    #[must_use]
    pub fn stdout() -> Self {
        Self::with_output(Output::Stdout)
    }

    /// Writes to standard error; else as [`stdout`](Self::stdout).
    #[must_use]
    pub fn stderr() -> Self {
        Self::with_output(Output::Stderr)
    }

    /// Appends JSON to the file at this path, which is made if need be, when the runtime is installed.
    #[must_use]
    pub fn to_file(path: impl Into<PathBuf>) -> Self {
        Self::with_output(Output::Path(path.into()))
    }

    /// Writes JSON to `writer`, several lines at once, and flushes it after them.
    #[must_use]
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self::with_output(Output::writer(writer))
    }

    /// Whatever it writes to, how lines look.
    ///
    /// ```
    /// use otel_runtime::export::lines::{LineForm, LinesExporter};
    ///
    /// let always_json = LinesExporter::stdout().form(LineForm::Json);
    /// let for_people = LinesExporter::stderr().form(LineForm::Readable { color: true });
    /// # drop((always_json, for_people));
    /// ```
    #[must_use]
    pub const fn form(mut self, form: LineForm) -> Self {
        self.form = Some(form);
        self
    }

    /// When lines are handed to the writer, how many may wait, and whether the collector waits for
    /// room. Default: 64 KiB at once, as soon as there is a line, 4 MiB, and no.
    ///
    /// ```
    /// use std::time::Duration;
    /// use otel_runtime::export::lines::LinesExporter;
    ///
    /// let mut batch = LinesExporter::default_batch();
    /// batch.max_wait = Duration::from_millis(20);
    /// let exporter = LinesExporter::stdout().batch(batch);
    /// # drop(exporter);
    /// ```
    #[must_use]
    pub fn batch(mut self, batch: BatchConfig) -> Self {
        self.batch = batch;
        self
    }

    /// What [`batch`](Self::batch) is by default.
    #[must_use]
    pub fn default_batch() -> BatchConfig {
        BatchConfig {
            max_export_batch_bytes: 64 << 10,
            schedule_delay: Duration::ZERO,
            ..BatchConfig::default()
        }
    }

    fn with_output(output: Output) -> Self {
        Self {
            output,
            form: None,
            batch: Self::default_batch(),
            batcher: Batcher::default(),
        }
    }

    fn chosen_form(&self) -> LineForm {
        self.form.unwrap_or_else(|| {
            let is_terminal = self.output.is_terminal();
            match is_terminal {
                true => LineForm::Readable {
                    color: color::is_wanted(is_terminal),
                },
                false => LineForm::Json,
            }
        })
    }
}

impl Exporter for LinesExporter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes_spans(&self) -> bool {
        false
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let form = self.chosen_form();
        let opened = self.output.open();
        let (writer, target) = opened.map_err(|error| ExporterError::new(NAME, error))?;
        let diagnostics = Diagnostics::new(true, "log records", target, Arc::clone(&stats));
        let is_direct = self.output.is_direct();
        let courier = WriterCourier::new(writer, diagnostics, Unit::Line { is_direct });
        let lines = Lines::new(LineEncoder::new(form, resource));
        self.batcher
            .start(NAME, lines, self.batch.clone(), stats, courier)
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    #[inline]
    fn log(&mut self, log: &LogView<'_>) {
        self.batcher.push(|lines| lines.push(log));
    }

    fn tick(&mut self, now: Instant) {
        self.batcher.tick(now);
    }

    fn ship(&mut self) {
        self.batcher.ship();
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.batcher.flush(deadline)
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.batcher.shutdown(deadline)
    }
}
