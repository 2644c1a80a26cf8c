//! Contexts of the API, told apart and in our words.

use std::any::Any;
use std::ptr;

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::context::ObserverContextView;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use otel_runtime::HeldContext;

use crate::{baggage, identity};

/// What we look at in a context of the API. Two contexts with the same one are the same to us, as
/// long as both are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Where the span lies; null if there is none.
    pub(crate) span: *const SpanContext,
    baggage: *const Baggage,
    pub(crate) is_suppressed: bool,
}

impl Identity {
    pub(crate) fn of(context: &Context) -> Self {
        Self {
            span: match context.has_active_span() {
                true => ptr::from_ref(context.span().span_context()),
                false => ptr::null(),
            },
            baggage: ptr::from_ref(context.baggage()),
            is_suppressed: context.is_telemetry_suppressed(),
        }
    }

    /// True if that is the API's current context, as far as we look at it.
    pub(crate) fn is_current(context: &Context) -> bool {
        let identity = Self::of(context);
        Context::map_current(|current| Self::of(current) == identity)
    }
}

/// The same context in our words.
pub(crate) fn ours(context: &Context) -> otel_runtime::Context {
    let view = context.observer_view().as_ref();
    let view = view.and_then(|view| view.as_any().downcast_ref::<View>());
    view.map_or_else(|| translated(context), |View(ours)| ours.context())
}

/// The same context in our words, made when the context is, so that it need not be each time that
/// it is attached.
#[derive(Debug)]
pub(crate) struct View(pub(crate) HeldContext);

impl ObserverContextView for View {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The same context in our words. Allocates if there is trace state or baggage.
pub(crate) fn translated(context: &Context) -> otel_runtime::Context {
    if context.is_telemetry_suppressed() {
        return otel_runtime::Context::SUPPRESSED;
    }
    let span = context.span();
    let span = span.span_context();
    otel_runtime::Context::of(
        identity::ours(span),
        identity::our_trace_state(span),
        baggage::ours(context.baggage()),
    )
}

/// What `context` belongs to: if it is the API's current one, what the thread belongs to, which
/// knows of spans that the API has not been shown.
pub(crate) fn meant(context: &Context) -> otel_runtime::Context {
    match Identity::is_current(context) {
        true => otel_runtime::Context::current(),
        false => ours(context),
    }
}
