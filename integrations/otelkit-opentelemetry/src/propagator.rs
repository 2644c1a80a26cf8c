//! Contexts from and to other processes, for libraries that ask the API for them.

use std::sync::OnceLock;

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use otel_runtime::{Baggage, SpanContext, SpanId, TraceFlags, TraceId, propagation};

use crate::{baggage, context, identity, levels};

/// Reads and writes contexts in the formats of the installed runtime, its
/// [`propagators`](otel_runtime::Config::propagators).
///
/// [`install`](crate::install) sets it as the API's global one.
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::propagation::TextMapPropagator;
/// use opentelemetry::trace::TraceContextExt;
/// use otelkit_opentelemetry::Propagator;
///
/// let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let headers = HashMap::from([("traceparent".to_owned(), parent.to_owned())]);
/// let caller = Propagator::new().extract(&headers);
/// assert!(caller.span().span_context().is_remote());
/// ```
#[derive(Debug, Default)]
pub struct Propagator {
    fields: OnceLock<Vec<String>>,
}

impl Propagator {
    /// A propagator.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            fields: OnceLock::new(),
        }
    }
}

impl TextMapPropagator for Propagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        let context = context::meant(cx);
        // It may be within `Context::map_current`, where nothing can be shown.
        let inject = || propagation::inject_context(context, &mut Outgoing(injector));
        levels::with(|levels| levels.showing(inject));
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        let found =
            levels::with(|levels| levels.showing(|| propagation::extract(&Incoming(extractor))));
        let Some(found) = found else {
            return cx.clone();
        };
        let carried = found.baggage();
        let cx = match identity::theirs(found) {
            Some(span) => cx.with_remote_span_context(span),
            None => cx.clone(),
        };
        match carried.is_empty() {
            true => cx,
            false => cx.with_baggage(baggage::theirs(&carried)),
        }
    }

    /// The keys that a context with everything in it would set, as the runtime was configured when
    /// this is first called.
    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(self.fields.get_or_init(fields))
    }
}

struct Outgoing<'a>(&'a mut dyn Injector);

impl propagation::Injector for Outgoing<'_> {
    fn set(&mut self, key: &str, value: String) {
        self.0.set(key, value);
    }
}

struct Incoming<'a>(&'a dyn Extractor);

impl propagation::Extractor for Incoming<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)
    }

    fn get_all(&self, key: &str) -> Vec<&str> {
        self.0.get_all(key).unwrap_or_default()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys()
    }
}

fn fields() -> Vec<String> {
    struct Keys(Vec<String>);
    impl propagation::Injector for Keys {
        fn set(&mut self, key: &str, _value: String) {
            self.0.push(key.to_owned());
        }
    }
    let span = TraceId::new(1)
        .zip(SpanId::new(1))
        .map(|(trace_id, span_id)| SpanContext {
            trace_id,
            span_id,
            trace_flags: TraceFlags::SAMPLED,
            is_remote: false,
        });
    let trace_state = otel_runtime::TraceState::EMPTY.with("key", "value");
    let mut carried = Baggage::default();
    let _ = carried.set("key", "value");
    let mut keys = Keys(Vec::new());
    let context = otel_runtime::Context::of(span, trace_state.unwrap_or_default(), carried);
    propagation::inject_context(context, &mut keys);
    keys.0
}
