//! Metrics that nobody declares: those of the runtime itself and of the process.
//!
//! Each is a [`Source`](crate::metric::Source) of the runtime's own, attached
//! while it is installed, and asked on the thread that reads.

mod draft;
mod own;
mod process;

pub(crate) use own::Own;
pub(crate) use process::Process;
