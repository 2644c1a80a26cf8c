//! A log record that owns what it says, for exporters that keep records.

use super::data::ValueData;
use super::log_view::LogView;
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::log::Severity;

/// A log record: what a [`LogView`] says, owned. Making one allocates.
///
/// ```
/// use otel_runtime::export::{LogData, ValueData};
///
/// fn order_of(log: &LogData) -> Option<&ValueData> {
///     log.attribute("order.id")
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogData {
    /// When it happened, in nanoseconds since the Unix epoch.
    pub unix_ns: u64,
    /// When it was written down.
    pub observed_unix_ns: u64,
    /// How grave it is.
    pub severity: Severity,
    /// What a person reads; an empty text if there is nothing.
    pub body: ValueData,
    /// What happened, if that has a name of its own; else empty.
    pub event_name: String,
    /// The part of the program; also the name of the instrumentation scope.
    pub target: String,
    /// The module.
    pub module: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// The line; 0 if unknown.
    pub line: u32,
    /// The trace it belongs to, if any.
    pub trace_id: Option<TraceId>,
    /// The span it belongs to, if any.
    pub span_id: Option<SpanId>,
    /// The trace's flags.
    pub trace_flags: TraceFlags,
    /// Its attributes.
    pub attributes: Vec<(String, ValueData)>,
    /// Attributes left out.
    pub dropped_attributes: u32,
    /// The thread that wrote it.
    pub thread_id: u64,
}

impl LogData {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&ValueData> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(known, _)| known == key)
            .map(|(_, value)| value)
    }

    /// What a person reads, if it is a text.
    #[must_use]
    pub fn message(&self) -> &str {
        match &self.body {
            ValueData::Str(text) => text,
            _ => "",
        }
    }
}

impl From<&LogView<'_>> for LogData {
    fn from(view: &LogView<'_>) -> Self {
        Self {
            unix_ns: view.unix_ns,
            observed_unix_ns: view.observed_unix_ns,
            severity: view.severity,
            body: ValueData::from(view.body),
            event_name: view.event_name.to_owned(),
            target: view.target.to_owned(),
            module: view.module.map(str::to_owned),
            file: view.file.map(str::to_owned),
            line: view.line,
            trace_id: view.trace_id,
            span_id: view.span_id,
            trace_flags: view.trace_flags,
            attributes: view
                .attributes
                .iter()
                .map(|attribute| (attribute.key.to_owned(), attribute.value.into()))
                .collect(),
            dropped_attributes: view.dropped_attributes,
            thread_id: view.thread_id,
        }
    }
}
