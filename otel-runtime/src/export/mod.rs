//! From finished spans to the world outside.

mod exporter;
mod stats;
mod view;

pub use exporter::{Exporter, ExporterError, FlushError};
pub use stats::{ExporterStats, LossCause};
pub use view::{Array, Attribute, EventView, LinkView, Outcome, Scope, SpanView, Status, Value};
