//! Drives metric exporters that were made for the OpenTelemetry SDK.
//!
//! ```text
//!  collector ─► queue ─► worker thread ─► the SDK's instruments ─► its reader ─► exporter
//! ```
//!
//! The SDK's data can only be made by the SDK: its types have private fields.
//! So a meter provider of its own is fed with each reading. What sums and
//! gauges are is observed by callbacks. A histogram cannot be observed, so its
//! new values are recorded once more, as many in each bucket, and so that their
//! sum is the same.

use std::fmt;
use std::mem;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};

use super::feed::{Feed, stream};
use super::{Wait, Waited, convert, short_type_name, wait};
use crate::export::delivery::courier::Courier;
use crate::export::delivery::diagnostics::Diagnostics;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::patience::Patience;
use crate::export::delivery::queue::Parcel;
use crate::export::delivery::receipt::Receipt;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::view::SpanView;
use crate::metric::Metrics;
use crate::resource::Resource;
use crate::stats::{ExporterStats, LossCause, Signal};
use crate::thread;

/// Hands metrics to any [`PushMetricExporter`] of the `opentelemetry_sdk` crate, with the temporality
/// that it prefers.
///
/// Names, units, descriptions, attributes, sums, gauges, and the counts and sums of histograms are
/// those that were counted. Because the SDK makes its data itself, start times are those of the
/// first reading that a metric was in, histograms have no least and greatest value, exponential ones
/// have the SDK's scale, and exemplars are left out. A metric that comes to have more than 2000
/// series, and more than four times as many as in the first reading that it was in, ends in the
/// SDK's overflow. For an exporter that prefers deltas, a counter's series that begins anew, or falls,
/// is left out of one reading, and in the next one with all that it has counted since.
///
/// The exporter's futures are waited for on a thread without an async executor, unless
/// [`wait_with`](Self::wait_with) gives one. An export that fails loses its points, counted as
/// [`Failed`](crate::export::LossCause::Failed): trying again is the exporter's own task.
///
/// ```
/// # #[derive(Debug)]
/// # struct VendorExporter;
/// # impl opentelemetry_sdk::metrics::exporter::PushMetricExporter for VendorExporter {
/// #     async fn export(
/// #         &self,
/// #         _: &opentelemetry_sdk::metrics::data::ResourceMetrics,
/// #     ) -> opentelemetry_sdk::error::OTelSdkResult {
/// #         Ok(())
/// #     }
/// #     fn force_flush(&self) -> opentelemetry_sdk::error::OTelSdkResult {
/// #         Ok(())
/// #     }
/// #     fn shutdown_with_timeout(
/// #         &self,
/// #         _: std::time::Duration,
/// #     ) -> opentelemetry_sdk::error::OTelSdkResult {
/// #         Ok(())
/// #     }
/// #     fn temporality(&self) -> opentelemetry_sdk::metrics::Temporality {
/// #         opentelemetry_sdk::metrics::Temporality::Delta
/// #     }
/// # }
/// use otel_runtime::export::sdk::SdkMetricsExporter;
///
/// let exporter = SdkMetricsExporter::new(VendorExporter);
/// let config = otel_runtime::Config::new().with_exporter(exporter);
/// # let _ = config;
/// ```
///
/// # Cost
/// On threads of its own: some 100 ns for each value that histograms have counted since the last
/// reading, and several allocations for each series.
pub struct SdkMetricsExporter {
    /// What runs on the worker thread; taken by the start.
    worker: Option<Box<dyn StartWorker>>,
    wait: Wait,
    outbox: Option<Outbox<Load>>,
}

const NAME: &str = "opentelemetry-sdk-metrics";
/// The memory of readings that wait is estimated.
const MAX_QUEUE_BYTES: usize = 32 << 20;
const BYTES_PER_POINT: usize = 512;

/// What is handed to the worker thread.
enum Load {
    /// What was counted under earlier installations.
    Before(Metrics),
    Reading(Metrics),
    /// The exporter is to flush what it may keep itself.
    Flush,
}

impl SdkMetricsExporter {
    /// Drives `exporter`.
    #[must_use]
    pub fn new(exporter: impl PushMetricExporter) -> Self {
        Self {
            worker: Some(Box::new(exporter)),
            wait: Box::new(|future| wait::park_until(future)),
            outbox: None,
        }
    }

    /// Waits for the exporter's futures in this way, as
    /// [`SdkExporter::wait_with`](super::SdkExporter::wait_with).
    #[must_use]
    pub fn wait_with(mut self, wait: impl FnMut(Waited<'_>) + Send + 'static) -> Self {
        self.wait = Box::new(wait);
        self
    }

    fn send(&self, content: Load) {
        let points = match &content {
            Load::Reading(metrics) => metrics.list.iter().map(|it| it.points.len()).sum(),
            // Nothing of it is exported.
            Load::Before(_) | Load::Flush => 0,
        };
        if let Some(outbox) = &self.outbox {
            outbox.send(Parcel {
                signal: Signal::Points,
                items: points as u64,
                bytes: points * BYTES_PER_POINT,
                content,
            });
        }
    }
}

impl Exporter for SdkMetricsExporter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes_spans(&self) -> bool {
        false
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let failed = |why: &str| ExporterError::new(NAME, why);
        let worker = self
            .worker
            .take()
            .ok_or_else(|| failed("it was started before"))?;
        let wait = mem::replace(&mut self.wait, Box::new(|future| wait::park_until(future)));
        let outbox = worker.start(wait, resource, stats);
        self.outbox = Some(outbox.map_err(|error| failed(&error.to_string()))?);
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn counted_before(&mut self, metrics: &Metrics) {
        self.send(Load::Before(metrics.clone()));
    }

