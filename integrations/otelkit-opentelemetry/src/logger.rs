//! Log records of appenders that are written against the API.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::logs::{self, AnyValue, Severity};
use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, Key};
use otel_runtime::log;

use crate::any_value::Recorded;
use crate::value::unix_ns;
use crate::{identity, log_places, observer};

/// Gives loggers whose records go OtelKit's way.
///
/// The API has no global one: give it to an appender, such as a bridge from another logging facade.
///
/// ```
/// use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
/// use otelkit_opentelemetry::LoggerProvider;
///
/// let logger = LoggerProvider::new().logger("my-appender");
/// let mut record = logger.create_log_record();
/// record.set_severity_number(Severity::Warn);
/// record.set_body(AnyValue::from("low on apples"));
/// logger.emit(record);   // belongs to the current span, whoever began that
/// ```
#[derive(Clone, Debug)]
pub struct LoggerProvider(());

/// Emits records of one instrumentation scope; see [`LoggerProvider`].
#[derive(Clone, Debug)]
pub struct Logger {
    scope: InstrumentationScope,
}

/// A record that is being put together.
#[derive(Clone, Debug, Default)]
pub struct LogRecord {
    event_name: &'static str,
    target: Option<Cow<'static, str>>,
    time: Option<SystemTime>,
    severity: Option<log::Severity>,
    severity_text: Option<&'static str>,
    body: Option<AnyValue>,
    attributes: Vec<(Key, AnyValue)>,
    span: Option<SpanContext>,
}

impl LoggerProvider {
    /// A provider. Records belong to contexts that libraries attach from now on.
    #[must_use]
    pub fn new() -> Self {
        observer::start();
        Self(())
    }
}

impl Default for LoggerProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl logs::LoggerProvider for LoggerProvider {
    type Logger = Logger;

    fn logger_with_scope(&self, scope: InstrumentationScope) -> Logger {
        Logger { scope }
    }
}

impl Logger {
    /// The part of the program that a record is from: what it says, or else the scope.
    fn target<'a>(&'a self, record: &'a str) -> &'a str {
        match record {
            "" => self.scope.name(),
            target => target,
        }
    }
}

impl logs::Logger for Logger {
    type LogRecord = LogRecord;

    fn create_log_record(&self) -> LogRecord {
        LogRecord::default()
    }

    /// Writes the record, unless the runtime's filter or rate limit is against it. One without a
    /// severity is an information.
    fn emit(&self, record: LogRecord) {
        let target = self.target(record.target.as_deref().unwrap_or_default());
        let place = log_places::of(target);
        place.site.log(record.severity(), |to| {
            if place.is_shared {
                to.target(target);
            }
            record.write(to);
            for attribute in self.scope.attributes() {
                let key = format!("otel.scope.{}", attribute.key);
                to.field(&key, &crate::value::Recorded(&attribute.value));
            }
        });
    }

    fn event_enabled(&self, level: Severity, target: &str, _name: Option<&str>) -> bool {
        let place = log_places::of(self.target(target));
        place.site.is_enabled(severity(level))
    }
}

impl LogRecord {
    /// What it says, by number or else by name.
    fn severity(&self) -> log::Severity {
        let by_name = || self.severity_text?.parse().ok();
        self.severity
            .or_else(by_name)
            .unwrap_or(log::Severity::INFO)
    }

    fn write(&self, to: &mut log::LogRecord<'_>) {
        if !self.event_name.is_empty() {
            to.event_name(self.event_name);
        }
        if let Some(time) = self.time {
            to.at_unix_ns(unix_ns(time));
        }
        if let Some(body) = &self.body {
            to.body_value(&Recorded(body));
        }
        for (key, value) in &self.attributes {
            to.field(key.as_str(), &Recorded(value));
        }
        if let Some(span) = &self.span {
            to.context(identity::ours(span));
        }
    }
}

impl logs::LogRecord for LogRecord {
    fn set_event_name(&mut self, name: &'static str) {
        self.event_name = name;
    }

    fn set_target<T>(&mut self, target: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.target = Some(target.into());
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.time = Some(timestamp);
    }

    /// The runtime knows that by itself.
    fn set_observed_timestamp(&mut self, _timestamp: SystemTime) {}

    fn set_severity_text(&mut self, text: &'static str) {
        self.severity_text = Some(text);
    }

    fn set_severity_number(&mut self, number: Severity) {
        self.severity = Some(severity(number));
    }

    fn set_body(&mut self, body: AnyValue) {
        self.body = Some(body);
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        for (key, value) in attributes {
            self.add_attribute(key, value);
        }
    }

    fn add_attribute<K, V>(&mut self, key: K, value: V)
    where
        K: Into<Key>,
        V: Into<AnyValue>,
    {
        self.attributes.push((key.into(), value.into()));
    }

    fn set_trace_context(
        &mut self,
        trace_id: TraceId,
        span_id: SpanId,
        trace_flags: Option<TraceFlags>,
    ) {
        let flags = trace_flags.unwrap_or_default();
        let span = SpanContext::new(trace_id, span_id, flags, false, TraceState::NONE);
        self.span = Some(span);
    }
}

fn severity(severity: Severity) -> log::Severity {
    log::Severity::from_number(severity as u8).unwrap_or(log::Severity::INFO)
}
