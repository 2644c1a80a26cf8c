//! From finished spans to the world outside.

#[cfg(feature = "lines")]
mod color;
#[cfg(feature = "lines")]
mod digits;
mod exporter;
#[cfg(feature = "lines")]
mod harmless;
#[cfg(any(feature = "otlp", feature = "lines"))]
mod json;
#[cfg(feature = "lines")]
pub mod lines;
mod log_view;
mod view;

#[cfg(any(feature = "testing", feature = "terminal"))]
mod data;
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
mod delivery;
#[cfg(feature = "file")]
pub mod file;
#[cfg(any(feature = "testing", feature = "terminal"))]
mod log_data;
#[cfg(feature = "testing")]
mod memory;
#[cfg(feature = "otlp")]
pub mod otlp;
#[cfg(feature = "prometheus")]
pub mod prometheus;
#[cfg(any(feature = "otlp", feature = "lines"))]
mod scan;
#[cfg(feature = "opentelemetry-sdk")]
pub mod sdk;
#[cfg(feature = "terminal")]
pub mod terminal;

pub use crate::stats::{ExporterStats, LossCause};
#[cfg(any(feature = "testing", feature = "terminal"))]
pub use data::{EventData, LinkData, SpanData, StatusData, ValueData};
#[cfg(any(feature = "otlp", feature = "lines", feature = "opentelemetry-sdk"))]
pub use delivery::BatchConfig;
pub use exporter::{Exporter, ExporterError, FlushError};
#[cfg(any(feature = "testing", feature = "terminal"))]
pub use log_data::LogData;
pub use log_view::LogView;
#[cfg(feature = "testing")]
pub use memory::MemoryExporter;
pub use view::{Array, Attribute, EventView, LinkView, Outcome, Scope, SpanView, Status, Value};
