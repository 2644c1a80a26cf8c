//! The series of `db.client.operation.duration`, as text.

use otel_runtime::metric::{AttributeValue, Metrics, Points};

/// Each series of a histogram: its attributes as `key=value`, and how many values it has.
#[must_use]
pub fn of(metrics: &Metrics, name: &str) -> Vec<(String, u64)> {
    let Some(metric) = metrics.metric(name) else {
        return Vec::new();
    };
    let Points::Histogram { points, .. } = &metric.points else {
        panic!("`{name}` is no histogram with boundaries");
    };
    let mut series: Vec<(String, u64)> = points
        .iter()
        .map(|point| {
            let attributes = point.attributes.iter().map(|(key, value)| match value {
                AttributeValue::Str(text) => format!("{key}={text}"),
                AttributeValue::Int(number) => format!("{key}={number}"),
                other => format!("{key}={other:?}"),
            });
            (attributes.collect::<Vec<_>>().join(" "), point.count())
        })
        .filter(|(_, values)| *values > 0)
        .collect();
    series.sort();
    series
}
