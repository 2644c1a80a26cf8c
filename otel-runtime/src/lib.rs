//! OtelKit's runtime: annotated functions become OpenTelemetry spans.
#![deny(unsafe_code)]

mod config;
pub mod context;
pub mod export;
pub mod resource;
mod sample;
pub mod site;
pub mod value;

pub use config::{Config, ConfigError, ConfigProblem, SpanLimits};
pub use context::{SpanContext, SpanId, TraceFlags, TraceId};
pub use resource::{Resource, ResourceValue};
pub use sample::{ParentBased, Sampler};
pub use site::{Level, Site, SpanKind};
