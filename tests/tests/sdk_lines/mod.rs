//! An exporter of the SDK that remembers, and what it got, line by line.

use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::{
    InMemoryMetricExporter, InMemoryMetricExporterBuilder, Temporality,
};

pub(crate) fn memory(temporality: Temporality) -> InMemoryMetricExporter {
    InMemoryMetricExporterBuilder::new()
        .with_temporality(temporality)
        .build()
}

/// One line for each point: its metric, its attributes, and what it says.
pub(crate) fn lines(exported: &ResourceMetrics) -> Vec<String> {
    fn attributes<'a>(of: impl Iterator<Item = &'a opentelemetry::KeyValue>) -> String {
        of.map(|it| format!("{}={};", it.key, it.value)).collect()
    }
    fn points<T: Copy + std::fmt::Debug>(name: &str, data: &MetricData<T>) -> Vec<String> {
        match data {
            MetricData::Gauge(gauge) => gauge
                .data_points()
                .map(|it| {
                    format!(
                        "{name} gauge {}{:?}",
                        attributes(it.attributes()),
                        it.value()
                    )
                })
                .collect(),
            MetricData::Sum(sum) => sum
                .data_points()
                .map(|it| {
                    let (of, value) = (attributes(it.attributes()), it.value());
                    let rises = if sum.is_monotonic() { "counter" } else { "sum" };
                    format!("{name} {rises} {:?} {of}{value:?}", sum.temporality())
                })
                .collect(),
            MetricData::Histogram(all) => all
                .data_points()
                .map(|it| {
                    let (of, sum) = (attributes(it.attributes()), it.sum());
                    let bounds: Vec<_> = it.bounds().collect();
                    let counts: Vec<_> = it.bucket_counts().collect();
                    let (temporality, least) = (all.temporality(), it.min());
                    format!("{name} {temporality:?} {of}{bounds:?} {counts:?} {sum:?} {least:?}")
                })
                .collect(),
            MetricData::ExponentialHistogram(all) => all
                .data_points()
                .map(|it| {
                    let buckets: u64 = it.positive_bucket().counts().sum();
                    let (zeros, count, sum) = (it.zero_count(), it.count(), it.sum());
                    let temporality = all.temporality();
                    format!(
                        "{name} {temporality:?} zeros {zeros} buckets {buckets} of {count} {sum:?}"
                    )
                })
                .collect(),
        }
    }
    let metrics = exported.scope_metrics().flat_map(|scope| scope.metrics());
    let mut lines: Vec<_> = metrics
        .flat_map(|metric| match metric.data() {
            AggregatedMetrics::F64(data) => points(metric.name(), data),
            AggregatedMetrics::U64(data) => points(metric.name(), data),
            AggregatedMetrics::I64(data) => points(metric.name(), data),
        })
        .collect();
    lines.sort();
    lines
}
