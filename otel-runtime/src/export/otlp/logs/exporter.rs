//! The exporter of log records: encodes on the collector thread, sends from a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::LogBatch;
use crate::export::delivery::batcher::Batcher;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::log_view::LogView;
use crate::export::otlp::config::OtlpConfig;
use crate::export::otlp::error::OtlpConfigError;
use crate::export::otlp::outgoing::Outgoing;
use crate::export::otlp::transport::Transport;
use crate::export::view::SpanView;
use crate::resource::Resource;
use crate::stats::{ExporterStats, Signal};

/// Sends log records to an OTLP receiver.
///
/// Records are encoded as they come, and sent in batches by a thread of the exporter's own, one
/// request at a time. What cannot be delivered is tried again, then lost and counted by cause; the
/// program is never held up.
///
/// ```
/// use otel_runtime::export::otlp::{OtlpConfig, OtlpLogsExporter};
///
/// # #[cfg(feature = "otlp-http")] {
/// let exporter = OtlpLogsExporter::new(OtlpConfig::new().endpoint("http://localhost:4318"))?;
/// # }
/// # Ok::<(), otel_runtime::export::otlp::OtlpConfigError>(())
/// ```
pub struct OtlpLogsExporter {
    outgoing: Outgoing,
    batcher: Batcher<LogBatch>,
}

impl OtlpLogsExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        Ok(Self {
            outgoing: Outgoing::new(Signal::Logs, config, None)?,
            batcher: Batcher::default(),
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
            outgoing: Outgoing::new(Signal::Logs, config, Some(Box::new(transport)))?,
            batcher: Batcher::default(),
        })
    }
}

impl Exporter for OtlpLogsExporter {
    fn name(&self) -> &'static str {
        self.outgoing.name()
    }

    fn component_type(&self) -> &'static str {
        self.outgoing.component_type()
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
        let sender = self.outgoing.sender(&stats)?;
        let name = self.name();
        let config = &self.outgoing.config;
        let batch = LogBatch::new(config.protocol.encoding(), resource);
        self.batcher
            .start(name, batch, config.batch.clone(), stats, sender)
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn log(&mut self, log: &LogView<'_>) {
        self.batcher.push(|batch| batch.push(log));
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

impl fmt::Debug for OtlpLogsExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpLogsExporter")
            .field("config", &self.outgoing.config)
            .finish_non_exhaustive()
    }
}
