//! From the annotated place to a record: spans while they last.
//!
//! Runs on the caller's threads. A synchronous function holds a [`Guard`], a
//! future or stream is wrapped in a [`Traced`] or [`TracedStream`] that holds a
//! [`Span`]; all of them keep what is known of the span inline and write it
//! once, when it ends. What is said of a span while it lasts and has no place
//! inline is written at once, as a note that the collector joins to it.
//!
//! Invariants: a thread's current span is restored on every way out of a
//! scope; nothing here blocks, allocates in the steady state, or panics.

mod announce;
mod begin;
mod bridged;
mod carry;
mod current;
mod end;
mod error;
mod foreign;
mod future;
mod guard;
mod handle;
mod manual;
mod meter;
mod note;
mod observer;
pub mod outcome;
pub(crate) mod panic;
mod polling;
mod query;
mod stack;
mod state;
mod stream;

use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use begin::GATE;
pub use begin::{Link, Start};
pub use carry::{Context, ContextExt, ContextScope, HeldContext, InContext};
pub use current::{
    add_event, add_link, cancel_trace, current_context, current_span, record_error,
    record_error_with, set_attribute, set_span_name, set_status,
};
pub use error::ErrorOptions;
pub use foreign::{BridgedSpan, Fields, note_event};
pub use future::{InSpan, Traced};
pub use guard::{Guard, Metered};
pub use handle::SpanHandle;
pub use manual::{Span, SpanScope};
pub use meter::{Meter, Metering};
pub use observer::{ErrorView, Observer};
pub(crate) use panic::install_hook as install_panic_hook;
pub(crate) use stack::set_all as set_stack_traces;
pub use stream::TracedStream;

/// Whatever the configuration says, text is cut here: a record holds twice as many bytes as this
/// many characters can have.
const LONGEST_VALUE_CHARS: u32 = 1 << 16;

/// Longer text is cut. Set by `install` before a dial is turned on.
static VALUE_LIMIT_CHARS: AtomicUsize = AtomicUsize::new(4096);

pub(crate) fn set_value_limit(chars: u32) {
    VALUE_LIMIT_CHARS.store(chars.min(LONGEST_VALUE_CHARS) as usize, Ordering::Relaxed);
}

#[inline]
fn value_limit_chars() -> usize {
    VALUE_LIMIT_CHARS.load(Ordering::Relaxed)
}
