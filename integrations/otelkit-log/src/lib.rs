//! [OtelKit](otel_runtime) for the [`log`] crate: what the program and its libraries log becomes log
//! records of OpenTelemetry, with the span within which it was logged.
//!
//! ```
//! use otel_runtime::traced;
//!
//! #[traced]
//! fn place(order: u64) {
//!     log::info!(order; "order placed");   // belongs to the span of `place`
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! otelkit_log::install()?;
//! let telemetry = otel_runtime::install(otel_runtime::Config::from_env()?)?;
//! place(7);
//! # drop(telemetry);
//! # Ok(())
//! # }
//! ```
//!
//! - The **message** is the body of the record. **Key-values** are attributes with their types; what is
//!   neither a number, a truth value nor a text is recorded as it displays itself.
//! - **Filters and rate limits** are those of the runtime: `Config::log_filter`, by target, module, or
//!   file and line, also while the program runs. `log::max_level` follows.
//! - **The telemetry's own threads** are not heard: what an exporter's client logs while it sends would
//!   become something to send.
//!
//! # Cost
//! What is not heard costs one load. A record finds its place in a table of the thread, and is written
//! to the thread's buffer: no lock, and no allocation but those of the arguments' own formatting.
//! Each line of code that logs takes some 150 bytes once.
//!
//! # Limits
//! A line of code that logs under targets made while the program runs has places for eight of them;
//! records under further ones go through the filter as those of the line's module do. Records without
//! a file, made by hand, have places for 500 targets. `log_enabled!` asks for a target, as the facade
//! tells no more.
#![deny(unsafe_code)]

mod fields;
mod logger;
mod places;
mod severity;

pub use logger::{InstallError, Logger};

/// Takes what is logged with the `log` crate: the same as [`Logger::new`] and
/// [`install`](Logger::install).
///
/// # Errors
/// As those of [`Logger::install`].
pub fn install() -> Result<(), InstallError> {
    Logger::new().install()
}
