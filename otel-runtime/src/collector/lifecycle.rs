//! Log records of spans whose place is logged: that they began, and how they ended.

use super::logs::Logs;
use crate::context::SpanContext;
use crate::export::{Array, Outcome, SpanView, Value};
use crate::log::{LogRecord, LogSite, LogSiteSpec, Severity, encode};
use crate::record::StartedRecord;
use crate::site::{PerSite, Site};
use crate::value::Sink;

/// The places of Sites that are logged.
#[derive(Debug, Default)]
pub(super) struct Lifecycle {
    places: PerSite<&'static LogSite>,
}

/// A span of which something is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) context: SpanContext,
    /// The test capture it belongs to; 0 for none.
    pub(super) capture: u16,
    /// When it began or ended.
    pub(super) ticks: u64,
    pub(super) thread_id: u64,
}

impl Lifecycle {
    /// Tells that a span has begun.
    pub(super) fn started(&mut self, record: &StartedRecord, told: &Told, logs: &mut Logs) {
        let severity = Severity::from(record.site.spec().level);
        self.tell(record.site, severity, told, logs, |log| {
            log.event_name("otelkit.operation.started");
            log.body(format_args!("{} started", record.site.name()));
        });
    }

    /// Tells how a span has ended; `severity` is that of its error.
    pub(super) fn ended(
        &mut self,
        span: &SpanView<'_>,
        severity: Severity,
        told: &Told,
        logs: &mut Logs,
    ) {
        let (severity, event_name, verb) = match span.outcome {
            Outcome::Ok => {
                let level = span.site.spec().level;
                (level.into(), "otelkit.operation.completed", "completed")
            }
            Outcome::Error => (severity, "otelkit.operation.failed", "failed"),
            Outcome::Panicked => (Severity::ERROR, "otelkit.operation.panicked", "panicked"),
            Outcome::Cancelled => (
                Severity::WARN,
                "otelkit.operation.cancelled",
                "was cancelled",
            ),
        };
        self.tell(span.site, severity, told, logs, |log| {
            log.event_name(event_name);
            log.at_unix_ns(span.end_unix_ns);
            let exception = span.events.iter().rev().find(|it| it.name == "exception");
            let exception = exception.map_or(&[][..], |event| event.attributes);
            let message = exception.iter().find(|it| it.key == "exception.message");
            match (span.outcome, message.map(|it| it.value)) {
                (Outcome::Error | Outcome::Panicked, Some(Value::Str(message))) => {
                    log.body(format_args!("{} {verb}: {message}", span.name));
                }
                _ => log.body(format_args!("{} {verb}", span.name)),
            }
            for attribute in span.attributes.iter().chain(exception) {
                put(&mut log.sink(attribute.key), attribute.value);
            }
            let duration_ns = span.end_unix_ns.saturating_sub(span.start_unix_ns);
            log.field("duration_ns", &duration_ns);
        });
    }

    fn tell(
        &mut self,
        site: &'static Site,
        severity: Severity,
        told: &Told,
        logs: &mut Logs,
        say: impl FnOnce(&mut LogRecord<'_>),
    ) {
        let place = *self.places.of(site, || place_of(site));
        if place.hears(severity)
            && let Some(words) = encode(
                place,
                severity,
                &told.context,
                told.capture,
                told.ticks,
                say,
            )
        {
            logs.keep(&words, told.thread_id);
        }
    }
}

/// There is one for each Site at most.
fn place_of(site: &'static Site) -> &'static LogSite {
    let spec = site.spec();
    LogSite::register_collectors(LogSiteSpec {
        target: spec.target,
        event_name: "",
        module: Some(spec.module),
        file: Some(spec.file),
        line: spec.line,
    })
}

fn put(sink: &mut Sink<'_>, value: Value<'_>) {
    match value {
        Value::Bool(value) => sink.bool(value),
        Value::Int(value) => sink.int(value),
        Value::Double(value) => sink.double(value),
        Value::Str(value) => sink.str(value),
        Value::Array(Array::Bools(values)) => sink.bools(values.iter().copied()),
        Value::Array(Array::Ints(values)) => sink.ints(values.iter().copied()),
        Value::Array(Array::Doubles(values)) => sink.doubles(values.iter().copied()),
        Value::Array(Array::Strs(values)) => sink.strs(values),
    }
}
