//! Values of attributes, as they are recorded.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::{Array, KeyValue, StringValue, Value};
use otel_runtime::value::{Capture, Sink};

/// A value of the API, with its type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded<'a>(pub(crate) &'a Value);

impl Capture for Recorded<'_> {
    fn capture(&self, sink: &mut Sink<'_>) {
        match self.0 {
            Value::Bool(value) => sink.bool(*value),
            Value::I64(value) => sink.int(*value),
            Value::F64(value) => sink.double(*value),
            Value::String(value) => sink.str(value.as_str()),
            Value::Array(Array::Bool(values)) => sink.bools(values.iter().copied()),
            Value::Array(Array::I64(values)) => sink.ints(values.iter().copied()),
            Value::Array(Array::F64(values)) => sink.doubles(values.iter().copied()),
            Value::Array(Array::String(values)) => {
                sink.strs(values.iter().map(StringValue::as_str));
            }
            other => sink.display(other),
        }
    }
}

/// Lends attributes in the form in which spans and events take them.
pub(crate) fn with_attributes<T>(
    attributes: &[KeyValue],
    take: impl FnOnce(&[(&str, &dyn Capture)]) -> T,
) -> T {
    let values: Vec<_> = attributes.iter().map(|it| Recorded(&it.value)).collect();
    let lent: Vec<(&str, &dyn Capture)> = attributes
        .iter()
        .zip(&values)
        .map(|(attribute, value)| (attribute.key.as_str(), value as &dyn Capture))
        .collect();
    take(&lent)
}

/// In nanoseconds since the Unix epoch; the epoch itself for what is before it.
pub(crate) fn unix_ns(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
