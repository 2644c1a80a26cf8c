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

/// What is being taken. The name of an event comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The first value, which is the message almost always.
    First,
    /// The message alone, as other values came before it: they are taken another time.
    Message,
    Values,
}

impl<'a, 'b> SpanEvent<'a, 'b> {
    pub(crate) fn take(callsite: &'static Callsite, event: &Event<'_>, fields: &'a mut Fields<'b>) {
        let mut taken = Self {
            callsite,
            fields,
            part: Part::First,
        };
        event.record(&mut taken);
        if taken.part != Part::Values {
            let is_incomplete = taken.part == Part::Message;
            taken.begin_values();
            if is_incomplete {
                event.record(&mut taken);
            }
        }
    }

    fn value(&mut self, field: &Field, value: &(impl Capture + ?Sized)) {
        match (self.callsite.roles.get(field.index()), self.part) {
            (Some(Role::Message), Part::First) => {
                self.fields.named("name", value);
                self.begin_values();
            }
            (Some(Role::Message), Part::Message) => self.fields.named("name", value),
            (Some(Role::Value(_)), Part::First) if self.callsite.has_message => {
                self.part = Part::Message;
            }
            (Some(Role::Value(key)), Part::First) => {
                self.begin_values();
                self.fields.named(key, value);
            }
            (Some(Role::Value(key)), Part::Values) => self.fields.named(key, value),
            _ => {}
        }
    }

    /// Says where it happens, and what its name is if nothing has been said.
    fn begin_values(&mut self) {
        let metadata = self.callsite.metadata;
        if self.fields.is_empty() {
            self.fields.named("name", metadata.name());
        }
        self.fields.named("level", metadata.level().as_str());
        self.fields.named("target", metadata.target());
        self.part = Part::Values;
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
