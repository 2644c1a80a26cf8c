//! OTLP-JSON lines in a file: each is one `ExportTraceServiceRequest` or `ExportLogsServiceRequest`,
//! or one `ExportMetricsServiceRequest` when the instruments have been read.
//!
//! The format is the [OTLP file exporter]'s, which the OpenTelemetry Collector
//! reads and writes as well. Lines are written by a thread of the exporter's
//! own, so a disk that hangs or a pipe that nobody reads holds nobody up.
//!
//! [OTLP file exporter]: https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delivery::BatchConfig;
use super::delivery::batcher::Filling;
use super::delivery::diagnostics::Diagnostics;
use super::delivery::outbox::Outbox;
use super::delivery::output::Output;
use super::delivery::queue::Parcel;
use super::delivery::writer::{Unit, WriterCourier};
use super::exporter::{Exporter, ExporterError, FlushError};
use super::log_view::LogView;
use super::otlp::{Batch, Encoding, LogBatch, MetricsEncoder};
use super::view::SpanView;
use crate::context::TraceId;
use crate::metric::Metrics;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

/// Appends OTLP-JSON lines to a file, or to anything else that can be written to.
///
/// What cannot be written is lost and counted as
/// [`Failed`](crate::export::LossCause::Failed), and told on standard error.
///
/// ```
/// use otel_runtime::export::file::FileExporter;
///
/// let exporter = FileExporter::new("traces.jsonl");
/// ```
#[derive(Debug)]
pub struct FileExporter {
    output: Output,
    batch: BatchConfig,
    /// Made by the start.
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    spans: Filling<Batch>,
    logs: Filling<LogBatch>,
    metrics: MetricsEncoder,
    /// One for all, since they go into one file.
    outbox: Outbox<Vec<u8>>,
}

impl FileExporter {
    /// Appends to the file at this path, which is made if need be, when the runtime is installed.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with_output(Output::Path(path.into()))
    }

    /// Writes to `writer`, and flushes it after every line.
    #[must_use]
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Self::with_output(Output::writer(writer))
    }

    /// When a line is written, and how much may wait. Default: as for other
    /// exporters, but a line is written at least every second.
    #[must_use]
    pub fn batch(mut self, batch: BatchConfig) -> Self {
        self.batch = batch;
        self
    }

    fn with_output(output: Output) -> Self {
        Self {
            output,
            batch: BatchConfig {
                schedule_delay: Duration::from_secs(1),
                ..BatchConfig::default()
            },
            running: None,
        }
    }
}

impl Exporter for FileExporter {
    fn name(&self) -> &'static str {
        "file"
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let (writer, target) = self
            .output
            .open()
            .map_err(|error| ExporterError::new("file", error))?;
        let diagnostics = Diagnostics::new(true, "telemetry", target, Arc::clone(&stats));
        let courier = WriterCourier::new(writer, diagnostics, Unit::Parcel);
        let outbox = Outbox::start("otelkit-file", &self.batch, stats, courier)
            .map_err(|error| ExporterError::new("file", error))?;
        let encoding = Encoding::JsonLine;
        let most_bytes = self.batch.max_export_batch_bytes;
        self.running = Some(Running {
            spans: Filling::new(Batch::new(encoding, resource), self.batch.clone()),
            logs: Filling::new(LogBatch::new(encoding, resource), self.batch.clone()),
            metrics: MetricsEncoder::new(encoding, resource, most_bytes),
            outbox,
        });
        Ok(())
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn export(&mut self, span: &SpanView<'_>) {
        if let Some(Running { spans, outbox, .. }) = &mut self.running {
            spans.push(outbox, |batch| batch.push(span));
        }
    }

    fn log(&mut self, log: &LogView<'_>) {
        if let Some(Running { logs, outbox, .. }) = &mut self.running {
            logs.push(outbox, |batch| batch.push(log));
        }
    }

    fn metrics(&mut self, metrics: &Metrics) {
        if let Some(running) = &mut self.running {
            running.metrics.encode(metrics, |content, items| {
                running.outbox.send(Parcel {
                    bytes: content.len(),
                    content,
                    signal: Signal::Points,
                    items,
                });
            });
        }
    }

    fn tick(&mut self, now: Instant) {
        if let Some(running) = &mut self.running {
            running.spans.tick(&running.outbox, now);
            running.logs.tick(&running.outbox, now);
        }
    }

    fn ship(&mut self) {
        if let Some(running) = &mut self.running {
            running.ship();
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.running.as_mut().map_or(Ok(()), |running| {
            running.ship();
            running.outbox.flush(deadline)
        })
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.running.take().map_or(Ok(()), |mut running| {
            running.ship();
            running.outbox.close(deadline)
        })
    }

    /// Its log records stay: they tell of what was done, cancelled or not.
    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let running = self.running.as_mut();
        running.map_or(0, |it| it.spans.bundle().remove_trace(trace_id))
    }
}

impl Running {
    fn ship(&mut self) {
        self.spans.ship(&self.outbox);
        self.logs.ship(&self.outbox);
    }
}
