//! Drives exporters of spans, log records and metrics that were made for the OpenTelemetry SDK.
//!
//! Spans and records are turned into the SDK's own data on the collector thread, and
//! handed in batches to a thread that runs the exporter: one batch at a time,
//! as the trait promises, and never on a thread of the program.

mod before;
mod convert;
mod feed;
mod logs;
mod metrics;
mod record;
mod replay;
mod told;
mod wait;

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

pub use logs::SdkLogsExporter;
pub use metrics::SdkMetricsExporter;

use super::delivery::BatchConfig;
use super::delivery::courier::Courier;
use super::delivery::diagnostics::Diagnostics;
use super::delivery::outbox::Outbox;
use super::delivery::patience::Patience;
use super::delivery::queue::Parcel;
use super::delivery::receipt::Receipt;
use super::exporter::{Exporter, ExporterError, FlushError};
use super::view::SpanView;
use crate::context::TraceId;
use crate::resource::Resource;
use crate::stats::{ExporterStats, LossCause, Signal};

/// Hands spans to any [`SpanExporter`] of the `opentelemetry_sdk` crate.
///
/// The exporter's futures are waited for on a thread without an async
/// executor. An exporter that needs one is given it by
/// [`wait_with`](Self::wait_with):
///
/// ```
/// # #[derive(Debug)]
/// # struct VendorExporter;
/// # impl opentelemetry_sdk::trace::SpanExporter for VendorExporter {
/// #     async fn export(
/// #         &self,
/// #         _: Vec<opentelemetry_sdk::trace::SpanData>,
/// #     ) -> opentelemetry_sdk::error::OTelSdkResult {
/// #         Ok(())
/// #     }
/// # }
/// # #[cfg(feature = "otlp-grpc")] {
/// use otel_runtime::export::sdk::SdkExporter;
///
/// let executor = tokio::runtime::Builder::new_current_thread().build()?;
/// let exporter = SdkExporter::new(VendorExporter)
///     .wait_with(move |future| executor.block_on(future));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// An export that fails loses its spans, counted as
/// [`Failed`](crate::export::LossCause::Failed): trying again is the exporter's own task. Costs
/// several allocations a span, on the collector thread.
pub struct SdkExporter {
    /// What runs on the worker thread; taken by the start.
    worker: Option<Box<dyn StartWorker>>,
    wait: Wait,
    batch: BatchConfig,
    running: Option<Running>,
}

/// A future to be waited for; see [`SdkExporter::wait_with`].
pub type Waited<'a> = Pin<&'a mut (dyn Future<Output = ()> + Send)>;

