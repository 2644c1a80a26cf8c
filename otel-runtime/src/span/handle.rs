//! A reference to a span that is under way, for other threads.

use std::fmt;

use super::note::{self, Attributes};
use super::{Link, current};
use crate::context::SpanContext;
use crate::export::Status;
use crate::record::RecordKind;
use crate::stats;
use crate::thread;
use crate::value::{Capture, Key};

/// A reference to a span, made by [`current_span`](super::current_span).
///
/// What is said through it reaches the span as long as the span lasts; what
/// comes later is counted as lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanHandle(SpanContext);

impl SpanHandle {
    pub(super) const fn new(context: SpanContext) -> Self {
        Self(context)
    }

    /// To the span of this context, which a [`Mirror`](crate::context::Mirror) shows. What is said
    /// through it reaches the span if the mirror says so.
    #[must_use]
    pub const fn shown(context: SpanContext) -> Self {
        Self(context)
    }

    /// Who the span is.
    #[must_use]
    pub const fn context(&self) -> SpanContext {
        self.0
    }

    /// Sets an attribute; a later value replaces an earlier one.
    pub fn set_attribute(&self, key: &str, value: impl Capture) {
        self.note(RecordKind::Fields, &[], |bytes| {
            note::capture(Key::Named(key), &value, bytes)
        });
    }

    /// Sets several attributes at once: cheaper than one by one.
    pub fn set_attributes(&self, attributes: Attributes<'_>) {
        self.note(RecordKind::Fields, &[], |bytes| {
            for (key, value) in attributes {
                note::capture(Key::Named(key), *value, bytes);
            }
        });
    }

    /// Adds an event that happens now.
    pub fn add_event(&self, name: &str, attributes: Attributes<'_>) {
        self.note(RecordKind::Event, &note::event_words(), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Adds an event that has happened at this time, in nanoseconds since the Unix epoch.
    pub fn add_event_at(&self, unix_ns: u64, name: &str, attributes: Attributes<'_>) {
        self.note(RecordKind::Event, &note::event_words_at(unix_ns), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Links the span to another.
    pub fn add_link(&self, link: impl Into<Link>, attributes: Attributes<'_>) {
        let (words, state) = note::link_words(link.into());
        self.note(RecordKind::Link, &words, |bytes| {
            note::prepare_link(&state, attributes, bytes);
        });
    }

    /// Calls the span otherwise than its place does; the last name counts, and an empty one is none.
    pub fn set_name(&self, name: impl fmt::Display) {
        self.note(RecordKind::Name, &[], |bytes| {
            current::prepare_name(&name, bytes);
        });
    }

    /// Sets the status; it stands above what the outcome says.
    pub fn set_status(&self, status: Status<'_>) {
        self.note(
            RecordKind::Status,
            &current::status_words(status),
            |bytes| {
                current::prepare_status(status, bytes);
            },
        );
    }

    fn note(&self, kind: RecordKind, head: &[u64], prepare: impl FnOnce(&mut Vec<u8>)) {
        if !self.0.is_sampled() || self.0.is_remote {
            return;
        }
        thread::with(|local| {
            note::prepared(local, prepare, |bytes| {
                let span = self.0.span_id.get();
                if let Err(cause) = thread::note(local, kind, span, head, bytes) {
                    stats::lose_note(cause);
                }
            });
        });
    }
}

impl From<SpanHandle> for SpanContext {
    fn from(handle: SpanHandle) -> Self {
        handle.0
    }
}

impl From<SpanHandle> for Option<SpanContext> {
    fn from(handle: SpanHandle) -> Self {
        Some(handle.0)
    }
}

impl From<SpanHandle> for Link {
    fn from(handle: SpanHandle) -> Self {
        handle.0.into()
    }
}
