//! What a request is sent with, and what can become of it.

#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use super::config::{OtlpConfig, Protocol};
use super::error::OtlpConfigError;
use crate::stats::Signal;

/// Sends requests to a receiver, one at a time, on the exporter's own thread.
///
/// The exporter has transports for HTTP and gRPC; another one can be
/// [given](super::OtlpExporter::with_transport) to it.
pub trait Transport: Send {
    /// Sends a request, and waits for the answer until the deadline at most.
    ///
    /// `body` is an encoded `ExportTraceServiceRequest`, `ExportMetricsServiceRequest` or
    /// `ExportLogsServiceRequest`; it must be the same afterwards, for another attempt.
    ///
    /// # Errors
    /// If the receiver does not have what is in it.
    fn send(&mut self, body: &mut Vec<u8>, deadline: Instant) -> Result<Accepted, Failure>;
}

/// The receiver has the spans, the points of metrics, or the log records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// It has all but this many.
    pub rejected: u64,
    /// What it has to say about that.
    pub message: String,
}

/// The receiver does not have them, as far as one can know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether another attempt may help.
    pub kind: FailureKind,
    /// What went wrong, for people; must not hold secrets.
    pub reason: String,
}

/// Whether another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There is nobody at that address; may be different later.
    Unreachable,
    /// May be different later, and not before this time has passed.
    Transient {
        /// How long the receiver asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The receiver understood, and does not want it.
    Refused,
    /// It will not be different later.
    Broken,
}

impl Failure {
    /// A failure of this kind, for this reason.
    pub fn new(kind: FailureKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
        }
    }
}

impl FailureKind {
    /// What a failed connection means.
    #[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
    pub(super) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => Self::Unreachable,
            // what rustls says about a certificate or a handshake comes as this
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Broken,
            _ => Self::Transient { retry_after: None },
        }
    }
}

/// The transport the settings ask for; opens no connection yet.
pub(super) fn connect(
    config: &OtlpConfig,
    #[cfg_attr(
        not(any(feature = "otlp-http", feature = "otlp-grpc")),
        expect(unused_variables, reason = "there is no transport to say it to")
    )]
    signal: Signal,
) -> Result<Box<dyn Transport>, OtlpConfigError> {
    let (name, feature): (&str, &str) = match config.protocol {
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf => return Ok(Box::new(super::http::Http::new(config, signal)?)),
        #[cfg(feature = "otlp-json")]
        Protocol::HttpJson => return Ok(Box::new(super::http::Http::new(config, signal)?)),
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => return Ok(Box::new(super::grpc::Grpc::new(config, signal)?)),
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
