//! OTLP-JSON lines in a file: each is one `ExportTraceServiceRequest`, or one
//! `ExportMetricsServiceRequest` when the instruments have been read.
//!
//! The format is the [OTLP file exporter]'s, which the OpenTelemetry Collector
//! reads and writes as well. Lines are written by a thread of the exporter's
//! own, so a disk that hangs or a pipe that nobody reads holds nobody up.
//!
//! [OTLP file exporter]: https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::delivery::BatchConfig;
use super::delivery::diagnostics::Diagnostics;
use super::delivery::queue::Parcel;
use super::delivery::writer::WriterCourier;
use super::exporter::{Exporter, ExporterError, FlushError};
use super::otlp::{Batch, Batcher, Encoding, MetricsEncoder};
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
    batcher: Batcher,
    /// Made by the start.
    encoder: Option<MetricsEncoder>,
}

enum Output {
    Path(PathBuf),
    /// Taken by the start.
    Writer(Option<Box<dyn Write + Send>>),
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
        Self::with_output(Output::Writer(Some(Box::new(writer))))
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
            batcher: Batcher::default(),
            encoder: None,
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
        let diagnostics = Diagnostics::new(true, "spans and metrics", target, Arc::clone(&stats));
        let lines = WriterCourier::new(writer, diagnostics);
        let batch = Batch::new(Encoding::JsonLine, resource);
        self.encoder = Some(MetricsEncoder::new(
            Encoding::JsonLine,
            resource,
            self.batch.max_export_batch_bytes,
        ));
        self.batcher
            .start("file", batch, self.batch.clone(), stats, lines)
    }

    fn export(&mut self, span: &SpanView<'_>) {
        self.batcher.push(span);
    }

    fn metrics(&mut self, metrics: &Metrics) {
        if let Some(encoder) = &mut self.encoder {
            encoder.encode(metrics, |content, items| {
                self.batcher.send(Parcel {
                    bytes: content.len(),
                    content,
                    signal: Signal::Points,
                    items,
                });
            });
        }
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

    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        self.batcher.cancel_trace(trace_id)
    }
}

impl Output {
    fn open(&mut self) -> io::Result<(Box<dyn Write + Send>, String)> {
        match self {
            Self::Path(path) => Ok((Box::new(append_to(path)?), path.display().to_string())),
            Self::Writer(writer) => match writer.take() {
                Some(writer) => Ok((writer, "the given writer".to_owned())),
                None => Err(io::Error::other("it was started before")),
            },
        }
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    File::options()
        .append(true)
        .create(true)
        .open(path)
        .map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot open `{}`: {error}", path.display()),
            )
        })
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Writer(_) => f.write_str("Writer"),
        }
    }
}
