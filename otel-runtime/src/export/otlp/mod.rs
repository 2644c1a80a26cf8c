//! OTLP, the OpenTelemetry protocol.
//!
//! ```text
//!  collector thread                    sender thread
//!  SpanView ─► encode │ json ─► Batch ─► Outbox ─► Sender ─► http │ grpc
//! ```
//!
//! Spans and log records are encoded once, straight from the records, into the bytes that go
//! over the wire; metrics are read, encoded and sent once a minute. Nothing here runs on the threads of the program.

mod batch;
mod by_scope;
mod config;
mod encode;
mod endpoint;
mod envelope;
mod error;
mod exporter;
mod json;
mod logs;
mod metrics;
mod outgoing;
pub(super) mod protobuf;
mod retry;
mod sender;
mod transport;

#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
mod headers;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
mod pem;
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
mod response;

pub use batch::{Batch, Encoding};
pub use config::{Compression, OtlpConfig, Pem, Protocol, TemporalityPreference};
pub use error::OtlpConfigError;
pub use exporter::OtlpExporter;
pub use logs::{LogBatch, OtlpLogsExporter};
pub use metrics::{MetricsEncoder, OtlpMetricsExporter};
#[cfg(all(fuzzing, feature = "otlp-http", feature = "otlp-grpc"))]
pub use response::fuzzed as fuzzed_response;
pub use retry::RetryConfig;
pub use transport::{Accepted, Failure, FailureKind, Transport};

pub use super::delivery::BatchConfig;

/// How the exporter introduces itself.
#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
const USER_AGENT: &str = concat!("OtelKit-OTLP-Exporter-Rust/", env!("CARGO_PKG_VERSION"));
