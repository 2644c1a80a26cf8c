//! Values of fields, from the user's expression to bytes in a record and back.
//!
//! The first stage after the Site. On the caller's thread a value that
//! implements [`Capture`] is written to a [`Sink`]: a scalar becomes a
//! [`Slot`] kept inline in the guard or future, everything else is appended to
//! a byte buffer that is reused, so that capturing allocates nothing in the
//! steady state. On the collector's thread [`Values`] reads the bytes again.
//!
//! Bytes are a sequence of tag-length-value entries ([`layout`]); whatever the
//! bytes are, reading them neither panics nor reads outside of them.

#[allow(unsafe_code)]
mod append;
mod array;
mod bounded;
mod capture;
mod decode;
pub mod layout;
pub(crate) mod secret;
mod sink;
#[cfg(test)]
mod tests;
mod text;

pub use array::Element;
pub use capture::Capture;
pub use decode::{Decoded, Elements, Entry, Values};
pub use layout::{Key, Slot};
pub use secret::Secret;
pub use sink::Sink;
pub use text::{Debug, Display};
