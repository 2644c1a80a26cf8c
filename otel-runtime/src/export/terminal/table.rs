//! Metrics as a table.

use std::fmt::Write;

use super::escaped::Escaped;
use super::render::Duration;
use crate::metric::{AttributeValue, Attributes, Metric, Metrics, NumberValue, Points};

const HEADINGS: [&str; 7] = ["metric", "labels", "value", "p50", "p95", "p99", "max"];
/// Texts stand at the left of their column, numbers at the right.
const TEXTS: usize = 2;

/// Writes metrics as a table: a line for each series that has counted something.
///
/// The value of a histogram is how many values it has. Percentiles are those of the buckets: the
/// upper boundary of the one that holds it, or the greatest value if that is less. Control
/// characters in texts are escaped. Nothing is written if nothing was counted.
///
/// ```
/// use otel_runtime::export::terminal::render_table;
/// use otel_runtime::metric::Metrics;
///
/// assert_eq!(render_table(&Metrics::default()), "");
/// ```
#[must_use]
pub fn render_table(metrics: &Metrics) -> String {
    let rows: Vec<_> = metrics.list.iter().flat_map(rows).collect();
    if rows.is_empty() {
        return String::new();
    }
    let headings = HEADINGS.map(str::to_owned);
    let mut widths = [0; HEADINGS.len()];
    for row in rows.iter().chain([&headings]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in [&headings].into_iter().chain(&rows) {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = if column > 0 { "  " } else { "" };
            // writing to a string cannot fail
            let _ = match column < TEXTS {
                true => write!(line, "{gap}{cell:<width$}"),
                false => write!(line, "{gap}{cell:>width$}"),
            };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

type Row = [String; HEADINGS.len()];

fn rows(metric: &Metric) -> Vec<Row> {
    let start = |attributes: &Attributes| (Escaped(&metric.name).to_string(), labels(attributes));
    let shown = |value: f64| quantity(value, &metric.unit);
    match &metric.points {
        Points::Gauge(points) | Points::Sum { points, .. } => points
            .iter()
            .filter(|point| !is_zero(point.value) || matches!(metric.points, Points::Gauge(_)))
            .map(|point| {
                let (name, labels) = start(&point.attributes);
                let value = match point.value {
                    NumberValue::Int(value) => whole(&value.to_string(), &metric.unit),
                    NumberValue::Double(value) => shown(value),
                };
                [name, labels, value].into_row()
            })
            .collect(),
        Points::Histogram {
            points, boundaries, ..
        } => points
            .iter()
            .filter(|point| point.count() > 0)
            .map(|point| {
                let (name, labels) = start(&point.attributes);
                let at = |share| point.quantile(boundaries, share).map(shown);
                distribution(name, labels, point.count(), at, point.max.map(shown))
            })
            .collect(),
        Points::ExponentialHistogram { points, .. } => points
            .iter()
            .filter(|point| point.count() > 0)
            .map(|point| {
                let (name, labels) = start(&point.attributes);
                let at = |share| point.quantile(share).map(shown);
                distribution(name, labels, point.count(), at, point.max.map(shown))
            })
            .collect(),
    }
}

fn distribution(
    name: String,
    labels: String,
    count: u64,
    quantile: impl Fn(f64) -> Option<String>,
    max: Option<String>,
) -> Row {
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| quantile(share).unwrap_or_default());
    let max = max.unwrap_or_default();
    [name, labels, count.to_string(), p50, p95, p99, max]
}

trait IntoRow {
    fn into_row(self) -> Row;
}

impl IntoRow for [String; 3] {
    fn into_row(self) -> Row {
        let [name, labels, value] = self;
        let nothing = String::new;
        [
            name,
            labels,
            value,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
        ]
    }
}

fn is_zero(value: NumberValue) -> bool {
    match value {
        NumberValue::Int(value) => value == 0,
        NumberValue::Double(value) => value == 0.0,
    }
}

fn labels(attributes: &Attributes) -> String {
    let mut labels = String::new();
    for (key, value) in attributes {
        let gap = if labels.is_empty() { "" } else { " " };
        let key = Escaped(key);
        let _ = match value {
            AttributeValue::Bool(value) => write!(labels, "{gap}{key}={value}"),
            AttributeValue::Int(value) => write!(labels, "{gap}{key}={value}"),
            AttributeValue::Str(text) => write!(labels, "{gap}{key}={}", Escaped(text)),
        };
    }
    labels
}

/// A number with its unit; seconds as people say them.
fn quantity(value: f64, unit: &str) -> String {
    if unit == "s" && (0.0..1e9).contains(&value) {
        return Duration((value * 1e9).round() as u64).to_string();
    }
    let number = match value.abs() {
        0.001..1e7 => {
            let number = format!("{value:.3}");
            number
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        }
        _ => format!("{value:?}"),
    };
    whole(&number, unit)
}

/// What is annotated, such as `{order}`, is not said: the name says it.
fn whole(number: &str, unit: &str) -> String {
    if unit.is_empty() || unit == "1" || unit.contains('{') {
        number.to_owned()
    } else {
        format!("{number} {}", Escaped(unit))
    }
}
