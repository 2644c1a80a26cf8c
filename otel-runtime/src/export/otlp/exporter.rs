//! The exporter itself: encodes on the collector thread, sends from a thread of its own.

use std::sync::Arc;
use std::time::Instant;

use super::batch::{Batch, Encoding};
use super::config::{OtlpConfig, OtlpConfigError, Protocol};
use super::sender::Sender;
use super::transport::Transport;
use crate::context::TraceId;
use crate::export::delivery::{Diagnostics, Outbox, Parcel};
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::{ExporterStats, LossCause};

/// Sends spans to an OTLP receiver.
///
/// Spans are encoded as they come, and sent in batches by a thread of the
/// exporter's own, one request at a time. What cannot be delivered is tried
/// again, then lost and counted by cause; the program is never held up.
///
/// ```
/// use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter};
///
/// # #[cfg(feature = "otlp-http")] {
/// let exporter = OtlpExporter::new(OtlpConfig::new().endpoint("http://localhost:4318"))?;
/// # }
/// # Ok::<(), otel_runtime::export::otlp::OtlpConfigError>(())
/// ```
#[derive(Debug)]
pub struct OtlpExporter {
    config: OtlpConfig,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    batch: Batch,
    /// When the batch's first span was noticed by a tick.
    opened_at: Option<Instant>,
    outbox: Outbox<Vec<u8>>,
    stats: Arc<ExporterStats>,
}

impl OtlpExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        config.validate()?;
        connect(&config)?;
        Ok(Self {
            config,
            running: None,
        })
    }
}

impl Exporter for OtlpExporter {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let unusable = |error: OtlpConfigError| ExporterError::new("otlp", error);
        let transport = connect(&self.config).map_err(unusable)?;
        let target = self.config.target().map_err(unusable)?;
        let sender = Sender::new(
            transport,
            self.config.retry.clone(),
            self.config.timeout,
            Diagnostics::new(self.config.diagnostics, target.label(), Arc::clone(&stats)),
        );
        let encoding = match self.config.protocol {
            Protocol::HttpJson => Encoding::Json,
            Protocol::HttpProtobuf | Protocol::Grpc => Encoding::Protobuf,
        };
        let outbox = Outbox::start(
            "otelkit-otlp",
            self.config.batch.max_queue_bytes,
            Arc::clone(&stats),
            sender,
        )
        .map_err(|error| ExporterError::new("otlp", error))?;
        self.running = Some(Running {
            batch: Batch::new(encoding, resource),
            opened_at: None,
            outbox,
            stats,
        });
        Ok(())
    }

    #[inline]
    fn export(&mut self, span: &SpanView<'_>) {
        let Some(running) = &mut self.running else {
            return;
        };
        running.batch.push(span);
        let limits = &self.config.batch;
        if running.batch.spans() >= limits.max_export_batch_size as u64
            || running.batch.bytes() >= limits.max_export_batch_bytes
        {
            running.ship();
        }
    }

    fn tick(&mut self, now: Instant) {
        let Some(running) = &mut self.running else {
            return;
        };
        if running.batch.spans() == 0 {
            return;
        }
        let opened_at = *running.opened_at.get_or_insert(now);
        if now.saturating_duration_since(opened_at) >= self.config.batch.schedule_delay {
            running.ship();
        }
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        running.ship();
        running.outbox.flush(deadline)
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        let Some(mut running) = self.running.take() else {
            return Ok(());
        };
        running.ship();
        running.outbox.close(deadline)
    }

    fn cancel_trace(&mut self, trace_id: TraceId) -> u64 {
        let Some(running) = &mut self.running else {
            return 0;
        };
        let cancelled = running.batch.remove_trace(trace_id);
        running.stats.add_dropped(LossCause::Cancelled, cancelled);
        cancelled
    }
}

impl Running {
    /// Hands the open batch to the sender.
    fn ship(&mut self) {
        self.opened_at = None;
        if self.batch.spans() == 0 {
            return;
        }
        let mut body = self.outbox.spare().unwrap_or_default();
        let spans = self.batch.finish_into(&mut body);
        let bytes = body.len();
        self.outbox.send(Parcel {
            content: body,
            spans,
            bytes,
        });
    }
}

/// The transport the settings ask for; opens no connection yet.
fn connect(config: &OtlpConfig) -> Result<Box<dyn Transport>, OtlpConfigError> {
    let (name, feature): (&str, &str) = match config.protocol {
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf => return Ok(Box::new(super::http::Http::new(config)?)),
        #[cfg(feature = "otlp-json")]
        Protocol::HttpJson => return Ok(Box::new(super::http::Http::new(config)?)),
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => return Ok(Box::new(super::grpc::Grpc::new(config)?)),
        #[cfg(not(feature = "otlp-http"))]
        Protocol::HttpProtobuf => ("http/protobuf", "otlp-http"),
        #[cfg(not(feature = "otlp-json"))]
        Protocol::HttpJson => ("http/json", "otlp-json"),
        #[cfg(not(feature = "otlp-grpc"))]
        Protocol::Grpc => ("grpc", "otlp-grpc"),
    };
    #[allow(unreachable_code, reason = "when every protocol is compiled in")]
    Err(OtlpConfigError::new(
        "protocol",
        format!("cannot be `{name}`: this needs the feature `{feature}` of otel-runtime"),
    ))
}
