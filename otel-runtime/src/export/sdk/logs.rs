//! Drives exporters of log records.

use std::fmt;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};

use super::record::{self, Records};
use super::{Wait, Waited, convert, receipt, short_type_name, wait};
use crate::export::delivery::BatchConfig;
use crate::export::delivery::courier::Courier;
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::patience::Patience;
use crate::export::delivery::queue::Parcel;
use crate::export::delivery::receipt::Receipt;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::log_view::LogView;
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

/// Hands log records to any [`LogExporter`] of the `opentelemetry_sdk` crate.
///
/// As [`SdkExporter`](super::SdkExporter) does with spans: an exporter whose futures need an executor
/// is given it by [`wait_with`](Self::wait_with), and a failed export loses its records, counted as
/// [`Failed`](crate::export::LossCause::Failed).
///
/// ```
/// # #[derive(Debug)]
/// # struct VendorExporter;
/// # impl opentelemetry_sdk::logs::LogExporter for VendorExporter {
/// #     async fn export(
/// #         &self,
/// #         _: opentelemetry_sdk::logs::LogBatch<'_>,
/// #     ) -> opentelemetry_sdk::error::OTelSdkResult {
/// #         Ok(())
/// #     }
/// # }
/// use otel_runtime::Config;
/// use otel_runtime::export::sdk::SdkLogsExporter;
///
/// let config = Config::new().with_exporter(SdkLogsExporter::new(VendorExporter));
/// ```
///
/// The SDK has no place for how many attributes were left out, and wants names of events for ever:
/// of more than 1000 different ones the others are the attribute `event.name`. The SDK's own trait
/// says whether an exporter is interested in a record: that is asked for each, on the exporter's thread,
/// and what it does not want counts as exported. Costs several allocations a record, on the collector
/// thread.
pub struct SdkLogsExporter {
    /// What runs on the worker thread; taken by the start.
    worker: Option<Box<dyn StartWorker>>,
    wait: Wait,
    batch: BatchConfig,
    running: Option<Running>,
}

type Record = (SdkLogRecord, InstrumentationScope);

struct Running {
    records: Records,
    waiting: Vec<Record>,
    bytes: usize,
    opened_at: Option<Instant>,
    outbox: Outbox<Vec<Record>>,
}

const NAME: &str = "opentelemetry-sdk-logs";

impl SdkLogsExporter {
    /// Drives `exporter`, in batches of at most 512 records.
    #[must_use]
    pub fn new(exporter: impl LogExporter + 'static) -> Self {
        Self {
            worker: Some(Box::new(exporter)),
            wait: Box::new(|future| wait::park_until(future)),
            batch: BatchConfig {
                max_export_batch_size: 512,
                ..BatchConfig::default()
            },
            running: None,
        }
    }

    /// Waits for the exporter's futures in this way, as
    /// [`SdkExporter::wait_with`](super::SdkExporter::wait_with).
    #[must_use]
    pub fn wait_with(mut self, wait: impl FnMut(Waited<'_>) + Send + 'static) -> Self {
        self.wait = Box::new(wait);
        self
    }

    /// When a batch is exported, and how much may wait. The memory of records is estimated.
    #[must_use]
    pub fn batch(mut self, batch: BatchConfig) -> Self {
        self.batch = batch;
        self
    }
}

impl Exporter for SdkLogsExporter {
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
        let worker = self.worker.take();
        let worker = worker.ok_or_else(|| ExporterError::new(NAME, "it was started before"))?;
        let wait = mem::replace(&mut self.wait, Box::new(|future| wait::park_until(future)));
        let outbox = worker
            .start(wait, resource, self.batch.max_queue_bytes, stats)
            .map_err(|error| ExporterError::new(NAME, error))?;
        self.running = Some(Running {
            records: Records::new(),
            waiting: Vec::new(),
            bytes: 0,
            opened_at: None,
            outbox,
        });
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn log(&mut self, log: &LogView<'_>) {
        let Some(running) = &mut self.running else {
            return;
        };
        running.bytes += record::estimated_bytes(log);
        running.waiting.push(running.records.make(log));
        if running.waiting.len() >= self.batch.max_export_batch_size
            || running.bytes >= self.batch.max_export_batch_bytes
        {
            running.ship();
        }
    }

