//! Spans that libraries start.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{self, SpanContext, Status};

use crate::mirror::link_to;
use crate::value::{unix_ns, with_attributes};
use crate::{identity, status};

/// A span that a [`Tracer`](crate::Tracer) has started. It ends when it is dropped, if nobody has
/// ended it before.
#[derive(Debug)]
pub struct Span {
    /// `None` once it has ended, and if it never was.
    span: Option<otel_runtime::Span<0>>,
    context: SpanContext,
    status: Status,
}

impl Span {
    pub(crate) fn new(mut span: otel_runtime::Span<0>) -> Self {
        // While it is attached, annotated functions and others may say something of it.
        let _ = span.handle();
        let context = identity::theirs(span.to_context());
        Self {
            context: context.unwrap_or(SpanContext::NONE),
            span: Some(span),
            status: Status::Unset,
        }
    }

    /// A span of which nothing is recorded, passing its parent on.
    pub(crate) fn none(parent: SpanContext) -> Self {
        Self {
            span: None,
            context: parent,
            status: Status::Unset,
        }
    }
}

impl trace::Span for Span {
    fn add_event<T>(&mut self, name: T, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = &mut self.span {
            with_attributes(&attributes, |attributes| {
                span.add_event(&name.into(), attributes);
            });
        }
    }

    fn add_event_with_timestamp<T>(
        &mut self,
        name: T,
        timestamp: SystemTime,
        attributes: Vec<KeyValue>,
    ) where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = &mut self.span {
            with_attributes(&attributes, |attributes| {
                span.add_event_at(unix_ns(timestamp), &name.into(), attributes);
            });
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.span
            .as_ref()
            .is_some_and(otel_runtime::Span::is_recording)
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.set_attributes([attribute]);
    }

    fn set_attributes(&mut self, attributes: impl IntoIterator<Item = KeyValue>) {
        if let Some(span) = self.span.as_mut().filter(|span| span.is_recording()) {
            let attributes: Vec<_> = attributes.into_iter().collect();
            if !attributes.is_empty() {
                with_attributes(&attributes, |attributes| span.set_attributes(attributes));
            }
        }
    }

    /// `Ok` is final, and unset says nothing; of several errors the last one stays.
    fn set_status(&mut self, status: Status) {
        if self.status == Status::Ok || status == Status::Unset {
            return;
        }
        if let Some(span) = &mut self.span {
            span.set_status(status::ours(&status));
        }
        self.status = status;
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = &mut self.span {
            span.set_name(new_name.into());
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(span) = &mut self.span
            && let Some(link) = link_to(&span_context)
        {
            with_attributes(&attributes, |attributes| span.add_link(link, attributes));
        }
    }

    fn end(&mut self) {
        drop(self.span.take());
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        if let Some(span) = self.span.take() {
            span.end_at(unix_ns(timestamp));
        }
    }
}
