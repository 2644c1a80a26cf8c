//! Values as OTLP has them, and as its reader of JSON understands them.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};
use otel_runtime::export::ValueData;

/// A request in OTLP/JSON, with odd doubles as zero.
pub(crate) fn read_json(body: &[u8]) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    replace_odd_doubles(&mut value);
    value
}

/// Zero for NaN and the infinities.
pub(crate) fn make_doubles_plain(value: &mut ValueData) {
    let plain = |double: &mut f64| {
        if !double.is_finite() {
            *double = 0.0;
        }
    };
    match value {
        ValueData::Double(double) => plain(double),
        ValueData::Doubles(doubles) => doubles.iter_mut().for_each(plain),
        _ => {}
    }
}

pub(crate) fn key_value(key: &str, value: &ValueData) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(any_value(value)),
        ..KeyValue::default()
    }
}

pub(crate) fn any_value(value: &ValueData) -> AnyValue {
    let array = |values: Vec<Value>| {
        Value::ArrayValue(ArrayValue {
            values: values
                .into_iter()
                .map(|value| AnyValue { value: Some(value) })
                .collect(),
        })
    };
    let value = match value {
        ValueData::Bool(value) => Value::BoolValue(*value),
        ValueData::Int(value) => Value::IntValue(*value),
        ValueData::Double(value) => Value::DoubleValue(*value),
        ValueData::Str(value) => Value::StringValue(value.clone()),
        ValueData::Bools(values) => array(values.iter().copied().map(Value::BoolValue).collect()),
        ValueData::Ints(values) => array(values.iter().copied().map(Value::IntValue).collect()),
        ValueData::Doubles(values) => {
            array(values.iter().copied().map(Value::DoubleValue).collect())
        }
        ValueData::Strs(values) => array(values.iter().cloned().map(Value::StringValue).collect()),
    };
    AnyValue { value: Some(value) }
}

fn replace_odd_doubles(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(values) => values.iter_mut().for_each(replace_odd_doubles),
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some("NaN" | "Infinity" | "-Infinity") if name == "doubleValue" => {
                        *value = 0.0.into();
                    }
                    _ => replace_odd_doubles(value),
                }
            }
        }
        _ => {}
    }
}
