//! The fields of a span, from `tracing`'s visitors to ours.

use std::error::Error;
use std::fmt;

use otel_runtime::bridge::{BridgedSpan, Fields};
use otel_runtime::export::Status;
use otel_runtime::value::{Capture, Debug, Display};
use tracing_core::Field;
use tracing_core::field::Visit;

use crate::callsite::{Callsite, Role};

/// Takes the values of a span's fields.
pub(crate) struct SpanFields<'a, 'b> {
    callsite: &'static Callsite,
    fields: &'a mut Fields<'b>,
    /// There are errors among them, whose causes are of interest.
    pub(crate) has_errors: bool,
}

/// What the values say of the span itself.
#[derive(Debug)]
pub(crate) struct About {
    callsite: &'static Callsite,
    name: Option<String>,
    kind: Option<usize>,
    status_code: Option<String>,
    status_description: Option<String>,
}

/// Records the errors among the values.
pub(crate) struct Errors<'a> {
    span: &'a mut BridgedSpan,
    pub(crate) has_failed: bool,
}

impl<'a, 'b> SpanFields<'a, 'b> {
    pub(crate) fn new(callsite: &'static Callsite, fields: &'a mut Fields<'b>) -> Self {
        Self {
            callsite,
            fields,
            has_errors: false,
        }
    }

    fn take(&mut self, field: &Field, value: &(impl Capture + ?Sized)) {
        match self.callsite.roles.get(field.index()) {
            Some(Role::Value(_) | Role::Message) => self.fields.declared(field.index(), value),
            Some(_) => {}
            None => self.fields.named(field.name(), value),
        }
    }
}

impl Visit for SpanFields<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, &value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.take(field, &value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.take(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.has_errors = true;
        self.take(field, &Display(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, &Debug(value));
    }
}

impl About {
    pub(crate) const fn new(callsite: &'static Callsite) -> Self {
        Self {
            callsite,
            name: None,
            kind: None,
            status_code: None,
            status_description: None,
        }
    }

    /// The number of the span's kind.
    pub(crate) fn kind(&self) -> usize {
        self.kind.unwrap_or(0)
    }

    /// Says it of the span.
    pub(crate) fn tell(&self, span: &mut BridgedSpan) {
        if let Some(name) = &self.name {
            span.set_name(name);
        }
        let description = self.status_description.as_deref();
        match self.status_code.as_deref() {
            Some(code) if code.eq_ignore_ascii_case("ok") => span.set_status(Status::Ok),
            Some(code) if code.eq_ignore_ascii_case("error") => {
                span.set_status(Status::Error(description.unwrap_or_default()));
            }
            None if description.is_some() => {
                span.set_status(Status::Error(description.unwrap_or_default()));
            }
            _ => {}
        }
    }
}

impl Visit for About {
    fn record_str(&mut self, field: &Field, value: &str) {
        match self.callsite.roles.get(field.index()) {
            Some(Role::Name) => self.name = Some(value.to_owned()),
            Some(Role::Kind) => self.kind = Some(Callsite::kind(value)),
            Some(Role::StatusCode) => self.status_code = Some(value.to_owned()),
            Some(Role::StatusDescription) => self.status_description = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if let Some(Role::Name | Role::Kind | Role::StatusCode | Role::StatusDescription) =
            self.callsite.roles.get(field.index())
        {
            self.record_str(field, &format!("{value:?}"));
        }
    }
}

impl<'a> Errors<'a> {
    pub(crate) const fn new(span: &'a mut BridgedSpan) -> Self {
        Self {
            span,
            has_failed: false,
        }
    }
}

impl Visit for Errors<'_> {
    fn record_error(&mut self, _: &Field, value: &(dyn Error + 'static)) {
        self.has_failed |= self.span.record_error(value);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
