//! Attributes of series: each key once, in an order, in our types.

use opentelemetry::{KeyValue, Value};
use otel_runtime::metric::{AttributeValue, Attributes};

/// The same attributes by their keys; of several with one key the last.
pub(super) fn sorted(given: &[KeyValue]) -> Vec<KeyValue> {
    let mut sorted: Vec<KeyValue> = Vec::with_capacity(given.len());
    for attribute in given.iter().rev() {
        if !sorted.iter().any(|known| known.key == attribute.key) {
            sorted.push(attribute.clone());
        }
    }
    sorted.sort_by(|one, other| one.key.cmp(&other.key));
    sorted
}

/// In our types: floating-point numbers and arrays are texts.
pub(super) fn ours(sorted: &[KeyValue]) -> Attributes {
    let ours = sorted.iter().map(|attribute| {
        let value = match &attribute.value {
            Value::Bool(value) => AttributeValue::Bool(*value),
            Value::I64(value) => AttributeValue::Int(*value),
            other => AttributeValue::from(other.as_str().into_owned()),
        };
        (attribute.key.as_str().to_owned().into(), value)
    });
    ours.collect()
}

/// Of the one series that stands for those beyond the most there can be.
pub(super) fn of_overflow() -> Attributes {
    vec![("otel.metric.overflow".into(), true.into())]
}
