//! A finished span that owns what it says, for exporters that keep spans.

use super::view::{Array, Attribute, EventView, LinkView, Outcome, SpanView, Status, Value};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::site::SpanKind;

/// A finished span: what a [`SpanView`] says, owned. Making one allocates.
///
/// ```
/// use otel_runtime::export::{SpanData, ValueData};
///
/// fn order_of(span: &SpanData) -> Option<&ValueData> {
///     span.attribute("order.id")
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpanData {
    /// The span's name.
    pub name: String,
    /// Its role.
    pub kind: SpanKind,
    /// The name of the instrumentation scope.
    pub scope_name: String,
    /// The version of the instrumentation scope; empty if unknown.
    pub scope_version: String,
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
    pub trace_state: String,
    /// Start, in nanoseconds since the Unix epoch.
    pub start_unix_ns: u64,
    /// End, in nanoseconds since the Unix epoch.
    pub end_unix_ns: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Its status.
    pub status: StatusData,
    /// Its attributes.
    pub attributes: Vec<(String, ValueData)>,
    /// Its events.
    pub events: Vec<EventData>,
    /// Its links.
    pub links: Vec<LinkData>,
    /// Attributes left out.
    pub dropped_attributes: u32,
    /// Events left out.
    pub dropped_events: u32,
    /// Links left out.
    pub dropped_links: u32,
    /// The thread on which it ended.
    pub thread_id: u64,
}

/// A span's status, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusData {
    /// Nobody said anything.
    Unset,
    /// Somebody said that it went well.
    Ok,
    /// It failed, for this reason.
    Error(String),
}

/// A typed value, owned.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueData {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Str(String),
    /// Truth values.
    Bools(Vec<bool>),
    /// Whole numbers.
    Ints(Vec<i64>),
    /// Floating-point numbers.
    Doubles(Vec<f64>),
    /// Texts.
    Strs(Vec<String>),
}

/// Something that happened during a span, owned.
#[derive(Clone, Debug, PartialEq)]
pub struct EventData {
    /// What happened.
    pub name: String,
    /// When, in nanoseconds since the Unix epoch.
    pub unix_ns: u64,
    /// Its attributes.
    pub attributes: Vec<(String, ValueData)>,
    /// Attributes left out.
    pub dropped_attributes: u32,
}

/// A reference to a related span, owned.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkData {
    /// The other span's trace.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// Its trace's flags.
    pub trace_flags: TraceFlags,
    /// True if the linked span is in another process.
    pub is_remote: bool,
    /// What other tracing systems keep with its trace; empty if nothing is known.
    pub trace_state: String,
    /// The link's attributes.
    pub attributes: Vec<(String, ValueData)>,
    /// Attributes left out.
    pub dropped_attributes: u32,
}

impl SpanData {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&ValueData> {
        find(&self.attributes, key)
    }

    /// How long the span took, in nanoseconds.
    #[must_use]
    pub const fn duration_ns(&self) -> u64 {
        self.end_unix_ns.saturating_sub(self.start_unix_ns)
    }

    /// True if its parent, if it has one, is not in this process.
    #[must_use]
    pub const fn is_local_root(&self) -> bool {
        self.parent_span_id.is_none() || self.parent_is_remote
    }
}

impl EventData {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&ValueData> {
        find(&self.attributes, key)
    }
}

impl From<&SpanView<'_>> for SpanData {
    fn from(view: &SpanView<'_>) -> Self {
        Self {
            name: view.name.to_owned(),
            kind: view.kind,
            scope_name: view.scope.name.to_owned(),
            scope_version: view.scope.version.to_owned(),
            trace_id: view.trace_id,
            span_id: view.span_id,
            parent_span_id: view.parent_span_id,
            parent_is_remote: view.parent_is_remote,
            trace_flags: view.trace_flags,
            trace_state: view.trace_state.to_owned(),
            start_unix_ns: view.start_unix_ns,
            end_unix_ns: view.end_unix_ns,
            outcome: view.outcome,
            status: view.status.into(),
            attributes: owned(view.attributes),
            events: view.events.iter().map(EventData::from).collect(),
            links: view.links.iter().map(LinkData::from).collect(),
            dropped_attributes: view.dropped_attributes,
            dropped_events: view.dropped_events,
            dropped_links: view.dropped_links,
            thread_id: view.thread_id,
        }
    }
}

impl From<&EventView<'_>> for EventData {
    fn from(view: &EventView<'_>) -> Self {
        Self {
            name: view.name.to_owned(),
            unix_ns: view.unix_ns,
            attributes: owned(view.attributes),
            dropped_attributes: view.dropped_attributes,
        }
    }
}

impl From<&LinkView<'_>> for LinkData {
    fn from(view: &LinkView<'_>) -> Self {
        Self {
            trace_id: view.trace_id,
            span_id: view.span_id,
            trace_flags: view.trace_flags,
            is_remote: view.is_remote,
            trace_state: view.trace_state.to_owned(),
            attributes: owned(view.attributes),
            dropped_attributes: view.dropped_attributes,
        }
    }
}

impl From<Status<'_>> for StatusData {
    fn from(status: Status<'_>) -> Self {
        match status {
            Status::Unset => Self::Unset,
            Status::Ok => Self::Ok,
            Status::Error(message) => Self::Error(message.to_owned()),
        }
    }
}

impl From<Value<'_>> for ValueData {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Double(value) => Self::Double(value),
            Value::Str(value) => Self::Str(value.to_owned()),
            Value::Array(Array::Bools(values)) => Self::Bools(values.to_vec()),
            Value::Array(Array::Ints(values)) => Self::Ints(values.to_vec()),
            Value::Array(Array::Doubles(values)) => Self::Doubles(values.to_vec()),
            Value::Array(Array::Strs(values)) => {
                Self::Strs(values.iter().map(|&text| text.to_owned()).collect())
            }
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),+) => {$(
        impl From<$from> for ValueData {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )+};
}

value_from!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, f64 => Double, &str => Str, String => Str);

fn owned(attributes: &[Attribute<'_>]) -> Vec<(String, ValueData)> {
    attributes
        .iter()
        .map(|attribute| (attribute.key.to_owned(), attribute.value.into()))
        .collect()
}

fn find<'a>(attributes: &'a [(String, ValueData)], key: &str) -> Option<&'a ValueData> {
    attributes
        .iter()
        .find(|(known, _)| known == key)
        .map(|(_, value)| value)
}
