//! The current span, for what an attribute cannot say.

use std::error::Error;
use std::fmt;

use super::note::{self, Attributes};
use super::observer::{self, ErrorView};
use super::{ErrorOptions, Link, SpanHandle};
use crate::context::SpanContext;
use crate::export::Status;
use crate::record::{Header, RecordKind};
use crate::ring::Writer;
use crate::thread::{self, push};
use crate::value::{Capture, Key, Sink};

/// A handle to the current span, for use on this and other threads; `None` if there is none.
///
/// Its [context](SpanHandle::context) is what goes into messages and headers.
#[must_use]
pub fn current_span() -> Option<SpanHandle> {
    thread::with(|local| {
        let mut current = local.current();
        let context = current.context()?;
        current.meta = current.meta.shared();
        local.set_current(current);
        Some(SpanHandle::new(context))
    })
}

/// Who the current span is; `None` if there is none. Costs a few loads.
#[must_use]
pub fn current_context() -> Option<SpanContext> {
    thread::with(|local| local.current().context())
}

/// Sets an attribute of the current span; a later value replaces an earlier one.
///
/// A key that the annotation declares, with or without a value, is the usual
/// case. Another key works as well and is counted
/// ([`Stats::undeclared_attributes`](crate::Stats::undeclared_attributes)): a
/// misspelt one shows there. Nothing happens if no span is being recorded.
pub fn set_attribute(key: &str, value: impl Capture) {
    note(
        RecordKind::Fields,
        || [],
        |bytes| note::capture(Key::Named(key), &value, bytes),
    );
}

/// Adds an event that happens now to the current span.
///
/// ```
/// otel_runtime::add_event("cache.miss", &[("cache.key", &"user:7"), ("cache.size", &12)]);
/// ```
pub fn add_event(name: &str, attributes: Attributes<'_>) {
    note(RecordKind::Event, note::event_words, |bytes| {
        prepare_event(name, attributes, bytes)
    });
}

/// Links the current span to another.
pub fn add_link(link: impl Into<Link>, attributes: Attributes<'_>) {
    note::link_of_current(link.into(), attributes);
}

/// Calls the current span otherwise than its place does; the last name counts, and an empty one is
/// none.
///
/// For names that are known only at run time. There should be few of them: receivers group spans by
/// name.
///
/// ```
/// use otel_runtime::{set_span_name, traced};
///
/// #[traced]
/// fn run(job: &str) {
///     set_span_name(job);
/// }
/// ```
pub fn set_span_name(name: impl fmt::Display) {
    note(RecordKind::Name, || [], |bytes| prepare_name(&name, bytes));
}

/// Sets the status of the current span; it stands above what the outcome says.
pub fn set_status(status: Status<'_>) {
    note(
        RecordKind::Status,
        || status_words(status),
        |bytes| prepare_status(status, bytes),
    );
}

/// Records an error that the current span survives: an `exception` event.
///
/// The status stays as it is. An error that a function returns is recorded without this.
pub fn record_error<E: Error + 'static>(error: &E) {
    record_error_with(error, ErrorOptions::new());
}

/// The same, with what the error's type does not say.
///
/// ```
/// use otel_runtime::{ErrorOptions, class::Class, record_error_with};
///
/// let error = std::fmt::Error;
/// record_error_with(&error, ErrorOptions::new().class(Class::Internal).stack_trace());
/// ```
pub fn record_error_with<E: Error + 'static>(error: &E, options: ErrorOptions<'_>) {
    let view = ErrorView {
        is_expected: true,
        ..options.view(error)
    };
    observer::record_error_of_current(&view, options.wants_stack());
}

/// Forgets the whole trace of the current span: what has not been sent yet is not sent, and
/// nothing more of it is recorded in this process.
///
/// Spans that the receiver has already are beyond recall. What is forgotten is
/// counted as [`Cancelled`](crate::export::LossCause::Cancelled).
pub fn cancel_trace() {
    thread::with(|local| {
        let mut current = local.current();
        if !current.meta.is_live() {
            return;
        }
        let record = [
            Header::new(RecordKind::Cancel, 3).0,
            current.trace[0],
            current.trace[1],
        ];
        let fill = |writer: &mut Writer<'_>| {
            for (offset, word) in record.into_iter().enumerate() {
                // SAFETY: there are as many offsets as words.
                unsafe { writer.put(offset, word) };
            }
            record.len()
        };
        // SAFETY: `fill` puts three words and nothing else.
        let _ = unsafe { push(local, record.len(), fill) };
        current.meta = current.meta.muted();
        local.set_current(current);
    });
}

pub(super) fn prepare_event(name: &str, attributes: Attributes<'_>, bytes: &mut Vec<u8>) {
    note::capture(Key::Named("name"), name, bytes);
    for (key, value) in attributes {
        note::capture(Key::Named(key), *value, bytes);
    }
}

pub(super) fn prepare_name(name: &dyn fmt::Display, bytes: &mut Vec<u8>) {
    note::capture(Key::Named("name"), &crate::value::Display(name), bytes);
}

pub(super) fn prepare_joined_name(parts: &[&str], bytes: &mut Vec<u8>) {
    note::capture(Key::Named("name"), &Joined(parts), bytes);
}

/// Texts that are one.
struct Joined<'a>(&'a [&'a str]);

impl Capture for Joined<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        sink.joined(self.0);
    }
}

/// The words of a status: its code as OpenTelemetry numbers it.
pub(super) fn status_words(status: Status<'_>) -> [u64; 1] {
    match status {
        Status::Unset => [0],
        Status::Ok => [1],
        Status::Error(_) => [2],
    }
}

pub(super) fn prepare_status(status: Status<'_>, bytes: &mut Vec<u8>) {
    if let Status::Error(reason) = status {
        note::capture(Key::Named("description"), reason, bytes);
    }
}

fn note<const W: usize>(
    kind: RecordKind,
    head: impl FnOnce() -> [u64; W],
    prepare: impl FnOnce(&mut Vec<u8>),
) {
    thread::with(|local| {
        if local.current().meta.is_written() {
            let head = head();
            note::prepared(local, prepare, |bytes| {
                note::of_current(local, kind, &head, bytes)
            });
        }
    });
}