    fn metrics(&mut self, metrics: &Metrics) {
        self.send(Load::Reading(metrics.clone()));
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        self.send(Load::Flush);
        let outbox = self.outbox.as_mut();
        outbox.map_or(Ok(()), |outbox| outbox.flush(deadline))
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let outbox = self.outbox.take();
        outbox.map_or(Ok(()), |mut outbox| outbox.close(deadline))
    }
}

/// Starts the worker thread of an exporter whose type is forgotten.
trait StartWorker: Send {
    fn start(
        self: Box<Self>,
        wait: Wait,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> std::io::Result<Outbox<Load>>;
}

impl<E: PushMetricExporter> StartWorker for E {
    fn start(
        self: Box<Self>,
        wait: Wait,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> std::io::Result<Outbox<Load>> {
        // The SDK's reader reads when it is told to, not by the clock.
        const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let target = format!("the exporter `{}`", short_type_name::<E>());
        let driven = Arc::new(Driven {
            exporter: *self,
            wait: Mutex::new(wait),
            is_closing: AtomicBool::new(false),
            failure: Mutex::new(None),
        });
        let reader = PeriodicReader::builder(Reader(Arc::clone(&driven)))
            .with_interval(YEAR)
            .build();
        let feed = Feed::new(driven.exporter.temporality());
        let provider = SdkMeterProvider::builder()
            .with_resource(convert::resource(resource))
            .with_view(stream(&feed))
            .with_reader(reader)
            .build();
        let worker = Worker {
            driven,
            provider,
            feed,
            diagnostics: Diagnostics::new(true, "points of metrics", target, Arc::clone(&stats)),
        };
        Outbox::start("otelkit-sdk", MAX_QUEUE_BYTES, stats, worker)
    }
}

/// Feeds the SDK's instruments, and has them read.
struct Worker<E> {
    driven: Arc<Driven<E>>,
    provider: SdkMeterProvider,
    feed: Feed,
    diagnostics: Diagnostics,
}

impl<E: PushMetricExporter> Worker<E> {
    fn export(&mut self, metrics: &Metrics) -> Result<(), String> {
        if metrics.list.is_empty() {
            return Ok(());
        }
        self.feed.take(metrics, &self.provider);
        *self.driven.lock() = None;
        let flushed = self.provider.force_flush();
        // The SDK says that it has failed; the exporter says why.
        let reason = self.driven.lock().take();
        flushed.map_err(|error| reason.unwrap_or_else(|| error.to_string()))
    }
}

impl<E: PushMetricExporter> Courier<Load> for Worker<E> {
    fn deliver(&mut self, load: &mut Load, _patience: &Patience<'_, Load>) -> Receipt {
        let result = match mem::replace(load, Load::Flush) {
            Load::Before(metrics) => {
                self.feed.leave_out(&metrics);
                return Receipt::Delivered;
            }
            Load::Reading(metrics) => self.export(&metrics),
            Load::Flush => {
                let flushed = self.driven.exporter.force_flush();
                flushed.map_err(|error| error.to_string())
            }
        };
        match result {
            Ok(()) => {
                self.diagnostics.fine();
                Receipt::Delivered
            }
            Err(reason) => {
                self.diagnostics
                    .lost(&reason, "these points of metrics are lost");
                Receipt::Lost {
                    cause: LossCause::Failed,
                    reason,
                }
            }
        }
    }

    fn close(&mut self, within: Duration) {
        // The SDK's reader would export once more, what was exported already.
        self.driven.is_closing.store(true, Ordering::Relaxed);
        let result = self.driven.exporter.shutdown_with_timeout(within);
        if let Err(error) = result.and(self.provider.shutdown_with_timeout(within)) {
            self.diagnostics.lost(&error, "it is shut down");
        }
    }
}

/// The exporter, and what it said.
struct Driven<E> {
    exporter: E,
    wait: Mutex<Wait>,
    is_closing: AtomicBool,
    /// Why the last export failed, if it did.
    failure: Mutex<Option<String>>,
}

impl<E> Driven<E> {
    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the SDK's reader takes for the exporter.
struct Reader<E>(Arc<Driven<E>>);

impl<E: PushMetricExporter> PushMetricExporter for Reader<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let driven = &self.0;
        if driven.is_closing.load(Ordering::Relaxed) {
            return Ok(());
        }
        thread::suppress();
        let mut result = Err(OTelSdkError::InternalFailure(
            "the export was not waited for".to_owned(),
        ));
        {
            let export = async { result = driven.exporter.export(metrics).await };
            let mut wait = driven.wait.lock().unwrap_or_else(PoisonError::into_inner);
            (wait)(pin!(export));
        }
        *driven.lock() = result.as_ref().err().map(ToString::to_string);
        result
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        self.0.exporter.temporality()
    }
}

impl fmt::Debug for SdkMetricsExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdkMetricsExporter").finish_non_exhaustive()
    }
}
