//! Who starts spans for libraries.

use opentelemetry::trace::{self, Span as _, SpanBuilder, SpanContext, SpanKind, TraceContextExt};
use opentelemetry::{Context, InstrumentationScope};
use otel_runtime::{Start, site::Site};

use crate::context::{self, Identity};
use crate::scopes::Scope;
use crate::span::Span;
use crate::value::unix_ns;
use crate::{identity, observer};

/// Gives tracers whose spans go OtelKit's way.
///
/// [`install`](crate::install) makes it the API's global one; it can also be given to a library that
/// takes a provider.
///
/// ```
/// use opentelemetry::trace::{Span, Tracer, TracerProvider as _};
/// use otelkit_opentelemetry::TracerProvider;
///
/// let tracer = TracerProvider::new().tracer("my-library");
/// let mut span = tracer.start("work");   // a child of the current span, whoever began that
/// span.end();
/// ```
#[derive(Clone, Debug)]
pub struct TracerProvider(());

/// Starts spans of one instrumentation scope; see [`TracerProvider`].
#[derive(Clone, Debug)]
pub struct Tracer {
    scope: Scope,
}

impl TracerProvider {
    /// A provider. Contexts that libraries attach become current for annotated functions from now
    /// on, on all threads.
    #[must_use]
    pub fn new() -> Self {
        observer::start();
        Self(())
    }
}

impl Default for TracerProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl trace::TracerProvider for TracerProvider {
    type Tracer = Tracer;

    fn tracer_with_scope(&self, scope: InstrumentationScope) -> Tracer {
        Tracer {
            scope: Scope::of(&scope),
        }
    }
}

impl trace::Tracer for Tracer {
    type Span = Span;

    /// Starts a span below the span of `parent_cx`; if that is the API's current context, below what
    /// is current for annotated functions.
    ///
    /// It may be called within `Context::map_current`, so nothing is attached here.
    fn build_with_context(&self, builder: SpanBuilder, parent_cx: &Context) -> Span {
        let kind = builder.span_kind.as_ref().unwrap_or(&SpanKind::Internal);
        let site = self.scope.sites.of_kind(kind);
        let parent = parent(parent_cx);
        let started = match parent {
            Parent::Current => begin(site, Start::CHILD, &builder),
            Parent::Given(context) if context.is_suppressed() => None,
            Parent::Given(context) => begin(site, Start::child_of(context), &builder),
        };
        let Some(started) = started else {
            return Span::none(context_of(&parent, parent_cx));
        };
        let mut span = Span::new(started);
        if span.is_recording() {
            self.describe(&mut span, builder);
        }
        span
    }
}

impl Tracer {
    fn describe(&self, span: &mut Span, builder: SpanBuilder) {
        span.update_name(builder.name);
        let attributes = builder.attributes.unwrap_or_default();
        span.set_attributes(attributes.into_iter().chain(self.scope.attributes.clone()));
        for event in builder.events.into_iter().flatten() {
            span.add_event_with_timestamp(event.name, event.timestamp, event.attributes);
        }
        for link in builder.links.into_iter().flatten() {
            span.add_link(link.span_context, link.attributes);
        }
    }
}

/// Where a span belongs.
enum Parent {
    /// To what is current for us.
    Current,
    Given(otel_runtime::Context),
}

fn parent(context: &Context) -> Parent {
    let is_current = match observer::is_observing() {
        true => Identity::is_current(context),
        // What is attached is not seen: whatever is given wins, and what is current comes next.
        false => !context.has_active_span() && !context.is_telemetry_suppressed(),
    };
    match is_current {
        true => Parent::Current,
        false => Parent::Given(context::ours(context)),
    }
}

/// `None` if the span has neither an id nor anything to record.
fn begin(
    site: &'static Site,
    start: Start,
    builder: &SpanBuilder,
) -> Option<otel_runtime::Span<0>> {
    let span = otel_runtime::Span::prepare_with(site, start);
    span.context()?;
    Some(match builder.start_time {
        Some(time) => span.start_at(unix_ns(time)),
        None => span.start(),
    })
}

/// What a span that is none passes on: its parent, as the API wants it.
fn context_of(parent: &Parent, context: &Context) -> SpanContext {
    let current = match parent {
        Parent::Current => identity::theirs(otel_runtime::Context::current()),
        Parent::Given(_) => None,
    };
    current.unwrap_or_else(|| context.span().span_context().clone())
}
