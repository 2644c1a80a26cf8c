//! The exporter itself: encodes on the collector thread, sends from a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::batch::Batch;
use super::config::OtlpConfig;
use super::error::OtlpConfigError;
use super::outgoing::Outgoing;
use super::transport::Transport;
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
    outgoing: Outgoing,
    batcher: Batcher<Batch>,
}

impl OtlpExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        Ok(Self {
            outgoing: Outgoing::new(Signal::Spans, config, None)?,
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
        Ok(Self {
            outgoing: Outgoing::new(Signal::Spans, config, Some(Box::new(transport)))?,
            batcher: Batcher::default(),
        })
    }
}

impl Exporter for OtlpExporter {
    fn name(&self) -> &'static str {
        self.outgoing.name()
    }

    fn component_type(&self) -> &'static str {
        self.outgoing.component_type()
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        let sender = self.outgoing.sender(&stats)?;
        let name = self.name();
        let config = &self.outgoing.config;
        let batch = Batch::new(config.protocol.encoding(), resource);
        self.batcher
            .start(name, batch, config.batch.clone(), stats, sender)
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
            .field("config", &self.outgoing.config)
            .finish_non_exhaustive()
    }
}
