//! The key-values of a record, with their types.

use log::kv::{Error, Key, Value, VisitSource, VisitValue};
use otel_runtime::log::LogRecord;
use otel_runtime::value::{Capture, Sink};

/// Writes each key-value as a field of the record.
pub(crate) struct Fields<'r, 'a>(pub(crate) &'r mut LogRecord<'a>);

impl<'kvs> VisitSource<'kvs> for Fields<'_, '_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        Field(value).capture(&mut self.0.sink(key.as_str()));
        Ok(())
    }
}

/// Gathers them, for an event.
#[derive(Default)]
pub(crate) struct Gathered<'kvs>(pub(crate) Vec<(Key<'kvs>, Field<'kvs>)>);

impl<'kvs> VisitSource<'kvs> for Gathered<'kvs> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.0.push((key, Field(value)));
        Ok(())
    }
}

/// A value as it is recorded.
pub(crate) struct Field<'v>(Value<'v>);

impl Capture for Field<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        // What a visit fails by is nothing but our own answer, and that is always that all is well.
        let _ = self.0.visit(Into(sink));
    }
}

struct Into<'s, 'a>(&'s mut Sink<'a>);

impl<'v> VisitValue<'v> for Into<'_, '_> {
    fn visit_any(&mut self, value: Value<'_>) -> Result<(), Error> {
        self.0.display(value);
        Ok(())
    }

    /// Nothing is recorded of nothing.
    fn visit_null(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), Error> {
        value.capture(self.0);
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), Error> {
        self.0.int(value);
        Ok(())
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), Error> {
        value.capture(self.0);
        Ok(())
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), Error> {
        value.capture(self.0);
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), Error> {
        self.0.double(value);
        Ok(())
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), Error> {
        self.0.bool(value);
        Ok(())
    }

    fn visit_str(&mut self, value: &str) -> Result<(), Error> {
        self.0.str(value);
        Ok(())
    }
}
