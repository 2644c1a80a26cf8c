//! For crates that bring another API's spans into the same traces.
//!
//! The current span of a thread is one, whoever made it: a bridge begins its spans below it, and
//! makes them current by [`BridgedSpan::enter`]. A place of the other API becomes a
//! [`Site`](crate::Site) by [`add`](crate::site::add), and so has a dial.

pub use crate::span::{BridgedSpan, Fields, note_event};
