//! OtelKit's runtime: annotated functions become OpenTelemetry spans.
#![deny(unsafe_code)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod bridge;
pub mod class;
mod clock;
mod collector;
mod config;
pub mod context;
pub mod db;
#[cfg_attr(
    not(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk")),
    allow(dead_code, reason = "exporters ask whether a line is told")
)]
mod diagnostics;
pub mod export;
mod install;
mod limits;
#[allow(unsafe_code)]
pub mod log;
#[allow(unsafe_code)]
pub mod metric;
#[allow(unsafe_code)]
mod per_process;
pub mod propagation;
#[allow(unsafe_code)]
mod record;
#[cfg(feature = "metrics")]
pub mod recorder;
pub mod redact;
mod registry;
pub mod resource;
#[allow(unsafe_code)]
mod ring;
mod sample;
pub mod site;
mod sources;
#[allow(unsafe_code)]
pub mod span;
mod stats;
#[cfg(feature = "testing")]
pub mod testing;
#[allow(unsafe_code)]
mod thread;
pub mod value;

pub use otel_macros::{
    Classify, Label, db_query, event, metered, metric, set_attributes, span, traced,
};

pub use class::Classify;
pub use config::{Config, ConfigError, ConfigProblem};
pub use context::{Baggage, SpanContext, SpanId, TraceFlags, TraceId, TraceState};
pub use install::{InstallError, Loss, Telemetry, install};
pub use limits::{LogLimits, SpanLimits};
pub use metric::Label;
pub use resource::{Resource, ResourceValue};
pub use sample::{ParentBased, Sampler};
pub use site::{Level, Site, SpanKind};
#[cfg(feature = "tokio-metrics")]
pub use sources::observe_tokio;
pub use span::{
    Context, ContextExt, ContextScope, ErrorOptions, HeldContext, Link, Span, SpanHandle, Start,
    add_event, add_link, cancel_trace, current_context, current_span, record_error,
    record_error_with, set_attribute, set_span_name, set_status,
};
pub use stats::{ExporterReport, Stats};
pub use value::Secret;
