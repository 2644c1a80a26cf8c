//! An event that becomes a log record.

use std::error::Error;
use std::fmt;

use otel_runtime::log::{LogRecord, Severity};
use otel_runtime::value::Capture;
use tracing_core::field::Visit;
use tracing_core::{Event, Field, Level};

use crate::callsite::{Callsite, Role};

/// Takes the values of an event.
pub(crate) struct LogEvent<'a, 'b> {
    callsite: &'static Callsite,
    record: &'a mut LogRecord<'b>,
    /// Where a record of the `log` crate says that it comes from.
    line: u32,
}

/// The severity that OpenTelemetry gives to a level.
#[inline]
pub(crate) fn severity(level: Level) -> Severity {
    match level {
        Level::ERROR => Severity::ERROR,
        Level::WARN => Severity::WARN,
        Level::INFO => Severity::INFO,
        Level::DEBUG => Severity::DEBUG,
        Level::TRACE => Severity::TRACE,
    }
}

impl<'a, 'b> LogEvent<'a, 'b> {
    pub(crate) fn take(
        callsite: &'static Callsite,
        event: &Event<'_>,
        record: &'a mut LogRecord<'b>,
    ) {
        let mut taken = Self {
            callsite,
            record,
            line: 0,
        };
        event.record(&mut taken);
        if taken.line != 0 {
            taken.record.location(None, None, taken.line);
        }
    }

    #[inline]
    fn role(&self, field: &Field) -> Role {
        let roles = &self.callsite.roles;
        roles
            .get(field.index())
            .copied()
            .unwrap_or(Role::Value(field.name()))
    }

    #[inline]
    fn value(&mut self, field: &Field, value: &(impl Capture + ?Sized)) {
        match self.role(field) {
            Role::Message => self.record.body_value(value),
            Role::Value(key) => self.record.field(key, value),
            _ => self.record.field(field.name(), value),
        }
    }
}

impl Visit for LogEvent<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.value(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.value(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match self.role(field) {
            Role::LogLine => self.line = u32::try_from(value).unwrap_or_default(),
            _ => self.value(field, &value),
        }
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.value(field, &value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.value(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.value(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match self.role(field) {
            Role::LogTarget => self.record.target(value),
            Role::LogModule => self.record.location(Some(value), None, 0),
            Role::LogFile => self.record.location(None, Some(value), 0),
            _ => self.value(field, value),
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.record.sink(field.name()).display(value);
        self.record.error(value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match self.role(field) {
            Role::Message => self.record.body(format_args!("{value:?}")),
            Role::Value(key) => self.record.debug(key, value),
            _ => self.record.debug(field.name(), value),
        }
    }
}
