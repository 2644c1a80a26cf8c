//! Between the collector thread and what may be slow: a bounded queue and a thread behind it.
//!
//! The collector thread [sends](Outbox::send) parcels, and never waits for
//! more than a short lock. The worker thread hands them to a [`Courier`] one by
//! one. Whatever happens to a parcel, what it holds is counted exactly once: as
//! exported, or as lost for a cause.

#[cfg(any(feature = "otlp", feature = "lines"))]
pub(crate) mod batcher;
pub(crate) mod config;
pub(crate) mod courier;
pub(crate) mod diagnostics;
pub(crate) mod items;
pub(crate) mod outbox;
#[cfg(any(feature = "file", feature = "lines"))]
pub(crate) mod output;
pub(crate) mod patience;
#[cfg(all(unix, any(feature = "file", feature = "lines")))]
#[allow(unsafe_code)]
mod polled;
pub(crate) mod queue;
pub(crate) mod receipt;
#[cfg(any(feature = "file", feature = "lines"))]
pub(crate) mod writer;

pub use config::BatchConfig;