type Wait = Box<dyn FnMut(Waited<'_>) + Send>;

struct Running {
    spans: Vec<SpanData>,
    bytes: usize,
    opened_at: Option<Instant>,
    scope: convert::ScopeCache,
    outbox: Outbox<Load>,
}

/// What is handed to the worker thread.
struct Load {
    spans: Vec<SpanData>,
    /// The exporter is to flush what it may keep itself.
    flush: bool,
}

impl SdkExporter {
    /// Drives `exporter`, in batches of at most 512 spans.
    #[must_use]
    pub fn new(exporter: impl SpanExporter + 'static) -> Self {
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

    /// Waits for the exporter's futures in this way, such as by the `block_on` of an executor.
    ///
    /// `wait` is called on the exporter's own thread and must return when the
    /// future is done.
    #[must_use]
    pub fn wait_with(mut self, wait: impl FnMut(Waited<'_>) + Send + 'static) -> Self {
        self.wait = Box::new(wait);
        self
    }

    /// When a batch is exported, and how much may wait. The memory of spans is estimated.
    #[must_use]
    pub fn batch(mut self, batch: BatchConfig) -> Self {
        self.batch = batch;
        self
    }
}

impl Exporter for SdkExporter {
    fn name(&self) -> &'static str {
        "opentelemetry-sdk"
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let failed = |why: &str| ExporterError::new("opentelemetry-sdk", why);
        let worker = self
            .worker
            .take()
            .ok_or_else(|| failed("it was started before"))?;
        let wait = mem::replace(&mut self.wait, Box::new(|future| wait::park_until(future)));
        let outbox = worker
            .start(wait, resource, self.batch.max_queue_bytes, stats)
            .map_err(|error| failed(&error.to_string()))?;
        self.running = Some(Running {
            spans: Vec::new(),
            bytes: 0,
            opened_at: None,
            scope: convert::ScopeCache::default(),
            outbox,
        });
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        let Some(running) = &mut self.running else {
            return;
        };
        running.bytes += convert::estimated_bytes(span);
        let scope = running.scope.of(span.scope);
        running.spans.push(convert::span(span, scope));
        if running.spans.len() >= self.batch.max_export_batch_size
            || running.bytes >= self.batch.max_export_batch_bytes
        {
            running.ship(false);
        }
    }

    fn tick(&mut self, now: Instant) {
        let Some(running) = &mut self.running else {
            return;
        };
        if running.spans.is_empty() {
            return;
        }
        let opened_at = *running.opened_at.get_or_insert(now);
        if now.saturating_duration_since(opened_at) >= self.batch.schedule_delay {
            running.ship(false);
        }
    }

    fn ship(&mut self) {
        if let Some(running) = &mut self.running
            && !running.spans.is_empty()
        {
            running.ship(false);
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        running.ship(true);
        running.outbox.flush(deadline)
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.ship();
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        running.outbox.close(deadline)
    }

    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let Some(running) = &mut self.running else {
            return 0;
        };
        let before = running.spans.len();
        let cancelled = convert::trace_id(trace_id);
        running
            .spans
            .retain(|span| span.span_context.trace_id() != cancelled);
        (before - running.spans.len()) as u64
    }
}

impl Running {
    fn ship(&mut self, flush: bool) {
        self.opened_at = None;
        let spans = mem::take(&mut self.spans);
        self.outbox.send(Parcel {
            signal: Signal::Spans,
            items: spans.len() as u64,
            bytes: mem::take(&mut self.bytes),
            content: Load { spans, flush },
        });
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
    ) -> std::io::Result<Outbox<Load>>;
}

impl<E: SpanExporter + 'static> StartWorker for E {
    fn start(
        mut self: Box<Self>,
        wait: Wait,
        resource: &Resource,
        max_bytes: usize,
        stats: Arc<ExporterStats>,
    ) -> std::io::Result<Outbox<Load>> {
        self.set_resource(&convert::resource(resource));
        let target = format!("the exporter `{}`", short_type_name::<E>());
        let worker = Worker {
            exporter: *self,
            wait,
            diagnostics: Diagnostics::new(true, "spans", target, Arc::clone(&stats)),
        };
        Outbox::start("otelkit-sdk", max_bytes, stats, worker)
    }
}

/// Runs the exporter on its thread.
struct Worker<E> {
    exporter: E,
    wait: Wait,
    diagnostics: Diagnostics,
}

impl<E: SpanExporter> Courier<Load> for Worker<E> {
    fn deliver(&mut self, load: &mut Load, _patience: &Patience<'_, Load>) -> Receipt {
        let spans = mem::take(&mut load.spans);
        let mut result = Ok(());
        if !spans.is_empty() {
            let exporter = &self.exporter;
            let export = async { result = exporter.export(spans).await };
            (self.wait)(std::pin::pin!(export));
        }
        if load.flush && result.is_ok() {
            result = self.exporter.force_flush();
        }
        receipt(&mut self.diagnostics, result, "these spans are lost")
    }

    fn close(&mut self, within: Duration) {
        if let Err(error) = self.exporter.shutdown_with_timeout(within) {
            self.diagnostics.lost(&error, "it is shut down");
        }
    }
}

/// What has become of what the exporter was given.
fn receipt(diagnostics: &mut Diagnostics, result: OTelSdkResult, lost: &str) -> Receipt {
    match result {
        Ok(()) => {
            diagnostics.fine();
            Receipt::Delivered
        }
        Err(error) => {
            diagnostics.lost(&error, lost);
            Receipt::Lost {
                cause: LossCause::Failed,
                reason: error.to_string(),
            }
        }
    }
}

impl fmt::Debug for SdkExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdkExporter")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

fn short_type_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let name = name.split('<').next().unwrap_or(name);
    name.rsplit("::").next().unwrap_or(name)
}
