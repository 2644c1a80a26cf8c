//! [OtelKit](otel_runtime) and [`tracing`](https://docs.rs/tracing) in one trace.
#![deny(unsafe_code)]

mod callsite;
mod layer;
mod log_event;
mod open;
mod show;
mod shown_place;
mod span_event;
mod span_fields;
mod table;

pub use layer::{OtelLayer, layer};
pub use show::show_spans;
