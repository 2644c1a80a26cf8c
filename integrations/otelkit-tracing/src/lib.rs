//! [OtelKit](otel_runtime) and [`tracing`](https://docs.rs/tracing) in one trace, in both directions.
//!
//! Libraries that speak `tracing` become parts of the program's traces by a layer. It stands beside other
//! layers, on any subscriber, under any filter:
//!
//! ```
//! use tracing_subscriber::layer::SubscriberExt;
//! use tracing_subscriber::util::SubscriberInitExt;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let telemetry = otel_runtime::install(otel_runtime::Config::new())?;
//! tracing_subscriber::registry().with(otelkit_tracing::layer()).init();
//! # drop(telemetry);
//! # Ok(())
//! # }
//! ```
//!
//! - A **span** is a span of the runtime: its parent is what is current, whoever made that, or what
//!   `parent: ` says, and spans of `#[traced]` within it are its children. It is current wherever it is
//!   entered, also on other threads, and can be left and closed in any order. Entered again within
//!   itself it does not come before what has begun meanwhile, as in the registry, so that
//!   `.in_current_span()` stays in the annotated function that says it. `follows_from` is a link; late
//!   values reach it until it is closed.
//! - An **event** is a log record with the span that is current, an [event of that
//!   span](OtelLayer::with_span_events), or both. Records of traces that are not sampled stay.
//! - **Fields** keep their types. One that is a `&dyn Error` brings the error's class, code and causes,
//!   and makes its span fail unless it is expected. `otel.name`, `otel.kind`, `otel.status_code` and
//!   `otel.status_description` say what the span is; the `log.*` fields of `tracing-log` say where a
//!   record comes from.
//! - **Each place** is a Site, or a place that logs, of the runtime: its level decides with
//!   [`Config::level`](otel_runtime::Config::level) and
//!   [`Config::log_filter`](otel_runtime::Config::log_filter) whether it is recorded. What is
//!   within a span that is not belongs to the one around it. A filter of `tracing` is cheaper,
//!   because the subscriber then does nothing either.
//! - **Exporters** may speak `tracing` while they export: what is said on the telemetry's own threads,
//!   and in spans that begin there, is not recorded. An exporter that has work done on threads of
//!   its own has them say so: `otel_runtime::Context::SUPPRESSED.attach()`.
//!
//! In the other direction [`show_spans`] shows spans of `#[traced]` to whatever listens, and to libraries
//! that take `Span::current()` along to other threads.
//!
//! # Cost
//! A span takes the registry's time and about half of that again; nothing is allocated but what
//! the registry does, and nothing is locked. An event takes its record in the thread's ring.
//!
//! # What stays apart
//! A span that stays entered while its future waits, of which `tracing` warns, is left when a future of
//! the runtime around it is left. Without [`show_spans`] `Span::current()` knows spans of `tracing` alone;
//! [`current_span`](otel_runtime::current_span) knows all.
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
