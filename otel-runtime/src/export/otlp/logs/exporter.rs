//! The exporter of log records: encodes on the collector thread, sends from a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::LogBatch;
use crate::export::delivery::batcher::Batcher;
use crate::export::exporter::{Exporter, ExporterError, FlushError};
use crate::export::log_view::LogView;
use crate::export::otlp::config::{OtlpConfig, Protocol};
use crate::export::otlp::error::OtlpConfigError;
use crate::export::otlp::sender::Sender;
use crate::export::otlp::transport::{self, Transport};
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
    config: OtlpConfig,
    /// A transport that was given; taken by the start.
    transport: Option<Box<dyn Transport>>,
    batcher: Batcher<LogBatch>,
}

const NAME: &str = "otlp-logs";

impl OtlpLogsExporter {
    /// An exporter with these settings; reads certificates, opens no connection.
    ///
    /// # Errors
    /// If a setting has a value it cannot have, a certificate cannot be read,
    /// or the feature for the protocol is not compiled in.
    pub fn new(config: OtlpConfig) -> Result<Self, OtlpConfigError> {
        config.validate()?;
        transport::connect(&config, Signal::Logs)?;
        Ok(Self {
            config,
            transport: None,
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
        config.validate()?;
        Ok(Self {
            config,
            transport: Some(Box::new(transport)),
            batcher: Batcher::default(),
        })
    }
}

impl Exporter for OtlpLogsExporter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn component_type(&self) -> &'static str {
        match self.config.protocol {
            Protocol::Grpc => "otlp_grpc_log_exporter",
            Protocol::HttpProtobuf => "otlp_http_log_exporter",
            Protocol::HttpJson => "otlp_http_json_log_exporter",
        }
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
        let sender = Sender::new(&self.config, self.transport.take(), Signal::Logs, &stats)
            .map_err(|error| ExporterError::new(NAME, error))?;
        let batch = LogBatch::new(self.config.protocol.encoding(), resource);
        self.batcher
            .start(NAME, batch, self.config.batch.clone(), stats, sender)
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
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
