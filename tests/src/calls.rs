//! What was counted while something ran.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::metric::{AttributeValue, Attributes, Metrics, NumberValue, Points};
use otel_runtime::{Config, install};

/// What was counted while something ran, and its spans.
#[derive(Debug)]
pub struct Counted {
    /// The metrics at the end.
    pub metrics: Metrics,
    /// The spans, in the order of their ends.
    pub spans: Vec<SpanData>,
}

impl Counted {
    /// Of what this does, with a runtime of its own; one at a time, as a process has one.
    ///
    /// # Panics
    /// If the runtime cannot be installed, or does not end.
    pub fn during(work: impl FnOnce()) -> Self {
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = MemoryExporter::new();
        let telemetry = install(Config::new().with_exporter(memory.clone())).expect("no runtime");
        work();
        telemetry
            .shutdown(Duration::from_secs(10))
            .expect("it ends");
        Self {
            metrics: memory.metrics(),
            spans: memory.take(),
        }
    }

    /// The series of a metric that this function writes: its attributes but for the function's
    /// name, as `key=value` separated by spaces, and its sum or how many values there are.
    ///
    /// # Panics
    /// If there is no such metric.
    #[must_use]
    pub fn series(&self, metric: &str, function: &str) -> Vec<(String, i64)> {
        let amount = |amount| match amount {
            Amount::Sum(sum) => sum,
            Amount::Values(values, _) => i64::try_from(values).expect("it is small"),
        };
        self.points(metric, function)
            .into_iter()
            .map(|(attributes, counted)| (labels(&attributes), amount(counted)))
            .collect()
    }

    /// The same for series that something was counted in.
    #[must_use]
    pub fn counted(&self, metric: &str, function: &str) -> Vec<(String, i64)> {
        let mut series = self.series(metric, function);
        series.retain(|(_, amount)| *amount != 0);
        series
    }

    /// The sum of all values of a histogram that this function writes.
    ///
    /// # Panics
    /// If there is no such histogram.
    #[must_use]
    pub fn sum(&self, metric: &str, function: &str) -> f64 {
        self.points(metric, function)
            .into_iter()
            .map(|(_, amount)| match amount {
                Amount::Values(_, sum) => sum,
                Amount::Sum(_) => panic!("`{metric}` is no histogram"),
            })
            .sum()
    }

    /// What is in the series of values that found no other: its sum, or how many values there are.
    #[must_use]
    pub fn overflow(&self, metric: &str) -> i64 {
        let points = self.all_points(metric);
        let overflow =
            |attributes: &Attributes| matches!(&**attributes, [(key, _)] if key == OVERFLOW);
        let found = points
            .into_iter()
            .find(|(attributes, _)| overflow(attributes));
        found.map_or(0, |(_, amount)| match amount {
            Amount::Sum(sum) => sum,
            Amount::Values(values, _) => i64::try_from(values).expect("it is small"),
        })
    }

    fn points(&self, metric: &str, function: &str) -> Vec<(Attributes, Amount)> {
        let mut points = self.all_points(metric);
        points.retain(|(attributes, _)| {
            let name = attributes.iter().find(|(key, _)| key == FUNCTION);
            name.is_some_and(|(_, name)| shown(name) == function)
        });
        points
    }

    fn all_points(&self, metric: &str) -> Vec<(Attributes, Amount)> {
        let found = self.metrics.metric(metric);
        let found = found.unwrap_or_else(|| panic!("no metric `{metric}`"));
        match &found.points {
            Points::Sum { points, .. } => points
                .iter()
                .map(|point| match point.value {
                    NumberValue::Int(sum) => (point.attributes.clone(), Amount::Sum(sum)),
                    NumberValue::Double(_) => panic!("{point:?}"),
                })
                .collect(),
            Points::Histogram { points, .. } => points
                .iter()
                .map(|point| {
                    let amount = Amount::Values(point.count(), point.sum);
                    (point.attributes.clone(), amount)
                })
                .collect(),
            Points::ExponentialHistogram { points, .. } => points
                .iter()
                .map(|point| {
                    let amount = Amount::Values(point.count(), point.sum);
                    (point.attributes.clone(), amount)
                })
                .collect(),
            Points::Gauge(_) => panic!("`{metric}` is a gauge"),
        }
    }
}

enum Amount {
    Sum(i64),
    /// How many, and their sum.
    Values(u64, f64),
}

const OVERFLOW: &str = "otel.metric.overflow";
const FUNCTION: &str = "code.function.name";

fn labels(attributes: &Attributes) -> String {
    let labels = attributes.iter().filter(|(key, _)| key != FUNCTION);
    let labels: Vec<String> = labels
        .map(|(key, value)| {
            let key = key.trim_start_matches("otelkit.");
            format!("{key}={}", shown(value))
        })
        .collect();
    labels.join(" ")
}

fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::Int(value) => value.to_string(),
        AttributeValue::Str(value) => value.to_string(),
    }
}
