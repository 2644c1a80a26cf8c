//! What the OTLP exporter is told: plain settings, checked when the exporter is made.
//!
//! The names and defaults are those of the [OTLP exporter specification],
//! except where a field says otherwise.
//!
//! [OTLP exporter specification]: https://opentelemetry.io/docs/specs/otel/protocol/exporter/

mod check;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::batch::Encoding;
use super::endpoint::Target;
use super::error::OtlpConfigError;
use super::retry::RetryConfig;
use crate::export::delivery::BatchConfig;
use crate::stats::Signal;

/// Settings of an [`OtlpExporter`](super::OtlpExporter).
///
/// ```
/// use std::time::Duration;
/// use otel_runtime::export::otlp::{Compression, OtlpConfig};
///
/// let config = OtlpConfig::default()
///     .endpoint("https://collector.example:4318")
///     .header("authorization", "Bearer secret")
///     .compression(Compression::Gzip)
///     .timeout(Duration::from_secs(5));
/// assert!(config.validate().is_ok());
/// assert!(!format!("{config:?}").contains("secret"), "values of headers are never printed");
/// ```
#[derive(Clone)]
pub struct OtlpConfig {
    pub(super) protocol: Protocol,
    pub(super) endpoint: Option<String>,
    pub(super) traces_endpoint: Option<String>,
    pub(super) metrics_endpoint: Option<String>,
    pub(super) logs_endpoint: Option<String>,
    pub(super) temporality: TemporalityPreference,
    pub(super) insecure: bool,
    pub(super) headers: Vec<(String, String)>,
    pub(super) compression: Compression,
    pub(super) timeout: Duration,
    pub(super) certificate: Option<Pem>,
    pub(super) client_certificate: Option<Pem>,
    pub(super) client_key: Option<Pem>,
    pub(super) batch: BatchConfig,
    pub(super) retry: RetryConfig,
    pub(super) diagnostics: bool,
}

/// The transport, and how requests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Protobuf over HTTP; feature `otlp-http`.
    #[default]
    HttpProtobuf,
    /// JSON over HTTP; feature `otlp-json`.
    HttpJson,
    /// Protobuf over gRPC; feature `otlp-grpc`.
    Grpc,
}

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// As gzip, at its fastest level: costs CPU on the sender thread and saves network.
    Gzip,
}

/// Since when the sums and histograms that are sent count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TemporalityPreference {
    /// Since the beginning: what a lost request would have said, the next one says.
    #[default]
    Cumulative,
    /// Since they were sent last, but for sums that can fall; series that have not changed are
    /// not sent again. The exporter remembers all series.
    Delta,
    /// What takes the least memory: deltas where the program counts, cumulative sums where it is
    /// asked for them. All instruments count, so this is as `Delta`.
    LowMemory,
}

/// Certificates or a key in PEM form.
#[derive(Clone, PartialEq, Eq)]
pub enum Pem {
    /// The text itself.
    Bytes(Vec<u8>),
    /// A file, read when the exporter is made.
    Path(PathBuf),
}

impl Protocol {
    /// How its requests are written.
    pub(super) const fn encoding(self) -> Encoding {
        match self {
            Self::HttpJson => Encoding::Json,
            Self::HttpProtobuf | Self::Grpc => Encoding::Protobuf,
        }
    }
}

impl OtlpConfig {
    /// Protobuf over HTTP to `http://localhost:4318`: the same as [`Default`].
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses the transport. Default: [`Protocol::HttpProtobuf`].
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// The receiver of all signals, such as `http://localhost:4318`; over HTTP
    /// the path `/v1/traces`, `/v1/metrics` or `/v1/logs` is added to it.
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// The receiver of traces, used exactly as it is, and before
    /// [`endpoint`](Self::endpoint). `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`.
    #[must_use]
    pub fn traces_endpoint(mut self, url: impl Into<String>) -> Self {
        self.traces_endpoint = Some(url.into());
        self
    }

    /// The receiver of metrics, used exactly as it is, and before
    /// [`endpoint`](Self::endpoint). `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`.
    #[must_use]
    pub fn metrics_endpoint(mut self, url: impl Into<String>) -> Self {
        self.metrics_endpoint = Some(url.into());
        self
    }

    /// The receiver of log records, used exactly as it is, and before
    /// [`endpoint`](Self::endpoint). `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT`.
    #[must_use]
    pub fn logs_endpoint(mut self, url: impl Into<String>) -> Self {
        self.logs_endpoint = Some(url.into());
        self
    }

