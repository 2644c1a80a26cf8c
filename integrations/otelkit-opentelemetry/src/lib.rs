//! [OtelKit](otel_runtime) behind the OpenTelemetry API: what libraries report through the
//! [`opentelemetry`] crate goes the way of the program's own spans, in the same traces.
//!
//! ```
//! use opentelemetry::global;
//! use opentelemetry::trace::Tracer;
//! use otel_runtime::traced;
//!
//! #[traced]
//! fn handle() {
//!     // somewhere in a library, which knows nothing of OtelKit: a child of `handle`
//!     global::tracer("library").in_span("query", |_| decode());
//! }
//!
//! #[traced]
//! fn decode() {} // a child of `query`
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! otelkit_opentelemetry::install()?;
//! let telemetry = otel_runtime::install(otel_runtime::Config::from_env()?)?;
//! handle();
//! # drop(telemetry);
//! # Ok(())
//! # }
//! ```
//!
//! - **The current span** is one, whoever began it. A context that a library attaches, by
//!   `Context::attach`, `mark_span_as_active`, `in_span` or `FutureExt::with_context`, is current for
//!   annotated functions, log records and exemplars; within an annotated function `Context::current()`
//!   is in its span, so that it can be taken to other threads and tasks, and `get_active_span` says
//!   things of it. Suppressed contexts are suppressed on both sides. Baggage goes along.
//! - **Spans**: everything that the API can say of one. Sampling, limits and dials are those of the
//!   runtime. The attributes and the schema of an instrumentation scope are attributes of its spans,
//!   `otel.scope.*`.
//! - **Metrics**: all instruments, counted in cells of each thread, with exemplars; see
//!   [`MeterProvider`].
//! - **Log records** of an appender that has been given our [`LoggerProvider`]; values that lie in each
//!   other become JSON.
//! - **Contexts of other processes** are read and written by the [`Propagator`], in the formats of the
//!   runtime's configuration.
//!
//! # Cost
//! Without this crate, none. With it, a context that is attached and detached costs some 900
//! instructions, and a call of an annotated function 2,400 and three small allocations more, as its span
//! is shown to the API: about what a span of the OpenTelemetry SDK costs. [`Bridge::hide_spans`] leaves
//! that out, and says what then is not.
//!
//! # Limits
//! The API lends its current context to `Context::map_current` and `get_active_span`; what an
//! annotated function is called from within their closures is not shown to the API, and the API says
//! so by a panic, which is caught and printed. In a program that aborts when it panics use
//! [`Bridge::hide_spans`] where libraries do such a thing. That contexts can be observed is an
//! experiment of the API, which this crate turns on; one observer can be set.
#![deny(unsafe_code)]

mod any_value;
mod baggage;
mod context;
mod identity;
mod install;
mod levels;
mod log_places;
mod logger;
mod meter;
mod mirror;
mod observer;
mod propagator;
mod scopes;
mod span;
mod status;
mod tracer;
mod value;

pub use install::{Bridge, InstallError, install};
pub use logger::{LogRecord, Logger, LoggerProvider};
pub use meter::MeterProvider;
pub use propagator::Propagator;
pub use span::Span;
pub use tracer::{Tracer, TracerProvider};
