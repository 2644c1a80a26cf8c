//! The layer: what a subscriber tells, brought into the traces of the runtime.

use otel_runtime::Start;
use otel_runtime::bridge::{self, BridgedSpan};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::callsite::Callsite;
use crate::log_event::{self, LogEvent};
use crate::open::{Open, Spans};
use crate::show;
use crate::span_event::SpanEvent;
use crate::span_fields::{About, Errors, SpanFields};

/// Brings spans and events of `tracing` into the traces of the runtime; made by
/// [`layer`](crate::layer()).
#[derive(Debug)]
pub struct OtelLayer {
    spans: Spans,
    logs: bool,
    span_events: bool,
}

/// A layer that makes spans of spans and log records of events.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt;
/// use tracing_subscriber::util::SubscriberInitExt;
///
/// tracing_subscriber::registry().with(otelkit_tracing::layer()).init();
/// ```
#[must_use]
pub const fn layer() -> OtelLayer {
    OtelLayer {
        spans: Spans::new(),
        logs: true,
        span_events: false,
    }
}

impl OtelLayer {
    /// Whether events become log records, as they do unless this says otherwise. Those that happen in
    /// no span and in traces that are not sampled do as well.
    #[must_use]
    pub const fn with_logs(mut self, wanted: bool) -> Self {
        self.logs = wanted;
        self
    }

    /// Whether events become events of the span in which they happen, if that is recorded. They do
    /// not unless this says so.
    #[must_use]
    pub const fn with_span_events(mut self, wanted: bool) -> Self {
        self.span_events = wanted;
        self
    }

    fn log(&self, callsite: &'static Callsite, event: &Event<'_>, parent: Option<&Open>) {
        let severity = log_event::severity(*callsite.metadata.level());
        callsite.log_site().log(severity, |record| {
            if let Some(parent) = parent {
                record.context(parent.span().context());
            } else if event.is_root() {
                record.context(None);
            }
            LogEvent::take(callsite, event, record);
        });
    }

    fn start(&self, attributes: &Attributes<'_>) -> Start {
        match attributes.parent() {
            // One that we do not know was left out by a filter: its children are below ours.
            Some(parent) => self.spans.find(parent).map_or(Start::CHILD, |parent| {
                Start::child_of(parent.span().as_parent())
            }),
            None if attributes.is_root() => Start::ROOT,
            None => Start::CHILD,
        }
    }
}

impl<S: Subscriber> Layer<S> for OtelLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if show::is_showing() {
            if let Some(span) = show::beginning() {
                self.spans.insert_shown(id, span);
            }
            return;
        }
        let callsite = Callsite::of(attributes.metadata());
        let about = callsite.is_special.then(|| {
            let mut about = About::new(callsite);
            attributes.record(&mut about);
            about
        });
        let kind = about.as_ref().map_or(0, About::kind);
        let Some(mut span) = BridgedSpan::begin(callsite.site(kind), self.start(attributes)) else {
            return;
        };
        let mut has_failed = false;
        if span.is_recording() {
            if !attributes.values().is_empty() {
                has_failed = note(&mut span, callsite, |visitor| attributes.record(visitor));
            }
            if let Some(about) = about {
                about.tell(&mut span);
            }
        }
        let open = self.spans.insert(id, span, callsite.address(), kind);
        if has_failed && let Some(open) = open {
            open.fail();
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let Some(open) = self.spans.find(id) else {
            return;
        };
        let mut span = open.span();
        let Some(callsite) = Callsite::at(open.place()).filter(|_| span.is_recording()) else {
            return;
        };
        open.share();
        if note(&mut span, callsite, |visitor| values.record(visitor)) {
            open.fail();
        }
        if callsite.is_special {
            let mut about = About::new(callsite);
            values.record(&mut about);
            about.tell(&mut span);
            open.be_of(about.kind());
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, _: Context<'_, S>) {
        let Some(open) = self.spans.find(id) else {
            return;
        };
        let mut span = open.span();
        let follows = self
            .spans
            .find(follows)
            .and_then(|other| other.span().context());
        if let Some(other) = follows
            && span.is_recording()
        {
            open.share();
            span.add_link(other);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let callsite = Callsite::of(event.metadata());
        let parent = event.parent().and_then(|parent| self.spans.find(parent));
        if self.logs {
            self.log(callsite, event, parent);
        }
        if self.span_events {
            note_event(callsite, event, parent);
        }
    }

    #[inline]
    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        if let Some(open) = self.spans.find(id) {
            let span = open.span();
            if span.is_recording() || may_enter(open, &span) {
                span.enter(open.token());
            }
        }
    }

    #[inline]
    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        if !show::is_showing()
            && let Some(open) = self.spans.find(id)
            && BridgedSpan::leave(open.token())
        {
            open.share();
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let Some(closed) = self.spans.close(&id) else {
            return;
        };
        match Callsite::at(closed.place) {
            Some(callsite) => {
                let site = callsite.site(closed.kind);
                closed.span.end(site, closed.outcome, &[]);
            }
            None => closed.span.release(),
        }
    }
}

/// False of a span of the runtime that has entered it here itself.
#[cold]
fn may_enter(open: &Open, span: &BridgedSpan) -> bool {
    match span.context() {
        Some(shown) if open.is_shown() => {
            !show::is_showing() && show::enter_elsewhere(shown.span_id)
        }
        _ => true,
    }
}

fn note_event(callsite: &'static Callsite, event: &Event<'_>, parent: Option<&Open>) {
    match parent {
        Some(open) => {
            let mut span = open.span();
            if span.is_recording() {
                open.share();
                span.note_event(|fields| SpanEvent::take(callsite, event, fields));
            }
        }
        None if event.is_root() => {}
        None => bridge::note_event(|fields| SpanEvent::take(callsite, event, fields)),
    }
}

/// Notes values of a span; says whether it has failed by one of them.
fn note(
    span: &mut BridgedSpan,
    callsite: &'static Callsite,
    record: impl Fn(&mut dyn tracing_core::field::Visit),
) -> bool {
    let mut has_errors = false;
    span.note(|fields| {
        let mut visitor = SpanFields::new(callsite, fields);
        record(&mut visitor);
        has_errors = visitor.has_errors;
    });
    if !has_errors {
        return false;
    }
    let mut errors = Errors::new(span);
    record(&mut errors);
    errors.has_failed
}
