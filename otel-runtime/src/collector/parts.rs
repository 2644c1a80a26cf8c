//! The events and links of a span, from its notes.

use std::time::Duration;

use super::arrays::Arrays;
use super::attributes::Attributes;
use super::compose::Composer;
use super::notes::{ErrorNote, Note, Notes, PanicNote};
use super::recycled::recycled;
use super::told::{Cause, Trouble};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::export::{Array, Attribute, EventView, LinkView, Value};
use crate::site::Site;

/// The events of a span, before they are lent.
#[derive(Debug, Default)]
pub(super) struct Events<'a> {
    list: Vec<Event<'a>>,
    /// Those of all events, one after the other.
    attributes: Vec<Attribute<'a>>,
    pub(super) dropped: u32,
}

#[derive(Debug)]
struct Event<'a> {
    name: &'a str,
    unix_ns: u64,
    /// How many of the attributes are its own.
    attributes: usize,
    dropped_attributes: u32,
}

impl<'a> Events<'a> {
    /// None, in the allocations of others.
    pub(super) fn recycling(others: Events<'_>) -> Self {
        Self {
            list: recycled(others.list),
            attributes: recycled(others.attributes),
            dropped: 0,
        }
    }

    pub(super) fn add_all(
        &mut self,
        notes: Notes<'a>,
        troubles: &'a [Trouble<'a>],
        arrays: &'a Arrays<'a>,
        site: &Site,
        composer: &Composer,
    ) {
        let mut troubles = troubles.iter();
        for note in notes {
            match note {
                Note::Event {
                    ticks,
                    name,
                    attributes: values,
                } => self.add(name, composer.calibration.unix_ns(ticks), composer, |its| {
                    its.set_all(values, arrays, site);
                }),
                Note::Error { .. } | Note::Panic { .. } => {
                    if let Some(trouble) = troubles.next() {
                        let unix_ns = composer.calibration.unix_ns(trouble.ticks);
                        self.add("exception", unix_ns, composer, |its| match &trouble.cause {
                            Cause::Error { error, .. } => add_error(its, error),
                            Cause::Panic(panic) => add_panic(its, panic),
                        });
                    }
                }
                Note::Fields(_)
                | Note::Link { .. }
                | Note::Carried { .. }
                | Note::Status { .. }
                | Note::Name(_) => {}
            }
        }
    }

    /// Says that a database was slow: a span took so long or longer.
    pub(super) fn add_slow_query(&mut self, slow_ns: u64, unix_ns: u64, composer: &Composer) {
        let seconds = Duration::from_nanos(slow_ns).as_secs_f64();
        self.add("otelkit.db.slow_query", unix_ns, composer, |its| {
            its.push("otelkit.db.slow_query.threshold", Value::Double(seconds));
        });
    }

    fn add(
        &mut self,
        name: &'a str,
        unix_ns: u64,
        composer: &Composer,
        say: impl FnOnce(&mut Attributes<'a>),
    ) {
        if self.list.len() >= composer.limits.event_count as usize {
            self.dropped += 1;
            return;
        }
        let before = self.attributes.len();
        let list = std::mem::take(&mut self.attributes);
        let mut attributes = Attributes::behind(list, composer.limits.event_attribute_count);
        say(&mut attributes);
        self.list.push(Event {
            name,
            unix_ns,
            attributes: attributes.list.len() - before,
            dropped_attributes: attributes.dropped,
        });
        self.attributes = attributes.list;
    }

    /// Appends them to `views`.
    pub(super) fn lend<'s>(&'s self, views: &mut Vec<EventView<'s>>) {
        let mut rest = self.attributes.as_slice();
        for event in &self.list {
            let (attributes, behind) = rest.split_at(event.attributes);
            rest = behind;
            views.push(EventView {
                name: event.name,
                unix_ns: event.unix_ns,
                attributes,
                dropped_attributes: event.dropped_attributes,
            });
        }
    }
}

/// The links of a span, before they are lent.
#[derive(Debug, Default)]
pub(super) struct Links<'a> {
    list: Vec<(LinkView<'a>, Attributes<'a>)>,
    pub(super) dropped: u32,
}

impl<'a> Links<'a> {
    pub(super) fn of(
        notes: Notes<'a>,
        arrays: &'a Arrays<'a>,
        site: &Site,
        composer: &Composer,
    ) -> Self {
        let mut links = Self::default();
        for note in notes {
            let Note::Link {
                trace,
                span,
                flags,
                is_remote,
                trace_state,
                attributes: values,
            } = note
            else {
                continue;
            };
            let trace_id = TraceId::new(u128::from(trace[0]) << 64 | u128::from(trace[1]));
            let (Some(trace_id), Some(span_id)) = (trace_id, SpanId::new(span)) else {
                continue;
            };
            if links.list.len() >= composer.limits.link_count as usize {
                links.dropped += 1;
                continue;
            }
            let limit = composer.limits.link_attribute_count;
            let mut attributes = Attributes::behind(Vec::new(), limit);
            attributes.set_all(values, arrays, site);
            let view = LinkView {
                trace_id,
                span_id,
                trace_flags: TraceFlags::from_bits(flags),
                is_remote,
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

fn add_error<'a>(attributes: &mut Attributes<'a>, error: &'a ErrorNote<'a>) {
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
}

fn add_panic<'a>(attributes: &mut Attributes<'a>, panic: &'a PanicNote<'a>) {
    attributes.push("exception.type", Value::Str("panic"));
    attributes.push("exception.message", Value::Str(panic.message));
    if let Some(file) = panic.file {
        attributes.push("code.file.path", Value::Str(file));
    }
    if let Some(line) = panic.line {
        attributes.push("code.line.number", Value::Int(line));
    }
}
