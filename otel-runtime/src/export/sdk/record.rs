//! A log record as the SDK's own data.

use std::collections::HashSet;
use std::mem::size_of;

use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity as SdkSeverity};
use opentelemetry::{InstrumentationScope, Key, TraceFlags};
use opentelemetry_sdk::logs::{SdkLogRecord, SdkLogger, SdkLoggerProvider};

use super::convert;
use crate::export::log_view::LogView;
use crate::export::view::{Array, Scope, Value};
use crate::log::Severity;

/// Where a record was written, as attributes.
const FILE: &str = "code.file.path";
const LINE: &str = "code.line.number";
/// The most names of events that are kept; the SDK wants them for ever.
const MOST_NAMES: usize = 1000;

/// Makes records.
#[derive(Debug)]
pub(super) struct Records {
    /// The SDK lets its loggers alone make any.
    logger: SdkLogger,
    scope: convert::ScopeCache,
    names: HashSet<&'static str>,
}

impl Records {
    pub(super) fn new() -> Self {
        Self {
            logger: SdkLoggerProvider::builder().build().logger("otelkit"),
            scope: convert::ScopeCache::default(),
            names: HashSet::new(),
        }
    }

    pub(super) fn make(&mut self, view: &LogView<'_>) -> (SdkLogRecord, InstrumentationScope) {
        let mut record = self.logger.create_log_record();
        record.set_timestamp(convert::time(view.unix_ns));
        record.set_observed_timestamp(convert::time(view.observed_unix_ns));
        record.set_severity_number(severity(view.severity));
        record.set_severity_text(view.severity.as_str());
        record.set_target(view.target.to_owned());
        if view.body != Value::Str("") {
            record.set_body(value(view.body));
        }
        for attribute in view.attributes {
            record.add_attribute(Key::new(attribute.key.to_owned()), value(attribute.value));
        }
        let says = |key: &str| view.attributes.iter().any(|said| said.key == key);
        if let Some(file) = view.file.filter(|_| !says(FILE)) {
            record.add_attribute(FILE, file.to_owned());
        }
        if view.line > 0 && !says(LINE) {
            record.add_attribute(LINE, i64::from(view.line));
        }
        match self.name(view.event_name) {
            Some("") => {}
            Some(name) => record.set_event_name(name),
            None => record.add_attribute("event.name", view.event_name.to_owned()),
        }
        if let (Some(trace_id), Some(span_id)) = (view.trace_id, view.span_id) {
            record.set_trace_context(
                convert::trace_id(trace_id),
                convert::span_id(span_id),
                Some(TraceFlags::new(view.trace_flags.bits())),
            );
        }
        let scope = Scope {
            name: view.target,
            version: "",
        };
        (record, self.scope.of(scope))
    }

    /// The same name for ever; `None` if there are too many.
    fn name(&mut self, name: &str) -> Option<&'static str> {
        if let Some(known) = self.names.get(name) {
            return Some(known);
        }
        if self.names.len() >= MOST_NAMES {
            return None;
        }
        let name: &'static str = name.to_owned().leak();
        self.names.insert(name);
        Some(name)
    }
}

/// About how much memory the record will take.
pub(super) fn estimated_bytes(view: &LogView<'_>) -> usize {
    let attributes = view.attributes.iter().map(|attribute| {
        size_of::<(Key, AnyValue)>() + attribute.key.len() + convert::text_len(attribute.value)
    });
    size_of::<SdkLogRecord>()
        + view.target.len()
        + view.file.map_or(0, str::len)
        + convert::text_len(view.body)
        + attributes.sum::<usize>()
}

fn value(value: Value<'_>) -> AnyValue {
    fn list<T: Copy + Into<AnyValue>>(values: &[T]) -> AnyValue {
        AnyValue::ListAny(Box::new(values.iter().map(|&value| value.into()).collect()))
    }
    match value {
        Value::Bool(value) => AnyValue::Boolean(value),
        Value::Int(value) => AnyValue::Int(value),
        Value::Double(value) => AnyValue::Double(value),
        Value::Str(text) => AnyValue::String(text.to_owned().into()),
        Value::Array(array) => match array {
            Array::Bools(values) => list(values),
            Array::Ints(values) => list(values),
            Array::Doubles(values) => list(values),
            Array::Strs(texts) => {
                let texts = texts.iter().map(|&text| text.to_owned().into());
                AnyValue::ListAny(Box::new(texts.collect()))
            }
        },
    }
}

fn severity(severity: Severity) -> SdkSeverity {
    use SdkSeverity::{
        Debug, Debug2, Debug3, Debug4, Error, Error2, Error3, Error4, Fatal, Fatal2, Fatal3,
        Fatal4, Info, Info2, Info3, Info4, Trace, Trace2, Trace3, Trace4, Warn, Warn2, Warn3,
        Warn4,
    };
    const ALL: [SdkSeverity; 24] = [
        Trace, Trace2, Trace3, Trace4, Debug, Debug2, Debug3, Debug4, Info, Info2, Info3, Info4,
        Warn, Warn2, Warn3, Warn4, Error, Error2, Error3, Error4, Fatal, Fatal2, Fatal3, Fatal4,
    ];
    ALL[usize::from(severity.number()) - 1]
}
