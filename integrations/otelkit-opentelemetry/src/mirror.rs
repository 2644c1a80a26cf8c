//! Our current span becomes the API's: in `Context::current()`, and so wherever that is taken.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{Span, SpanContext, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use otel_runtime::context::Mirror;
use otel_runtime::{Link, SpanHandle, SpanId};

use crate::context::Identity;
use crate::value::{unix_ns, with_attributes};
use crate::{baggage, identity, levels, status};

/// Shows each of our spans to the API as long as it is current.
#[derive(Debug)]
pub(crate) struct Shows;

impl Mirror for Shows {
    fn enter(&self) {
        // A library can begin our spans in what it gives to `Context::map_current`: the API's stack
        // is borrowed then, nothing can be attached, and the API says so by a panic.
        let attached = catch_unwind(AssertUnwindSafe(|| {
            levels::make_stack();
            levels::with(|levels| {
                if !levels.is_showing() {
                    let (below, guard, has_own_span) = levels.showing(|| {
                        let (below, context, has_own_span) = Context::map_current(shown);
                        (below, context.attach(), has_own_span)
                    });
                    levels.shown(below, guard, has_own_span);
                }
            })
        }));
        drop(attached);
    }

    fn settle(&self) {
        levels::with(levels::Levels::settle);
    }

    fn leave(&self, span: Option<SpanId>) -> bool {
        levels::with(|levels| !levels.is_showing() && levels.leave(span)).unwrap_or(false)
    }
}

/// What is on top now; the same context in which what is current for us is current, and whether a
/// span was made for that.
fn shown(top: &Context) -> (Identity, Context, bool) {
    let here = otel_runtime::Context::current();
    if here.is_suppressed() {
        return (Identity::of(top), top.with_telemetry_suppressed(), false);
    }
    let span = here.span();
    let known = identity::ours(top.span().span_context());
    let ids = |span: &otel_runtime::SpanContext| (span.trace_id, span.span_id);
    let (context, has_own_span) = match identity::theirs(here) {
        None if known.is_none() => (top.clone(), false),
        None => (top.with_remote_span_context(SpanContext::NONE), false),
        Some(_) if span.as_ref().map(ids) == known.as_ref().map(ids) => (top.clone(), false),
        Some(theirs) if !theirs.is_sampled() || theirs.is_remote() => {
            (top.with_remote_span_context(theirs), false)
        }
        Some(theirs) => (top.with_span(ShownSpan::new(span, theirs)), true),
    };
    let carried = here.baggage();
    let context = match carried.is_empty() {
        true => context,
        false => context.with_baggage(baggage::theirs(&carried)),
    };
    (Identity::of(top), context, has_own_span)
}

/// A span of ours as the API sees it: everything can be said of it, but that it ends.
#[derive(Debug)]
struct ShownSpan {
    handle: Option<SpanHandle>,
    theirs: SpanContext,
    /// Something was said of it.
    is_noted: bool,
}

impl ShownSpan {
    fn new(span: Option<otel_runtime::SpanContext>, theirs: SpanContext) -> Self {
        Self {
            handle: span.map(SpanHandle::shown),
            theirs,
            is_noted: false,
        }
    }

    fn note(&mut self, note: impl FnOnce(SpanHandle)) {
        if let Some(handle) = self.handle {
            self.is_noted = true;
            note(handle);
        }
    }
}

impl Span for ShownSpan {
    fn add_event_with_timestamp<T>(
        &mut self,
        name: T,
        timestamp: SystemTime,
        attributes: Vec<KeyValue>,
    ) where
        T: Into<Cow<'static, str>>,
    {
        self.note(|handle| {
            with_attributes(&attributes, |attributes| {
                handle.add_event_at(unix_ns(timestamp), &name.into(), attributes);
            });
        });
    }

    fn span_context(&self) -> &SpanContext {
        &self.theirs
    }

    fn is_recording(&self) -> bool {
        self.handle.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.set_attributes([attribute]);
    }

    fn set_attributes(&mut self, attributes: impl IntoIterator<Item = KeyValue>) {
        self.note(|handle| {
            let attributes: Vec<_> = attributes.into_iter().collect();
            with_attributes(&attributes, |attributes| handle.set_attributes(attributes));
        });
    }

    /// An unset one says nothing, but that something may be said.
    fn set_status(&mut self, status: Status) {
        self.note(|handle| {
            if status != Status::Unset {
                handle.set_status(status::ours(&status));
            }
        });
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.note(|handle| handle.set_name(new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(link) = link_to(&span_context) {
            self.note(|handle| {
                with_attributes(&attributes, |attributes| handle.add_link(link, attributes));
            });
        }
    }

    /// It is not theirs to end.
    fn end_with_timestamp(&mut self, _timestamp: SystemTime) {}
}

impl Drop for ShownSpan {
    fn drop(&mut self) {
        if let Some(handle) = self.handle {
            levels::with(|levels| levels.gone(handle.context().span_id, self.is_noted));
        }
    }
}

/// A link to a span of the API; `None` if it is none.
pub(crate) fn link_to(span: &SpanContext) -> Option<Link> {
    let context = otel_runtime::Context::of(
        identity::ours(span),
        identity::our_trace_state(span),
        otel_runtime::Baggage::default(),
    );
    Link::to(context)
}
