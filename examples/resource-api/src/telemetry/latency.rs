//! How long the operations took, and how they failed: read off the runtime's own metrics.

use std::collections::BTreeMap;

use otel_runtime::metric::{AttributeValue, Attributes, ExponentialPoint, Metrics, Points};

/// The metric that `#[metered]` counts calls in, and the keys by which it divides them.
const DURATION: &str = "function.duration";
const FUNCTION: &str = "code.function.name";
const OUTCOME: &str = "otelkit.outcome";
const CLASS: &str = "otelkit.error.class";
const TYPE: &str = "error.type";

/// All calls of one operation, however they ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it is called.
    pub name: String,
    /// How long they took, in seconds.
    pub durations: ExponentialPoint,
    /// How many ended otherwise than well: by the error's class, or as `cancelled` or `panicked`.
    pub failures: BTreeMap<String, u64>,
}

/// Every operation that was called, by name.
#[must_use]
pub fn operations(metrics: &Metrics) -> Vec<Operation> {
    operations_of(metrics, DURATION, &[FUNCTION])
}

/// Everything that is counted in this histogram of calls, by the values of these attributes.
#[must_use]
pub fn operations_of(metrics: &Metrics, name: &str, keys: &[&str]) -> Vec<Operation> {
    let points = metrics.metric(name).map(|metric| &metric.points);
    let Some(Points::ExponentialHistogram { points, .. }) = points else {
        return Vec::new();
    };
    let mut operations: BTreeMap<String, Operation> = BTreeMap::new();
    for point in points.iter().filter(|point| point.count() > 0) {
        let parts = keys.iter().map(|key| text(&point.attributes, key));
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let name = parts.join(".");
        let operation = match operations.get_mut(&name) {
            Some(operation) => {
                operation.durations.merge(point);
                operation
            }
            None => operations.entry(name.clone()).or_insert(Operation {
                name,
                durations: point.clone(),
                failures: BTreeMap::new(),
            }),
        };
        if let Some(failure) = failure(&point.attributes) {
            *operation.failures.entry(failure.to_owned()).or_default() += point.count();
        }
    }
    operations.into_values().collect()
}

/// How the calls of a series ended, unless they went well.
fn failure(attributes: &Attributes) -> Option<&str> {
    match text(attributes, OUTCOME)? {
        "ok" => None,
        "error" => text(attributes, CLASS).or_else(|| text(attributes, TYPE)),
        other => Some(other),
    }
}

fn text<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    attributes.iter().find_map(|(known, value)| match value {
        AttributeValue::Str(text) if known == key => Some(&**text),
        _ => None,
    })
}
