//! Contexts that come from other processes and go to them, in the headers of requests and messages.
//!
//! Runs on the caller's threads. What comes is never trusted: a header that is
//! missing, repeated, cut or made up gives a context without what it would have
//! said, never an error or a panic.
//!
//! ```
//! use std::collections::HashMap;
//!
//! use otel_runtime::{Start, propagation, span};
//!
//! // a server: the caller's span is the parent
//! let headers = HashMap::from([(
//!     "traceparent".to_owned(),
//!     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
//! )]);
//! let caller = propagation::extract(&headers);
//! assert_eq!(caller.span().unwrap().span_id.to_string(), "b7ad6b7169203331");
//!
//! // a client: the current span goes along
//! let mut request = HashMap::new();
//! caller.run(|| propagation::inject(&mut request));
//! assert_eq!(request, headers);
//! ```

mod carrier;
#[cfg(feature = "http")]
mod http;
mod trace_context;

pub use carrier::{Extractor, Injector};

use crate::span::Context;

/// What the other side says that the work belongs to; [`Context::NONE`] where it says nothing
/// valid.
///
/// Give it to [`Start::child_of`](crate::Start::child_of), or run what handles the request in it.
#[must_use]
pub fn extract(carrier: &(impl Extractor + ?Sized)) -> Context {
    trace_context::extract(carrier).into()
}

/// Tells the other side what the code that calls this belongs to. Nothing is set where that is
/// nothing.
pub fn inject(carrier: &mut (impl Injector + ?Sized)) {
    inject_context(Context::current(), carrier);
}

/// Tells the other side what `context` belongs to.
pub fn inject_context(context: Context, carrier: &mut (impl Injector + ?Sized)) {
    if let Some(span) = context.span() {
        trace_context::inject(&span, carrier);
    }
}
