//! An event that becomes an event of a span.

use std::fmt;

use otel_runtime::bridge::Fields;
use otel_runtime::value::{Capture, Debug};
use tracing_core::Event;
use tracing_core::Field;
use tracing_core::field::Visit;

use crate::callsite::{Callsite, Role};

/// Takes the values of an event; its message is what the event is called.
pub(crate) struct SpanEvent<'a, 'b> {
    callsite: &'static Callsite,
    fields: &'a mut Fields<'b>,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Message,
    Values,
}

impl<'a, 'b> SpanEvent<'a, 'b> {
    pub(crate) fn take(callsite: &'static Callsite, event: &Event<'_>, fields: &'a mut Fields<'b>) {
        let mut taken = Self {
            callsite,
            fields,
            part: Part::Message,
        };
        event.record(&mut taken);
        let metadata = callsite.metadata;
        if taken.fields.is_empty() {
            taken.fields.named("name", metadata.name());
        }
        taken.fields.named("level", metadata.level().as_str());
        taken.fields.named("target", metadata.target());
        taken.part = Part::Values;
        event.record(&mut taken);
    }

    fn value(&mut self, field: &Field, value: &(impl Capture + ?Sized)) {
        match (self.callsite.roles.get(field.index()), self.part) {
            (Some(Role::Message), Part::Message) => self.fields.named("name", value),
            (Some(Role::Value(key)), Part::Values) => self.fields.named(key, value),
            _ => {}
        }
    }
}

impl Visit for SpanEvent<'_, '_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.value(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.value(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.value(field, &value);
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
        self.value(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.value(field, &Debug(value));
    }
}
