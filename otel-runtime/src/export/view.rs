//! A finished span as the collector hands it to the exporters: borrowed, complete, limits applied.

use crate::context::{SpanId, TraceFlags, TraceId};
use crate::site::{Site, SpanKind};

/// A finished span.
#[derive(Clone, Copy, Debug)]
pub struct SpanView<'a> {
    /// The annotated place.
    pub site: &'static Site,
    /// The span's name.
    pub name: &'a str,
    /// Its role.
    pub kind: SpanKind,
    /// The instrumentation scope.
    pub scope: Scope<'a>,
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// Its parent, unless it is a root.
    pub parent_span_id: Option<SpanId>,
    /// True if the parent is in another process.
    pub parent_is_remote: bool,
    /// The trace's flags.
    pub trace_flags: TraceFlags,
    /// What other tracing systems keep with the trace, as the header `tracestate` has it; empty if
    /// there is nothing.
    pub trace_state: &'a str,
    /// Start, in nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// End, in nanoseconds since the Unix epoch; never before the start.
    pub end_unix_ns: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Its status, as OpenTelemetry defines it.
    pub status: Status<'a>,
    /// Its attributes; every key once.
    pub attributes: &'a [Attribute<'a>],
    /// Its events, in the order they were added.
    pub events: &'a [EventView<'a>],
    /// Its links.
    pub links: &'a [LinkView<'a>],
    /// Attributes left out because of a limit or a full buffer.
    pub dropped_attributes: u32,
    /// Events left out.
    pub dropped_events: u32,
    /// Links left out.
    pub dropped_links: u32,
    /// The thread on which it ended; a small number, unique in the process.
    pub thread_id: u64,
}

/// The instrumentation scope: the package whose function was annotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope<'a> {
    /// The package's name.
    pub name: &'a str,
    /// Its version; empty if unknown.
    pub version: &'a str,
}

/// How a span ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The function returned, and not an error.
    Ok,
    /// The function returned an error.
    Error,
    /// The function panicked.
    Panicked,
    /// The future or stream was dropped before it finished.
    Cancelled,
}

/// A span's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status<'a> {
    /// Nobody said anything.
    Unset,
    /// Somebody said that it went well.
    Ok,
    /// It failed, for this reason.
    Error(&'a str),
}

/// A key and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute<'a> {
    /// The key; never empty.
    pub key: &'a str,
    /// The value.
    pub value: Value<'a>,
}

/// A typed value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Str(&'a str),
    /// Values of one type.
    Array(Array<'a>),
}

/// Values of one type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Array<'a> {
    /// Truth values.
    Bools(&'a [bool]),
    /// Whole numbers.
    Ints(&'a [i64]),
    /// Floating-point numbers.
    Doubles(&'a [f64]),
    /// Texts.
    Strs(&'a [&'a str]),
}

/// Something that happened during a span.
#[derive(Clone, Copy, Debug)]
pub struct EventView<'a> {
    /// What happened.
    pub name: &'a str,
    /// When, in nanoseconds since the Unix epoch.
    pub unix_ns: u64,
    /// Its attributes.
    pub attributes: &'a [Attribute<'a>],
    /// Attributes left out.
    pub dropped_attributes: u32,
}

/// A reference to a span that is related but not the parent.
#[derive(Clone, Copy, Debug)]
pub struct LinkView<'a> {
    /// The other span's trace.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// Its trace's flags.
    pub trace_flags: TraceFlags,
    /// True if the linked span is in another process.
    pub is_remote: bool,
    /// What other tracing systems keep with its trace; empty if nothing is known.
    pub trace_state: &'a str,
    /// The link's attributes.
    pub attributes: &'a [Attribute<'a>],
    /// Attributes left out.
    pub dropped_attributes: u32,
}

impl<'a> Array<'a> {
    /// How many values it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Bools(values) => values.len(),
            Self::Ints(values) => values.len(),
            Self::Doubles(values) => values.len(),
            Self::Strs(values) => values.len(),
        }
    }

    /// True if it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, one by one.
    pub fn iter(self) -> impl Iterator<Item = Value<'a>> {
        (0..self.len()).map(move |index| match self {
            Self::Bools(values) => Value::Bool(values[index]),
            Self::Ints(values) => Value::Int(values[index]),
            Self::Doubles(values) => Value::Double(values[index]),
            Self::Strs(values) => Value::Str(values[index]),
        })
    }
}
