//! Metrics that nobody declares: those of the runtime itself and of the process.
//!
//! Each is a [`Source`](crate::metric::Source) of the runtime's own, attached
//! while it is installed, and asked on the thread that reads.

mod draft;
mod own;
mod process;
#[cfg(feature = "tokio-metrics")]
mod tokio_runtime;

pub(crate) use own::Own;
pub(crate) use process::Process;
#[cfg(feature = "tokio-metrics")]
pub use tokio_runtime::observe_tokio;
