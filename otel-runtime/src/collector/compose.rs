//! A span record and its notes become the view that exporters see.

use std::mem::take;

use super::arrays::Arrays;
use super::attributes::{Fields, Twins};
use super::notes::{Note, Notes};
use super::parts::{Events, Links};
use super::query::Asked;
use super::recycled::recycled;
use super::told::Told;
use crate::clock::Calibration;
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::db::ReadStatements;
use crate::export::{Attribute, EventView, Outcome, Scope, SpanView, Status, Value};
use crate::limits::{LogLimits, SpanLimits};
use crate::log::Severity;
use crate::record::{FOR_LOG, PARENT_IS_REMOTE, RANDOM, SpanRecord};
use crate::value::{Decoded, Values};

/// What turns records into views, the same for every span.
#[derive(Debug)]
pub(super) struct Composer {
    pub(super) calibration: Calibration,
    pub(super) limits: SpanLimits,
    shown: Shown,
    statements: ReadStatements,
    /// Attributes set under a key that the annotation does not declare.
    pub(super) undeclared: u64,
    twins: Twins,
    spare: Spare,
}

/// The allocations of the last span.
#[derive(Debug, Default)]
struct Spare {
    declared: Vec<Option<Value<'static>>>,
    attributes: Vec<Attribute<'static>>,
    events: Events<'static>,
    event_views: Vec<EventView<'static>>,
}

/// What is shown of spans and log records, as the configuration says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) limits: SpanLimits,
    pub(crate) log_limits: LogLimits,
    /// Where the annotated places are.
    pub(crate) code_location: bool,
    /// A database is slow from this time on.
    pub(crate) slow_query_ns: Option<u64>,
}

impl Composer {
    pub(super) fn new(shown: Shown) -> Self {
        Self {
            calibration: Calibration::new(),
            limits: shown.limits,
            shown,
            statements: ReadStatements::default(),
            undeclared: 0,
            twins: Twins::default(),
            spare: Spare::default(),
        }
    }

