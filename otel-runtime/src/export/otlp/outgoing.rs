//! What the exporters of all signals have in common: their settings, and what sends for them.

use std::sync::Arc;

use super::config::{OtlpConfig, Protocol};
use super::error::OtlpConfigError;
use super::sender::Sender;
use super::transport::{self, Transport};
use crate::export::exporter::ExporterError;
use crate::stats::{ExporterStats, Signal};

/// The settings of an exporter, checked.
pub(super) struct Outgoing {
    pub(super) config: OtlpConfig,
    signal: Signal,
    /// A transport that was given; taken by the start.
    transport: Option<Box<dyn Transport>>,
}

impl Outgoing {
    /// To be sent by the transport that is given, else by the one that the settings ask for; reads
    /// certificates then, and opens no connection.
    pub(super) fn new(
        signal: Signal,
        config: OtlpConfig,
        transport: Option<Box<dyn Transport>>,
    ) -> Result<Self, OtlpConfigError> {
        config.validate()?;
        if transport.is_none() {
            transport::connect(&config, signal)?;
        }
        Ok(Self {
            config,
            signal,
            transport,
        })
    }

    /// What the exporter is called.
    pub(super) const fn name(&self) -> &'static str {
        match self.signal {
            Signal::Spans => "otlp",
            Signal::Points => "otlp-metrics",
            Signal::Logs => "otlp-logs",
        }
    }

    /// What the conventions call it.
    pub(super) const fn component_type(&self) -> &'static str {
        match (self.config.protocol, self.signal) {
            (Protocol::Grpc, Signal::Spans) => "otlp_grpc_span_exporter",
            (Protocol::Grpc, Signal::Points) => "otlp_grpc_metric_exporter",
            (Protocol::Grpc, Signal::Logs) => "otlp_grpc_log_exporter",
            (Protocol::HttpProtobuf, Signal::Spans) => "otlp_http_span_exporter",
            (Protocol::HttpProtobuf, Signal::Points) => "otlp_http_metric_exporter",
            (Protocol::HttpProtobuf, Signal::Logs) => "otlp_http_log_exporter",
            (Protocol::HttpJson, Signal::Spans) => "otlp_http_json_span_exporter",
            (Protocol::HttpJson, Signal::Points) => "otlp_http_json_metric_exporter",
            (Protocol::HttpJson, Signal::Logs) => "otlp_http_json_log_exporter",
        }
    }

    /// What sends; made once.
    pub(super) fn sender(&mut self, stats: &Arc<ExporterStats>) -> Result<Sender, ExporterError> {
        let sender = Sender::new(&self.config, self.transport.take(), self.signal, stats);
        sender.map_err(|error| ExporterError::new(self.name(), error))
    }
}