    /// Since when the sums and histograms that are sent count. Default: the beginning.
    /// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
    #[must_use]
    pub fn temporality(mut self, preference: TemporalityPreference) -> Self {
        self.temporality = preference;
        self
    }

    /// Whether a gRPC endpoint without `http://` or `https://` is spoken to without TLS.
    /// Default: false. `OTEL_EXPORTER_OTLP_INSECURE`.
    #[must_use]
    pub fn insecure(mut self, insecure: bool) -> Self {
        self.insecure = insecure;
        self
    }

    /// Adds a header (HTTP) or metadata entry (gRPC) to every request. The
    /// value is never printed. `OTEL_EXPORTER_OTLP_HEADERS`.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Chooses the compression. Default: none.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// How long one request may take, name lookup and connecting included. Default: 10 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Trusts these authorities, and no others, to vouch for the receiver.
    /// Default: the authorities Mozilla trusts.
    #[must_use]
    pub fn certificate(mut self, pem: Pem) -> Self {
        self.certificate = Some(pem);
        self
    }

    /// The certificate, with its chain, that this program shows to the receiver.
    #[must_use]
    pub fn client_certificate(mut self, pem: Pem) -> Self {
        self.client_certificate = Some(pem);
        self
    }

    /// The private key of the [client certificate](Self::client_certificate).
    #[must_use]
    pub fn client_key(mut self, pem: Pem) -> Self {
        self.client_key = Some(pem);
        self
    }

    /// When a batch is sent, and how much may wait.
    #[must_use]
    pub fn batch(mut self, batch: BatchConfig) -> Self {
        self.batch = batch;
        self
    }

    /// What happens to a batch that could not be delivered.
    #[must_use]
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.retry = retry;
        self
    }

    /// Whether trouble with the receiver is told on standard error: when it
    /// begins, once a minute while it lasts, and when it is over. Default: true.
    #[must_use]
    pub fn diagnostics(mut self, on: bool) -> Self {
        self.diagnostics = on;
        self
    }

    /// The URL that a signal is sent to.
    pub(crate) fn target(&self, signal: Signal) -> Result<Target, OtlpConfigError> {
        let is_grpc = self.protocol == Protocol::Grpc;
        let (setting, own, path) = match signal {
            Signal::Spans => ("traces_endpoint", &self.traces_endpoint, "/v1/traces"),
            Signal::Points => ("metrics_endpoint", &self.metrics_endpoint, "/v1/metrics"),
            Signal::Logs => ("logs_endpoint", &self.logs_endpoint, "/v1/logs"),
        };
        match (own, &self.endpoint) {
            (Some(url), _) => Target::parse(setting, url, is_grpc.then_some(self.insecure)),
            (None, Some(url)) => {
                let target = Target::parse("endpoint", url, is_grpc.then_some(self.insecure))?;
                Ok(if is_grpc {
                    target
                } else {
                    target.with_path(path)
                })
            }
            (None, None) if is_grpc => {
                Target::parse("endpoint", "http://localhost:4317", Some(true))
            }
            (None, None) => Target::parse("endpoint", "http://localhost:4318", None)
                .map(|target| target.with_path(path)),
        }
    }
}

impl Default for OtlpConfig {
    fn default() -> Self {
        Self {
            protocol: Protocol::default(),
            endpoint: None,
            traces_endpoint: None,
            metrics_endpoint: None,
            logs_endpoint: None,
            temporality: TemporalityPreference::default(),
            insecure: false,
            headers: Vec::new(),
            compression: Compression::default(),
            timeout: Duration::from_secs(10),
            certificate: None,
            client_certificate: None,
            client_key: None,
            batch: BatchConfig::default(),
            retry: RetryConfig::default(),
            diagnostics: true,
        }
    }
}

impl fmt::Debug for OtlpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("OtlpConfig")
            .field("protocol", &self.protocol)
            .field(
                "traces",
                &self.target(Signal::Spans).as_ref().ok().map(Target::label),
            )
            .field(
                "metrics",
                &self.target(Signal::Points).as_ref().ok().map(Target::label),
            )
            .field(
                "logs",
                &self.target(Signal::Logs).as_ref().ok().map(Target::label),
            )
            .field("temporality", &self.temporality)
            .field("headers", &headers)
            .field("compression", &self.compression)
            .field("timeout", &self.timeout)
            .field("certificate", &self.certificate)
            .field("client_certificate", &self.client_certificate)
            .field("client_key", &self.client_key.as_ref().map(|_| ".."))
            .field("batch", &self.batch)
            .field("retry", &self.retry)
            .field("diagnostics", &self.diagnostics)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
        }
    }
}
