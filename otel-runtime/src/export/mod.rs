//! From finished spans to the world outside.

mod exporter;
mod view;

pub use crate::stats::{ExporterStats, LossCause};
pub use exporter::{Exporter, ExporterError, FlushError};
pub use view::{Array, Attribute, EventView, LinkView, Outcome, Scope, SpanView, Status, Value};
