//! The exporter itself: encodes on the collector thread, sends from a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::batch::Batch;
use super::config::{OtlpConfig, Protocol};
use super::error::OtlpConfigError;
use super::sender::Sender;
use super::transport::{self, Transport};
use crate::context::TraceId;
use crate::export::delivery::batcher::Batcher;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

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
pub struct OtlpExporter {
    config: OtlpConfig,
    /// A transport that was given; taken by the start.
    transport: Option<Box<dyn Transport>>,
    batcher: Batcher<Batch>,
}

impl OtlpExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        config.validate()?;
        transport::connect(&config, Signal::Spans)?;
        Ok(Self {
            config,
            transport: None,
            batcher: Batcher::default(),
        })
    }

    /// An exporter that sends its requests by a transport of the caller's own.
    ///
    /// Of the settings, those of endpoint, headers, compression and
    /// certificates mean nothing then; the protocol chooses how requests are encoded.
    ///
    /// # Errors
    /// If a setting has a value it cannot have.
    pub fn with_transport(
        config: OtlpConfig,
        transport: impl Transport + 'static,
    ) -> Result<Self, OtlpConfigError> {
        config.validate()?;
        Ok(Self {
            config,
            transport: Some(Box::new(transport)),
            batcher: Batcher::default(),
        })
    }
}

impl Exporter for OtlpExporter {
    fn name(&self) -> &'static str {
        "otlp"
    }

    fn component_type(&self) -> &'static str {
        match self.config.protocol {
            Protocol::Grpc => "otlp_grpc_span_exporter",
            Protocol::HttpProtobuf => "otlp_http_span_exporter",
            Protocol::HttpJson => "otlp_http_json_span_exporter",
        }
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let sender = Sender::new(&self.config, self.transport.take(), Signal::Spans, &stats)
            .map_err(|error| ExporterError::new("otlp", error))?;
        let batch = Batch::new(self.config.protocol.encoding(), resource);
        self.batcher
            .start("otlp", batch, self.config.batch.clone(), stats, sender)
    }

    #[inline]
    fn export(&mut self, span: &SpanView<'_>) {
        self.batcher.push(|batch| batch.push(span));
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
        let batch = self.batcher.bundle();
        batch.map_or(0, |batch| batch.remove_trace(trace_id))
    }
}

impl fmt::Debug for OtlpExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpExporter")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
