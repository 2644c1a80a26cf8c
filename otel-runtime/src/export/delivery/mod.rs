//! Between the collector thread and what may be slow: a bounded queue and a thread behind it.
//!
//! The collector thread [sends](Outbox::send) parcels, and never waits for
//! more than a short lock. The worker thread hands them to a [`Courier`] one by
//! one. Whatever happens to a parcel, its spans are counted exactly once: as
//! exported, or as lost for a cause.

mod config;
mod courier;
mod diagnostics;
mod outbox;
mod queue;
#[cfg(any(feature = "file", feature = "terminal"))]
mod writer;

pub use config::BatchConfig;
pub(crate) use courier::{Courier, Receipt};
pub(crate) use diagnostics::Diagnostics;
pub(crate) use outbox::Outbox;
pub(crate) use queue::{Cut, Parcel, Patience};
#[cfg(any(feature = "file", feature = "terminal"))]
pub(crate) use writer::WriterCourier;
