//! The events and links of a span, from its notes.

use std::time::Duration;

use super::attributes::Attributes;
use super::compose::Composer;
use super::notes::{ErrorNote, Note, PanicNote};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::export::{Array, EventView, LinkView, Value};
use crate::site::Site;

/// The events of a span, before they are lent.
pub(super) struct Events<'a> {
    list: Vec<(&'a str, u64, Attributes<'a>)>,
    pub(super) dropped: u32,
}

impl<'a> Events<'a> {
    pub(super) fn of(notes: &'a [Note<'a>], site: &Site, composer: &Composer) -> Self {
        let limit = composer.limits.event_attribute_count;
        let mut events = Self {
            list: Vec::new(),
            dropped: 0,
        };
        for note in notes {
            let (name, ticks, attributes) = match note {
                Note::Event {
                    ticks,
                    name,
                    attributes,
                } => (*name, *ticks, Attributes::of(attributes, site, limit)),
                Note::Error { ticks, error, .. } => {
                    ("exception", *ticks, error_attributes(error, limit))
                }
                Note::Panic { ticks, panic } => {
                    ("exception", *ticks, panic_attributes(panic, limit))
                }
                Note::Fields(_)
                | Note::Link { .. }
                | Note::Carried { .. }
                | Note::Status { .. }
                | Note::Name(_) => continue,
            };
            if events.list.len() < composer.limits.event_count as usize {
                events
                    .list
                    .push((name, composer.calibration.unix_ns(ticks), attributes));
            } else {
                events.dropped += 1;
            }
        }
        events
    }

    /// Says that a database was slow: a span took so long or longer.
    pub(super) fn add_slow_query(&mut self, slow_ns: u64, unix_ns: u64, composer: &Composer) {
        if self.list.len() >= composer.limits.event_count as usize {
            self.dropped += 1;
            return;
        }
        let mut attributes = Attributes::up_to(composer.limits.event_attribute_count);
        let seconds = Duration::from_nanos(slow_ns).as_secs_f64();
        attributes.push("otelkit.db.slow_query.threshold", Value::Double(seconds));
        self.list
            .push(("otelkit.db.slow_query", unix_ns, attributes));
    }

    pub(super) fn views(&self) -> Vec<EventView<'_>> {
        let view = self
            .list
            .iter()
            .map(|(name, unix_ns, attributes)| EventView {
                name,
                unix_ns: *unix_ns,
                attributes: &attributes.list,
                dropped_attributes: attributes.dropped,
            });
        view.collect()
    }
}

/// The links of a span, before they are lent.
pub(super) struct Links<'a> {
    list: Vec<(LinkView<'a>, Attributes<'a>)>,
    pub(super) dropped: u32,
}

impl<'a> Links<'a> {
    pub(super) fn of(notes: &'a [Note<'a>], site: &Site, composer: &Composer) -> Self {
        let mut links = Self {
            list: Vec::new(),
            dropped: 0,
        };
        for note in notes {
            let Note::Link {
                trace,
                span,
                flags,
                is_remote,
                trace_state,
                attributes,
            } = note
            else {
                continue;
            };
            let trace_id = TraceId::new(u128::from(trace[0]) << 64 | u128::from(trace[1]));
            let (Some(trace_id), Some(span_id)) = (trace_id, SpanId::new(*span)) else {
                continue;
            };
            if links.list.len() >= composer.limits.link_count as usize {
                links.dropped += 1;
                continue;
            }
            let limit = composer.limits.link_attribute_count;
            let attributes = Attributes::of(attributes, site, limit);
            let view = LinkView {
                trace_id,
                span_id,
                trace_flags: TraceFlags::from_bits(*flags),
                is_remote: *is_remote,
                trace_state,
                attributes: &[],
                dropped_attributes: attributes.dropped,
            };
            links.list.push((view, attributes));
        }
        links
    }

    pub(super) fn views(&self) -> Vec<LinkView<'_>> {
        let lent = self.list.iter().map(|(view, attributes)| LinkView {
            attributes: &attributes.list,
            ..*view
        });
        lent.collect()
    }
}
pub(super) fn error_attributes<'a>(error: &'a ErrorNote<'a>, limit: u32) -> Attributes<'a> {
    let mut attributes = Attributes::up_to(limit);
    attributes.push("exception.type", Value::Str(error.type_name));
    attributes.push("exception.message", Value::Str(&error.message));
    if let Some(meaning) = &error.meaning {
        attributes.push("error.type", Value::Str(meaning.code));
        attributes.push("otelkit.error.class", Value::Str(meaning.class));
        attributes.push("otelkit.error.fault", Value::Str(meaning.fault));
        attributes.push("otelkit.error.retryable", Value::Bool(meaning.is_retryable));
    }
    if let Some(stack) = error.stack {
        attributes.push("exception.stacktrace", Value::Str(stack));
    }
    if !error.chain.is_empty() {
        attributes.push("exception.chain", Value::Array(Array::Strs(&error.chain)));
    }
    attributes
}

pub(super) fn panic_attributes<'a>(panic: &'a PanicNote<'a>, limit: u32) -> Attributes<'a> {
    let mut attributes = Attributes::up_to(limit);
    attributes.push("exception.type", Value::Str("panic"));
    attributes.push("exception.message", Value::Str(panic.message));
    if let Some(file) = panic.file {
        attributes.push("code.file.path", Value::Str(file));
    }
    if let Some(line) = panic.line {
        attributes.push("code.line.number", Value::Int(line));
    }
    attributes
}