    /// Shows the finished span to `show`, and how grave its error is; `notes` are its note records,
    /// one after the other.
    pub(super) fn compose(
        &mut self,
        record: &SpanRecord<'_>,
        notes: &[u64],
        thread_id: u64,
        show: impl FnOnce(&SpanView<'_>, Severity),
    ) {
        let Some(trace_id) =
            TraceId::new(u128::from(record.trace[0]) << 64 | u128::from(record.trace[1]))
        else {
            return;
        };
        let Some(span_id) = SpanId::new(record.span) else {
            return;
        };
        let spec = record.site.spec();
        let outcome = outcome(record.header.outcome());
        let start_unix_ns = self.calibration.unix_ns(record.start_ticks);
        let duration_ns = self
            .calibration
            .between_ns(record.start_ticks, record.end_ticks);
        let lost = record.header.tally().lost();
        let bare = SpanView {
            site: record.site,
            name: record.site.name(),
            kind: spec.kind,
            scope: Scope {
                name: spec.package,
                version: spec.version,
            },
            trace_id,
            span_id,
            parent_span_id: SpanId::new(record.parent),
            parent_is_remote: record.header.flags() & PARENT_IS_REMOTE != 0,
            trace_flags: match record.header.flags() & RANDOM {
                0 => TraceFlags::default(),
                _ => TraceFlags::RANDOM,
            }
            .with_sampled(record.header.flags() & FOR_LOG == 0),
            trace_state: "",
            start_unix_ns,
            end_unix_ns: start_unix_ns.saturating_add(duration_ns),
            outcome,
            status: Status::Unset,
            attributes: &[],
            events: &[],
            links: &[],
            dropped_attributes: u32::try_from(lost).unwrap_or(u32::MAX),
            dropped_events: 0,
            dropped_links: 0,
            thread_id,
        };
        let has_more = !record.values.is_empty()
            || !notes.is_empty()
            || outcome != Outcome::Ok
            || record.busy_ticks != 0
            || spec.query.is_some()
            || self.shown.code_location;
        if has_more {
            self.complete(record, notes, &bare, duration_ns, show);
        } else {
            show(&bare, Severity::ERROR);
        }
    }

    /// Adds to a view what bare spans have not: values, notes, and what follows from the outcome.
    fn complete(
        &mut self,
        record: &SpanRecord<'_>,
        notes: &[u64],
        bare: &SpanView<'_>,
        duration_ns: u64,
        show: impl FnOnce(&SpanView<'_>, Severity),
    ) {
        let site = record.site;
        let spec = site.spec();
        let notes = Notes::new(notes);
        let without = Arrays::default();
        let with;
        let mut arrays = &without;
        let mut said = self.read(record, notes, arrays);
        if said.met_array || said.told.has_events || said.told.has_links {
            with = Arrays::of_notes(notes);
            arrays = &with;
        }
        if said.met_array {
            said = self.read(record, notes, arrays);
        }
        let told = said.told;
        self.undeclared += said.undeclared;
        let asked = Asked::of(site, notes, &told, &mut self.statements);
        let (mut attributes, declared) = said.fields.ordered();
        attributes.dropped = attributes.dropped.saturating_add(bare.dropped_attributes);
        if let Some(asked) = &asked {
            asked.add_to(&mut attributes);
        }
        let failure = told.failure(bare.outcome);
        if let Some(failure) = &failure {
            attributes.set("error.type", Value::Str(failure.code));
            if let Some(class) = failure.class {
                attributes.set("otelkit.error.class", Value::Str(class));
            }
        }
        if bare.outcome == Outcome::Cancelled {
            attributes.set("otelkit.outcome", Value::Str("cancelled"));
        }
        if record.busy_ticks != 0 {
            let busy_ns = self.calibration.duration_ns(record.busy_ticks);
            let busy_ns = busy_ns.min(duration_ns);
            attributes.set("busy_ns", Value::Int(busy_ns.cast_signed()));
            attributes.set("idle_ns", Value::Int((duration_ns - busy_ns).cast_signed()));
        }
        if self.shown.code_location {
            attributes.set("code.function.name", Value::Str(site.function()));
            attributes.set("code.file.path", Value::Str(spec.file));
            attributes.set("code.line.number", Value::Int(i64::from(spec.line)));
        }
        let mut events = Events::recycling(take(&mut self.spare.events));
        if told.has_events || !told.troubles.is_empty() {
            events.add_all(notes, &told.troubles, arrays, site, self);
        }
        let slow_ns = asked
            .as_ref()
            .and_then(|asked| asked.slow_ns(self.shown.slow_query_ns));
        if let Some(slow_ns) = slow_ns
            && duration_ns >= slow_ns
        {
            events.add_slow_query(slow_ns, bare.end_unix_ns, self);
        }
        let mut event_views = recycled(take(&mut self.spare.event_views));
        events.lend(&mut event_views);
        let links = match told.has_links {
            true => Links::of(notes, arrays, site, self),
            false => Links::default(),
        };
        let link_views = links.views();
        let named = asked.as_ref().and_then(Asked::name);
        let view = SpanView {
            name: match told.name {
                "" => named.unwrap_or(bare.name),
                given => given,
            },
            trace_state: told.trace_state,
            status: told.status.unwrap_or(match failure {
                Some(failure) => Status::Error(failure.message),
                None => Status::Unset,
            }),
            attributes: &attributes.list,
            events: &event_views,
            links: &link_views,
            dropped_attributes: attributes.dropped,
            dropped_events: events.dropped,
            dropped_links: links.dropped,
            ..*bare
        };
        let severity = failure.and_then(|failure| failure.severity);
        show(&view, severity.unwrap_or(Severity::ERROR));
        self.spare = Spare {
            declared: recycled(declared),
            attributes: recycled(attributes.list),
            event_views: recycled(event_views),
            events: Events::recycling(events),
        };
    }

    /// Reads the record and its notes; arrays are left out that are not in `arrays`.
    fn read<'a>(
        &mut self,
        record: &SpanRecord<'a>,
        notes: Notes<'a>,
        arrays: &'a Arrays<'a>,
    ) -> Said<'a> {
        let site = record.site;
        let mut fields = Fields::new(
            site,
            self.twins.are_in(site),
            recycled(take(&mut self.spare.declared)),
            recycled(take(&mut self.spare.attributes)),
            self.limits.attribute_count,
        );
        for entry in Values::new(record.values) {
            if let Some(value) = scalar(entry.value) {
                fields.set(entry.key, value);
            }
        }
        let (hides_text, hides_quoted) = (Asked::hides_text(site), Asked::hides_quoted(site));
        let mut told = Told::default();
        let (mut undeclared, mut met_array) = (0, false);
        for note in notes {
            match note {
                Note::Fields(values) => {
                    for entry in values {
                        if hides_text && Asked::is_text(site, entry.key) {
                            continue;
                        }
                        let Some(value) = arrays.lend(entry.value) else {
                            met_array = true;
                            continue;
                        };
                        let is_declared = fields.set(entry.key, value);
                        undeclared += u64::from(!is_declared);
                    }
                }
                Note::Carried {
                    trace_state,
                    baggage,
                } => {
                    told.trace_state = trace_state;
                    // What the span says itself wins.
                    for entry in baggage {
                        match arrays.lend(entry.value) {
                            Some(value) => fields.set_if_missing(entry.key, value),
                            None => met_array = true,
                        }
                    }
                }
                note => told.take(note, hides_quoted),
            }
        }
        Said {
            fields,
            told,
            undeclared,
            met_array,
        }
    }
}

/// What a record and its notes say.
struct Said<'a> {
    fields: Fields<'a>,
    told: Told<'a>,
    /// Attributes set under a key that the annotation does not declare.
    undeclared: u64,
    /// An array was left out.
    met_array: bool,
}

fn scalar(value: Decoded<'_>) -> Option<Value<'_>> {
    Some(match value {
        Decoded::Bool(value) => Value::Bool(value),
        Decoded::Int(value) => Value::Int(value),
        Decoded::Double(value) => Value::Double(value),
        Decoded::Str(value) => Value::Str(value),
        _ => return None,
    })
}

fn outcome(code: u8) -> Outcome {
    const ERROR: u8 = Outcome::Error as u8;
    const PANICKED: u8 = Outcome::Panicked as u8;
    const CANCELLED: u8 = Outcome::Cancelled as u8;
    match code {
        ERROR => Outcome::Error,
        PANICKED => Outcome::Panicked,
        CANCELLED => Outcome::Cancelled,
        _ => Outcome::Ok,
    }
}
