//! What an error means: its class, its code, whether trying again may help.
//!
//! An error type says so by [`Classify`], which `#[derive(Classify)]` writes.
//! The meaning goes wherever the error goes: to the span, to the labels of the
//! metric, to the answer of a server. Everything here is a pure function of the
//! error; it runs on the thread where the error was returned.

mod classify;
mod codes;
mod dynamic;
mod foreign;
mod kind;
mod meaning;
#[doc(hidden)]
pub mod probe;

pub use classify::Classify;
pub use codes::{Code, Codes};
pub(crate) use dynamic::classify_alone;
pub use dynamic::{Classifier, Look, classify_dyn, register_classifier};
pub use kind::Class;
pub use meaning::{Classification, Fault, ResponseStatus, Retry, Severity};
