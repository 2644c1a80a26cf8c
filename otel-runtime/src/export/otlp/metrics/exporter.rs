//! The exporter of metrics: encodes on the collector thread, sends from a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::MetricsEncoder;
use crate::export::delivery::config::Capacity;
use crate::export::delivery::outbox::Outbox;
use crate::export::delivery::queue::Parcel;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::otlp::config::{OtlpConfig, TemporalityPreference};
use crate::export::otlp::error::OtlpConfigError;
use crate::export::otlp::outgoing::Outgoing;
use crate::export::otlp::transport::Transport;
use crate::export::view::SpanView;
use crate::metric::{Deltas, Metrics};
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

/// Sends metrics to an OTLP receiver, each time the instruments are read.
///
/// Requests are sent by a thread of the exporter's own, one at a time. What
/// cannot be delivered is tried again, then lost and counted by cause, point by
/// point; the program is never held up.
///
/// Of the [batch settings](OtlpConfig::batch) only `max_export_batch_bytes` means something: a
/// larger reading is sent in several requests. At most 32 MiB of requests wait.
///
/// ```
/// use otel_runtime::export::otlp::{OtlpConfig, OtlpMetricsExporter};
///
/// # #[cfg(feature = "otlp-http")] {
/// let exporter = OtlpMetricsExporter::new(OtlpConfig::new().endpoint("http://localhost:4318"))?;
/// # }
/// # Ok::<(), otel_runtime::export::otlp::OtlpConfigError>(())
/// ```
pub struct OtlpMetricsExporter {
    outgoing: Outgoing,
    running: Option<Running>,
}

struct Running {
    encoder: MetricsEncoder,
    /// Present if deltas are wanted.
    deltas: Option<Deltas>,
    outbox: Outbox<Vec<u8>>,
}

/// A reading of very many series must find room at once, whatever of the one before still waits.
const MAX_QUEUE_BYTES: usize = 32 << 20;

impl OtlpMetricsExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        Ok(Self {
            outgoing: Outgoing::new(Signal::Points, config, None)?,
            running: None,
        })
    }

    /// An exporter that sends its requests by a transport of the caller's own, as
    /// [`OtlpExporter::with_transport`](crate::export::otlp::OtlpExporter::with_transport).
    ///
    /// # Errors
    /// If a setting has a value it cannot have.
    pub fn with_transport(
        config: OtlpConfig,
        transport: impl Transport + 'static,
    ) -> Result<Self, OtlpConfigError> {
        Ok(Self {
            outgoing: Outgoing::new(Signal::Points, config, Some(Box::new(transport)))?,
            running: None,
        })
    }
}

impl Exporter for OtlpMetricsExporter {
    fn name(&self) -> &'static str {
        self.outgoing.name()
    }

    fn component_type(&self) -> &'static str {
        self.outgoing.component_type()
    }

    fn takes_spans(&self) -> bool {
        false
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let sender = self.outgoing.sender(&stats)?;
        let capacity = Capacity::from(MAX_QUEUE_BYTES);
        let outbox = Outbox::start("otelkit-metrics", capacity, stats, sender)
            .map_err(|error| ExporterError::new(self.name(), error))?;
        self.running = Some(Running {
            encoder: MetricsEncoder::new(
                self.outgoing.config.protocol.encoding(),
                resource,
                self.outgoing.config.batch.max_export_batch_bytes,
            ),
            deltas: match self.outgoing.config.temporality {
                TemporalityPreference::Cumulative => None,
                TemporalityPreference::Delta | TemporalityPreference::LowMemory => {
                    Some(Deltas::default())
                }
            },
            outbox,
        });
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn counted_before(&mut self, metrics: &Metrics) {
        if let Some(deltas) = self.running.as_mut().and_then(|it| it.deltas.as_mut()) {
            let _ = deltas.take(metrics);
        }
    }

    fn metrics(&mut self, metrics: &Metrics) {
        if let Some(running) = &mut self.running {
            match &mut running.deltas {
                None => running.send(metrics),
                Some(deltas) => {
                    let since = deltas.take(metrics);
                    running.send(&since);
                }
            }
        }
    }

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let running = self.running.as_mut();
        running.map_or(Ok(()), |running| running.outbox.flush(deadline))
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let running = self.running.take();
        running.map_or(Ok(()), |mut running| running.outbox.close(deadline))
    }
}

impl Running {
    fn send(&mut self, metrics: &Metrics) {
        let outbox = &self.outbox;
        self.encoder.encode(metrics, |content, items| {
            outbox.send(Parcel {
                bytes: content.len(),
                content,
                signal: Signal::Points,
                items,
            });
        });
    }
}

impl fmt::Debug for OtlpMetricsExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpMetricsExporter")
            .field("config", &self.outgoing.config)
            .finish_non_exhaustive()
    }
}
