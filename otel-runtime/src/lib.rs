//! OtelKit's runtime: annotated functions become OpenTelemetry spans.
#![deny(unsafe_code)]

pub mod context;
pub mod export;
pub mod resource;
pub mod site;
pub mod value;

pub use context::{SpanContext, SpanId, TraceFlags, TraceId};
pub use resource::{Resource, ResourceValue};
pub use site::{Level, Site, SpanKind};
