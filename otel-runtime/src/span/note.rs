//! What is said of a span while it lasts, written at once.

use super::{Link, value_limit_chars};
use crate::clock::{at_unix_ns, ticks};
use crate::context::{Current, Ticket, TraceState, watch};
use crate::record::RecordKind;
use crate::stats;
use crate::thread::{self, Local};
use crate::value::{Capture, Key, Sink, Slot};

/// Values by name, as the functions for events and links take them.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a dyn Capture)];

/// Appends one value.
pub(super) fn capture(key: Key<'_>, value: &(impl Capture + ?Sized), bytes: &mut Vec<u8>) {
    value.capture(&mut Sink::appending(key, bytes, value_limit_chars()));
}

/// Captures the value of the declared field `index`: into its slot if it has one and the value is
/// a scalar, else into the bytes returned, which the thread has lent and wants back.
#[inline(always)]
pub(super) fn capture_inline(
    slots: &mut [Slot],
    index: usize,
    value: &(impl Capture + ?Sized),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let key = index as u32;
    match slots.get_mut(index) {
        Some(slot) => {
            let limit = value_limit_chars();
            let lend = thread::lend_scratch;
            value.capture(&mut Sink::lending(key, slot, &mut bytes, lend, limit));
        }
        None => {
            bytes = thread::lend_scratch();
            capture(Key::Declared(key), value, &mut bytes);
        }
    }
    bytes
}

/// Notes values of the current span; `bytes` came from [`thread::lend_scratch`].
#[cold]
pub(super) fn fields_of_current(bytes: Vec<u8>) {
    thread::with(|local| {
        of_current(local, RecordKind::Fields, &[], &bytes);
        local.return_scratch(bytes);
    });
}

/// Notes a link of the current span.
pub(super) fn link_of_current(link: Link, attributes: Attributes<'_>) {
    thread::with(|local| {
        if local.current().meta.is_written() {
            let (words, state) = link_words(link);
            prepared(
                local,
                |bytes| prepare_link(&state, attributes, bytes),
                |bytes| of_current(local, RecordKind::Link, &words, bytes),
            );
        }
    });
}

/// Notes what a span that begins carries: its trace state, and the keys of baggage that spans say.
#[cold]
pub(super) fn carried(local: &Local, span: &mut Current, ticket: Ticket) {
    let Some(carried) = thread::find_carried(ticket) else {
        return;
    };
    let keys = thread::noted_baggage();
    prepared(
        local,
        |bytes| {
            capture_trace_state(&carried.trace_state, bytes);
            for key in keys.iter() {
                if let Some(value) = carried.baggage.value(key) {
                    capture(Key::Named(key), value, bytes);
                }
            }
        },
        |bytes| of(local, span, RecordKind::Carried, &[], bytes),
    );
}

/// The words of an event: when.
pub(super) fn event_words() -> [u64; 1] {
    [ticks()]
}

/// The same of an event that has happened at a time in nanoseconds since the Unix epoch.
pub(super) fn event_words_at(unix_ns: u64) -> [u64; 1] {
    [at_unix_ns(unix_ns)]
}

/// The words of a link, to whom, and the trace state there.
pub(super) fn link_words(link: Link) -> ([u64; 5], TraceState) {
    let trace = link.context.trace_id.get();
    let words = [
        (trace >> 64) as u64,
        trace as u64,
        link.context.span_id.get(),
        u64::from(link.context.trace_flags.bits()),
        u64::from(link.context.is_remote),
    ];
    (words, link.trace_state())
}

/// The trace state of a link, and its attributes.
pub(super) fn prepare_link(state: &TraceState, attributes: Attributes<'_>, bytes: &mut Vec<u8>) {
    capture_trace_state(state, bytes);
    for (key, value) in attributes {
        capture(Key::Named(key), *value, bytes);
    }
}

/// Writes a note of the current span, and counts it there.
pub(crate) fn of_current(local: &Local, kind: RecordKind, head: &[u64], bytes: &[u8]) {
    let mut current = local.current();
    if current.meta.is_written() {
        of(local, &mut current, kind, head, bytes);
        local.set_span(current.span, current.meta);
    }
}

/// Writes a note of a span, and counts it in the span's own tally.
pub(super) fn of(local: &Local, of: &mut Current, kind: RecordKind, head: &[u64], bytes: &[u8]) {
    if of.meta.is_shown() && kind == RecordKind::Fields {
        watch(of, |watcher, span| watcher.fields(span, bytes));
    }
    let tally = of.meta.tally();
    of.meta = of
        .meta
        .with_tally(match thread::note(local, kind, of.span, head, bytes) {
            Ok(()) => tally.with_note(),
            Err(cause) => {
                stats::lose_note(cause);
                tally.with_lost()
            }
        });
}

/// Writes a note of the current span for each link.
pub(super) fn links_of_current<L: Into<Link>>(links: impl IntoIterator<Item = L>) {
    links
        .into_iter()
        .for_each(|link| link_of_current(link.into(), &[]));
}

/// Whole, whatever the limit of values is: it has one of its own.
fn capture_trace_state(state: &TraceState, bytes: &mut Vec<u8>) {
    let text = state.as_str();
    text.capture(&mut Sink::appending(Key::Named(""), bytes, text.len()));
}

/// Prepares values in the thread's buffer.
pub(super) fn prepared(
    local: &Local,
    prepare: impl FnOnce(&mut Vec<u8>),
    write: impl FnOnce(&[u8]),
) {
    let mut bytes = local.take_scratch();
    bytes.clear();
    prepare(&mut bytes);
    write(&bytes);
    local.return_scratch(bytes);
}
