//! Contexts that come from other processes and go to them: in headers of requests, properties of
//! messages, variables of child processes.
//!
//! Runs on the caller's threads. What comes is never trusted: a header that is
//! missing, repeated, cut or made up gives a context without what it would have
//! said, never an error or a panic.
//!
//! ```
//! use std::collections::HashMap;
//!
//! use otel_runtime::propagation;
//!
//! // a server: the caller's span will be the parent
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
//!
//! The formats are those of [`Config::propagators`](crate::Config::propagators) or
//! `OTEL_PROPAGATORS`: [W3C Trace Context](Propagator::TraceContext) and
//! [W3C Baggage](Propagator::Baggage) unless others are chosen, also where nothing is installed.

mod b3;
mod baggage;
mod carrier;
mod configured;
mod environment;
mod hex;
#[cfg(feature = "http")]
mod http;
mod jaeger;
mod trace_context;
mod xray;

pub use carrier::{Extractor, Injector};
pub use configured::Propagator;
pub(crate) use configured::set_configured;
pub use environment::{ChildEnvironment, Environment};

use crate::context::{Carried, SpanContext, TraceState};
use crate::span::Context;

/// What the other side says that the work belongs to; [`Context::NONE`] where it says nothing
/// valid.
///
/// Give it to [`Start::child_of`](crate::Start::child_of), or run what handles the request in it.
/// Of several formats that name a parent the last one wins. Allocates if there is baggage or a
/// trace state.
#[must_use]
pub fn extract(carrier: &(impl Extractor + ?Sized)) -> Context {
    let mut found = Found::default();
    for propagator in configured::all() {
        match propagator {
            Propagator::TraceContext => trace_context::extract(carrier, &mut found),
            Propagator::Baggage => baggage::extract(carrier, &mut found),
            Propagator::B3 | Propagator::B3Multi => b3::extract(carrier, &mut found),
            Propagator::Jaeger => jaeger::extract(carrier, &mut found),
            Propagator::XRay => xray::extract(carrier, &mut found),
        }
    }
    Context::from_elsewhere(found.span, found.carried)
}

/// Tells the other side what the code that calls this belongs to. Nothing is set where that is
/// nothing.
pub fn inject(carrier: &mut (impl Injector + ?Sized)) {
    inject_context(Context::current(), carrier);
}

/// Tells the other side what `context` belongs to. Allocates.
pub fn inject_context(context: Context, carrier: &mut (impl Injector + ?Sized)) {
    let carried = context.look(Carried::clone);
    let told = Told {
        span: context.span(),
        carried: &carried,
    };
    for propagator in configured::all() {
        match propagator {
            Propagator::TraceContext => trace_context::inject(&told, carrier),
            Propagator::Baggage => baggage::inject(&told, carrier),
            Propagator::B3 => b3::inject_single(&told, carrier),
            Propagator::B3Multi => b3::inject_multi(&told, carrier),
            Propagator::Jaeger => jaeger::inject(&told, carrier),
            Propagator::XRay => xray::inject(&told, carrier),
        }
    }
}

/// What the formats have found so far.
#[derive(Debug, Default)]
struct Found {
    span: Option<SpanContext>,
    carried: Carried,
}

/// What the formats have to tell.
#[derive(Clone, Copy, Debug)]
struct Told<'a> {
    span: Option<SpanContext>,
    carried: &'a Carried,
}

impl Found {
    /// A parent, in place of the one that another format named. A trace state that came with the
    /// same one stays.
    fn parent(&mut self, span: SpanContext, trace_state: TraceState, is_debug: bool) {
        let ids = |span: &SpanContext| (span.trace_id, span.span_id);
        let is_same = self.span.as_ref().map(ids) == Some(ids(&span));
        if !is_same || !trace_state.is_empty() {
            self.carried.trace_state = trace_state;
        }
        self.carried.is_debug = is_debug;
        self.span = Some(span);
    }
}

/// The one value of a key, without the whitespace around it.
fn single<'a>(carrier: &'a (impl Extractor + ?Sized), key: &str) -> Option<&'a str> {
    let value = carrier.get_only(key)?;
    Some(value.trim_matches([' ', '\t']))
}