    fn tick(&mut self, now: Instant) {
        if let Some(running) = &mut self.running
            && !running.waiting.is_empty()
        {
            let opened_at = *running.opened_at.get_or_insert(now);
            if now.saturating_duration_since(opened_at) >= self.batch.schedule_delay {
                running.ship();
            }
        }
    }

    fn ship(&mut self) {
        if let Some(running) = &mut self.running {
            running.ship();
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        match &mut self.running {
            Some(running) => running.outbox.flush(deadline),
            None => Ok(()),
        }
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        match self.running.take() {
            Some(mut running) => running.outbox.close(deadline),
            None => Ok(()),
        }
    }
}

impl Running {
    fn ship(&mut self) {
        self.opened_at = None;
        let content = mem::take(&mut self.waiting);
        if !content.is_empty() {
            self.outbox.send(Parcel {
                signal: Signal::Logs,
                items: content.len() as u64,
                bytes: mem::take(&mut self.bytes),
                content,
            });
        }
    }
}

/// Starts the worker thread of an exporter whose type is forgotten.
trait StartWorker: Send {
    fn start(
        self: Box<Self>,
        wait: Wait,
        resource: &Resource,
        max_bytes: usize,
        stats: Arc<ExporterStats>,
    ) -> std::io::Result<Outbox<Vec<Record>>>;
}

impl<E: LogExporter + 'static> StartWorker for E {
    fn start(
        mut self: Box<Self>,
        wait: Wait,
        resource: &Resource,
        max_bytes: usize,
        stats: Arc<ExporterStats>,
    ) -> std::io::Result<Outbox<Vec<Record>>> {
        self.set_resource(&convert::resource(resource));
        let target = format!("the exporter `{}`", short_type_name::<E>());
        let worker = Worker {
            exporter: *self,
            wait,
            diagnostics: Diagnostics::new(true, "logs", target, Arc::clone(&stats)),
        };
        Outbox::start("otelkit-sdk-logs", max_bytes, stats, worker)
    }
}

/// Runs the exporter on its thread.
struct Worker<E> {
    exporter: E,
    wait: Wait,
    diagnostics: Diagnostics,
}

impl<E: LogExporter> Courier<Vec<Record>> for Worker<E> {
    fn deliver(
        &mut self,
        records: &mut Vec<Record>,
        _patience: &Patience<'_, Vec<Record>>,
    ) -> Receipt {
        let records = mem::take(records);
        let wanted: Vec<_> = records
            .iter()
            .filter(|(record, _)| self.wants(record))
            .map(|(record, scope)| (record, scope))
            .collect();
        let mut result = Ok(());
        if !wanted.is_empty() {
            let exporter = &self.exporter;
            let export = async { result = exporter.export(LogBatch::new(&wanted)).await };
            (self.wait)(std::pin::pin!(export));
        }
        receipt(&mut self.diagnostics, result, "these log records are lost")
    }

    fn close(&mut self, within: Duration) {
        if let Err(error) = self.exporter.shutdown_with_timeout(within) {
            self.diagnostics.lost(&error, "it is shut down");
        }
    }
}

impl<E: LogExporter> Worker<E> {
    /// An exporter may be interested in some records alone.
    fn wants(&self, record: &SdkLogRecord) -> bool {
        let target = record.target().map_or("", |target| target);
        record.severity_number().is_none_or(|severity| {
            self.exporter
                .event_enabled(severity, target, record.event_name())
        })
    }
}

impl fmt::Debug for SdkLogsExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdkLogsExporter")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}
