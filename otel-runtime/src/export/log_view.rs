//! A log record as the collector hands it to the exporters: borrowed, limits applied.

use super::view::{Attribute, Value};
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::log::Severity;

/// A log record, after OpenTelemetry's [data model].
///
/// [data model]: https://opentelemetry.io/docs/specs/otel/logs/data-model/
#[derive(Clone, Copy, Debug)]
pub struct LogView<'a> {
    /// When it happened, in nanoseconds since the Unix epoch.
    pub unix_ns: u64,
    /// When it was written down: the same, unless the program said when it happened.
    pub observed_unix_ns: u64,
    /// How grave it is.
    pub severity: Severity,
    /// What a person reads; an empty text if there is nothing.
    pub body: Value<'a>,
    /// What happened, if that has a name of its own; else empty.
    pub event_name: &'a str,
    /// The part of the program; also the name of the instrumentation scope.
    pub target: &'a str,
    /// The module.
    pub module: Option<&'a str>,
    /// The file.
    pub file: Option<&'a str>,
    /// The line; 0 if unknown.
    pub line: u32,
    /// The trace it belongs to, if any.
    pub trace_id: Option<TraceId>,
    /// The span it belongs to, if any.
    pub span_id: Option<SpanId>,
    /// The trace's flags.
    pub trace_flags: TraceFlags,
    /// Its attributes; every key once.
    pub attributes: &'a [Attribute<'a>],
    /// Attributes left out because of a limit.
    pub dropped_attributes: u32,
    /// The thread that wrote it; a small number, unique in the process.
    pub thread_id: u64,
}
