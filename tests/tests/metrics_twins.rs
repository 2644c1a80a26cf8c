//! Instruments that are written down twice, and values that look like none.

use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::metric::{Counter, Gauge, Metrics, NumberValue, Open, Points};
use otel_runtime::{Config, install};

/// As two versions of one crate have it.
static FIRST: Counter<bool> = Counter::new("client.requests", &["cached"]);
static SECOND: Counter<bool> = Counter::new("client.requests", &["cached"]);
static DEPTHS: Gauge<Open<10>> = Gauge::new("queue.depth", &["queue"]);

const TIMEOUT: Duration = Duration::from_secs(10);

fn values(metrics: &Metrics, name: &str) -> Vec<NumberValue> {
    match &metrics.metric(name).unwrap().points {
        Points::Sum { points, .. } | Points::Gauge(points) => {
            points.iter().map(|point| point.value).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// One test, because one process has one runtime.
#[test]
fn twins_are_one_metric_and_a_gauge_that_is_zero_is_shown() {
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    FIRST.add(2, true);
    SECOND.add(3, true);
    DEPTHS.set(5.0, "mail");
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    let requests = [NumberValue::Int(0), NumberValue::Int(5)];
    assert_eq!(values(&metrics, "client.requests"), requests);
    assert_eq!(values(&metrics, "queue.depth"), [NumberValue::Double(5.0)]);
    SECOND.add(1, false);
    DEPTHS.set(0.0, "mail");
    telemetry.shutdown(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    let requests = [NumberValue::Int(1), NumberValue::Int(5)];
    assert_eq!(values(&metrics, "client.requests"), requests);
    assert_eq!(values(&metrics, "queue.depth"), [NumberValue::Double(0.0)]);
}
