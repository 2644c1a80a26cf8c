//! OtelKit's runtime: annotated functions become OpenTelemetry spans.
#![deny(unsafe_code)]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod clock;
mod config;
pub mod context;
pub mod export;
mod record;
pub mod resource;
#[allow(unsafe_code)]
mod ring;
mod sample;
pub mod site;
#[allow(unsafe_code)]
pub mod span;
mod stats;
#[allow(unsafe_code)]
mod thread;
pub mod value;

pub use config::{Config, ConfigError, ConfigProblem, SpanLimits};
pub use context::{SpanContext, SpanId, TraceFlags, TraceId};
pub use resource::{Resource, ResourceValue};
pub use sample::{ParentBased, Sampler};
pub use site::{Level, Site, SpanKind};
pub use span::{
    Context, ContextExt, Link, Span, SpanHandle, Start, add_event, add_link, cancel_trace,
    current_context, current_span, record_error, set_attribute, set_status,
};
