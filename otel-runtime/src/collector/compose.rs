//! A span record and its notes become the view that exporters see.

use std::ptr;

use super::attributes::{Attributes, declared_key};
use super::notes::{Note, read_all};
use super::parts::{Events, Links};
use super::pending::Notes;
use super::query::Asked;
use crate::clock::Calibration;
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::db::ReadStatements;
use crate::export::{Attribute, Outcome, Scope, SpanView, Status, Value};
use crate::limits::{LogLimits, SpanLimits};
use crate::log::Severity;
use crate::record::{FOR_LOG, PARENT_IS_REMOTE, RANDOM, SpanRecord};
use crate::site::FieldSpec;
use crate::value::{Decoded, Key, Values};

/// What turns records into views, the same for every span.
#[derive(Debug)]
pub(super) struct Composer {
    pub(super) calibration: Calibration,
    pub(super) limits: SpanLimits,
    shown: Shown,
    statements: ReadStatements,
    /// Attributes set under a key that the annotation does not declare.
    pub(super) undeclared: u64,
    /// The allocation of the last span's attributes.
    attributes: Vec<Attribute<'static>>,
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
            attributes: Vec::new(),
        }
    }

    /// Shows the finished span to `show`, and how grave its error is.
    pub(super) fn compose(
        &mut self,
        record: &SpanRecord<'_>,
        notes: Option<&Notes>,
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
            || notes.is_some()
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

    /// Adds to a view what few spans have: values, notes, and what follows from the outcome.
    fn complete(
        &mut self,
        record: &SpanRecord<'_>,
        notes: Option<&Notes>,
        bare: &SpanView<'_>,
        duration_ns: u64,
        show: impl FnOnce(&SpanView<'_>, Severity),
    ) {
        let spec = record.site.spec();
        let mut notes = notes.map_or_else(Vec::new, |notes| read_all(&notes.words));
        Asked::hide_values(record.site, &mut notes);
        let asked = Asked::of(record.site, &notes, &mut self.statements);
        let mut attributes = Attributes {
            list: recycle(std::mem::take(&mut self.attributes)),
            limit: self.limits.attribute_count,
            dropped: bare.dropped_attributes,
        };
        for entry in Values::new(record.values) {
            if let (Key::Declared(index), Some(value)) = (entry.key, scalar(entry.value))
                && let Some(field) = spec.fields.get(index as usize)
            {
                attributes.push(field.key, value);
            }
        }
        for note in &notes {
            match note {
                Note::Fields(fields) => {
                    for field in fields {
                        let (key, is_declared) = declared_key(record.site, field.key);
                        if Asked::hides(record.site, key) {
                            continue;
                        }
                        self.undeclared += u64::from(!is_declared);
                        attributes.set(key, field.value());
                    }
                }
                // What the span says itself wins.
                Note::Carried { baggage, .. } => {
                    for field in baggage {
                        let (key, _) = declared_key(record.site, field.key);
                        attributes.set_if_missing(key, field.value());
                    }
                }
                _ => {}
            }
        }
        if !notes.is_empty() {
            // Scalars came with the record, text in notes: back into the declared order. Most keys
            // are those of the declaration itself, and need not be read.
            let place = |key: &str| {
                let is_same = |field: &FieldSpec| ptr::eq(field.key, key);
                let fields = spec.fields;
                fields
                    .iter()
                    .position(is_same)
                    .or_else(|| fields.iter().position(|field| field.key == key))
                    .unwrap_or(usize::MAX)
            };
            attributes
                .list
                .sort_by_cached_key(|attribute| place(attribute.key));
        }
        if let Some(asked) = &asked {
            asked.add_to(&mut attributes);
        }
        let named = asked.as_ref().and_then(Asked::name);
        let mut name = named.unwrap_or(bare.name);
        let mut status = None;
        let mut trace_state = "";
        for note in &notes {
            match note {
                Note::Carried {
                    trace_state: known, ..
                } => trace_state = known,
                Note::Name(given) if !given.is_empty() => name = given,
                Note::Status { code: 1, .. } => status = Some(Status::Ok),
                Note::Status {
                    code: 2,
                    description,
                } => status = Some(Status::Error(description)),
                Note::Status { .. } => status = Some(Status::Unset),
                _ => {}
            }
        }
        let failure = failure(&notes, bare.outcome);
        let severity = failure
            .as_ref()
            .and_then(|failure| failure.severity)
            .unwrap_or(Severity::ERROR);
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
            let busy_ns = self
                .calibration
                .duration_ns(record.busy_ticks)
                .min(duration_ns);
            attributes.set("busy_ns", Value::Int(busy_ns.cast_signed()));
            attributes.set("idle_ns", Value::Int((duration_ns - busy_ns).cast_signed()));
        }
        if self.shown.code_location {
            attributes.set("code.function.name", Value::Str(record.site.function()));
            attributes.set("code.file.path", Value::Str(spec.file));
            attributes.set("code.line.number", Value::Int(i64::from(spec.line)));
        }
        let mut events = Events::of(&notes, record.site, self);
        let slow_ns = asked
            .as_ref()
            .and_then(|asked| asked.slow_ns(self.shown.slow_query_ns));
        if let Some(slow_ns) = slow_ns
            && duration_ns >= slow_ns
        {
            events.add_slow_query(slow_ns, bare.end_unix_ns, self);
        }
        let event_views = events.views();
        let links = Links::of(&notes, record.site, self);
        let link_views = links.views();
        let view = SpanView {
            name,
            trace_state,
            status: status.unwrap_or(match failure {
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
        show(&view, severity);
        self.attributes = recycle(attributes.list);
    }
}

/// What made a span fail.
struct Failure<'a> {
    /// `error.type`.
    code: &'a str,
    class: Option<&'a str>,
    severity: Option<Severity>,
    message: &'a str,
}

/// What made the span fail: a panic before an error, the last error before earlier ones.
fn failure<'a>(notes: &'a [Note<'a>], outcome: Outcome) -> Option<Failure<'a>> {
    let unclassified = |code, message| Failure {
        code,
        class: None,
        severity: None,
        message,
    };
    let noted = notes.iter().rev().find_map(|note| match (note, outcome) {
        (Note::Panic { panic, .. }, Outcome::Panicked) => {
            Some(unclassified("panic", panic.message))
        }
        (
            Note::Error {
                is_expected: false,
                error,
                ..
            },
            Outcome::Error,
        ) => Some(Failure {
            code: error.code(),
            class: error.meaning.map(|meaning| meaning.class),
            severity: error.meaning.and_then(|meaning| meaning.severity),
            message: &error.message,
        }),
        _ => None,
    });
    noted.or(match outcome {
        Outcome::Ok | Outcome::Cancelled => None,
        // The note found no room.
        Outcome::Error => Some(unclassified("_OTHER", "")),
        Outcome::Panicked => Some(unclassified("panic", "")),
    })
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

/// The same allocation, emptied, for attributes of another lifetime.
pub(super) fn recycle<'b>(mut list: Vec<Attribute<'_>>) -> Vec<Attribute<'b>> {
    list.clear();
    list.into_iter()
        .map(|_| unreachable!("the list is empty"))
        .collect()
}
