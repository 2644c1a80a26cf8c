//! Log records of any shape, made without saying anything.

use otel_runtime::export::{LogData, LogView, ValueData};
use otel_runtime::log::Severity;
use otel_runtime::{SpanId, TraceFlags};
use proptest::option;
use proptest::prelude::*;

use crate::spans::{
    TextArrays, any_attributes, any_count, any_ns, any_span_id, any_text, any_trace_id, any_value,
    attributes, trace,
};

/// A record like most: within a span, a short message, no fields; `number` makes it different from
/// others.
#[must_use]
pub fn plain_log(number: u64) -> LogData {
    let unix_ns = 1_700_000_000_000_000_000 + number;
    LogData {
        unix_ns,
        observed_unix_ns: unix_ns,
        severity: Severity::INFO,
        body: ValueData::Str("order placed".to_owned()),
        event_name: String::new(),
        target: "shop::orders".to_owned(),
        module: None,
        file: None,
        line: 0,
        trace_id: Some(trace(1)),
        span_id: SpanId::new(number + 1),
        trace_flags: TraceFlags::SAMPLED,
        attributes: Vec::new(),
        dropped_attributes: 0,
        thread_id: 1,
    }
}

/// Lends the record as the collector lends it to exporters.
pub fn with_log_view<T>(log: &LogData, work: impl FnOnce(&LogView<'_>) -> T) -> T {
    let texts = TextArrays::of(&log.attributes);
    let of_fields = attributes(&log.attributes, &texts);
    let body = [(String::new(), log.body.clone())];
    let body_texts = TextArrays::of(&body);
    let body = attributes(&body, &body_texts);
    work(&LogView {
        unix_ns: log.unix_ns,
        observed_unix_ns: log.observed_unix_ns,
        severity: log.severity,
        body: body[0].value,
        event_name: &log.event_name,
        target: &log.target,
        module: log.module.as_deref(),
        file: log.file.as_deref(),
        line: log.line,
        trace_id: log.trace_id,
        span_id: log.span_id,
        trace_flags: log.trace_flags,
        attributes: &of_fields,
        dropped_attributes: log.dropped_attributes,
        thread_id: log.thread_id,
    })
}

/// Any log record.
pub fn any_log() -> impl Strategy<Value = LogData> {
    let who = (
        (any_ns(), prop_oneof![Just(0), any_ns()]),
        1u8..=24,
        any_value(),
        (any_text(), any_text()),
        option::of(any_text()),
        (option::of(any_text()), any_count()),
    );
    let what = (
        (option::of(any_trace_id()), option::of(any_span_id())),
        any::<u8>(),
        any_attributes(),
        any_count(),
        any::<u64>(),
    );
    (who, what).prop_map(|(who, what)| {
        let ((unix_ns, observed_unix_ns), severity, body, (event_name, target), module, place) =
            who;
        let ((trace_id, span_id), flags, attributes, dropped_attributes, thread_id) = what;
        LogData {
            unix_ns,
            observed_unix_ns,
            severity: Severity::from_number(severity).expect("one of the 24"),
            body,
            event_name,
            target,
            module,
            file: place.0,
            line: place.1,
            trace_id,
            span_id,
            trace_flags: TraceFlags::from_bits(flags),
            attributes,
            dropped_attributes,
            thread_id,
        }
    })
}
