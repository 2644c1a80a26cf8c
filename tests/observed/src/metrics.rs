//! Metrics as lines.

use otel_runtime::metric::{AttributeValue, Attributes, Metrics, NumberValue, Points};

pub(crate) fn of(metrics: &Metrics, prefix: &str) -> String {
    let mut lines = Vec::new();
    let chosen = metrics
        .list
        .iter()
        .filter(|metric| metric.name.starts_with(prefix));
    for metric in chosen {
        let mut line = |attributes: &Attributes, says: String| {
            lines.push(format!("{}{} {says}\n", metric.name, braces(attributes)));
        };
        let values = |count: u64, sum: f64| match &*metric.unit {
            "s" => count.to_string(),
            _ => format!("{count} of {sum}"),
        };
        match &metric.points {
            Points::Sum { points, .. } | Points::Gauge(points) => {
                for point in points {
                    let value = match point.value {
                        NumberValue::Int(value) => value.to_string(),
                        NumberValue::Double(value) => value.to_string(),
                    };
                    line(&point.attributes, value);
                }
            }
            Points::Histogram { points, .. } => {
                for point in points {
                    line(&point.attributes, values(point.count(), point.sum));
                }
            }
            Points::ExponentialHistogram { points, .. } => {
                for point in points {
                    line(&point.attributes, values(point.count(), point.sum));
                }
            }
        }
    }
    lines.sort();
    lines.concat()
}

fn braces(attributes: &Attributes) -> String {
    let pairs: Vec<_> = attributes
        .iter()
        .map(|(key, value)| match value {
            AttributeValue::Str(text) => format!("{key}={text}"),
            AttributeValue::Bool(value) => format!("{key}={value}"),
            AttributeValue::Int(value) => format!("{key}={value}"),
        })
        .collect();
    format!("{{{}}}", pairs.join(", "))
}
