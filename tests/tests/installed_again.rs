//! A second installation in one process: what is counted goes on, and nothing is sent twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use metrics::counter;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use otel_runtime::export::MemoryExporter;
use otel_runtime::export::otlp::{
    OtlpConfig, OtlpMetricsExporter, Protocol, TemporalityPreference,
};
use otel_runtime::metric::{
    Counter, Histogram, Metrics, NumberValue, ObservableCounter, Open, Points,
};
use otel_runtime::recorder::MetricsRecorder;
use otel_runtime::{Config, install, metered, span};
use otelkit_tests::export::no_retry;
use otelkit_tests::receiver::{Answer, HttpReceiver, Request};
use prost::Message;

const TIMEOUT: Duration = Duration::from_secs(30);

static ORDERS: Counter = Counter::new("orders", &[]);
static OF_TENANT: Counter<Open<3>> = Counter::new("orders.of_tenant", &["tenant"]);
static SIZES: Histogram = Histogram::new("sizes", &[]).buckets(&[10.0]);
static READ: ObservableCounter = ObservableCounter::new("read", &[]);
static HAS_READ: AtomicU64 = AtomicU64::new(0);

#[metered(name = "work")]
fn work() {}

/// So many of everything.
fn count(by: u64) {
    ORDERS.add(by, ());
    OF_TENANT.add(by, "acme");
    HAS_READ.fetch_add(by, Ordering::Relaxed);
    counter!("recorded").increment(by);
    for _ in 0..by {
        SIZES.record(1.0, ());
        work();
    }
}

const NAMES: [&str; 6] = [
    "orders",
    "orders.of_tenant",
    "read",
    "recorded",
    "sizes",
    "work.duration",
];

fn config() -> Config {
    Config::new()
        .diagnostics(None)
        .with_metrics_recorder(MetricsRecorder::new())
}

/// When the counting of this metric began, and how much there is.
fn shown(metrics: &Metrics, name: &str) -> (u64, u64) {
    let of = |start, count| (start, count);
    match &metrics.metric(name).unwrap().points {
        Points::Sum { points, .. } => match points[0].value {
            NumberValue::Int(value) => of(points[0].start_unix_ns, value.cast_unsigned()),
            other => panic!("{other:?}"),
        },
        Points::Histogram { points, .. } => of(points[0].start_unix_ns, points[0].count()),
        Points::ExponentialHistogram { points, .. } => {
            of(points[0].start_unix_ns, points[0].count())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn sums_go_on_from_where_they_were_with_the_start_they_had() {
    let _observed = READ.observe(|read| read.set(HAS_READ.load(Ordering::Relaxed), ()));
    let readings = [2, 3].map(|by| {
        let memory = MemoryExporter::new();
        let telemetry = install(config().with_exporter(memory.clone())).unwrap();
        count(by);
        drop(span!("one"));
        telemetry.shutdown(TIMEOUT).unwrap();
        memory.metrics()
    });
    for name in NAMES {
        let [(start, first), (still, second)] = readings.each_ref().map(|it| shown(it, name));
        assert_eq!((start, first, second), (still, 2, 5), "{name}");
        assert_ne!(start, 0, "{name}");
    }
    // The runtime's own figures begin with the runtime.
    let own = readings
        .each_ref()
        .map(|it| shown(it, "otelkit.span.recorded"));
    assert_eq!((own[0].1, own[1].1), (1, 1));
    assert!(own[0].0 < own[1].0);
}

/// What was sent of each metric, request by request.
fn sent(requests: &[Request], name: &str) -> Vec<u64> {
    let of_request = |body: &[u8]| {
        let request = ExportMetricsServiceRequest::decode(body).unwrap();
        let scopes = request.resource_metrics.into_iter();
        let scopes = scopes.flat_map(|resource| resource.scope_metrics);
        let mut metrics = scopes.flat_map(|scope| scope.metrics);
        match metrics.find(|metric| metric.name == name)?.data? {
            Data::Sum(sum) => match sum.data_points.first()?.value? {
                Value::AsInt(value) => Some(value.cast_unsigned()),
                Value::AsDouble(value) => panic!("{value}"),
            },
            Data::Histogram(histogram) => Some(histogram.data_points.first()?.count),
            Data::ExponentialHistogram(histogram) => Some(histogram.data_points.first()?.count),
            other => panic!("{other:?}"),
        }
    };
    let all = requests
        .iter()
        .filter_map(|request| of_request(&request.body));
    all.collect()
}

#[test]
fn a_receiver_of_deltas_is_sent_each_count_once() {
    let _observed = READ.observe(|read| read.set(HAS_READ.load(Ordering::Relaxed), ()));
    let receiver = HttpReceiver::start([Answer::ok()]);
    for by in [2, 3] {
        let otlp = OtlpConfig::new()
            .protocol(Protocol::HttpProtobuf)
            .endpoint(receiver.url())
            .temporality(TemporalityPreference::Delta)
            .retry(no_retry());
        let exporter = OtlpMetricsExporter::new(otlp).unwrap();
        let telemetry = install(config().with_exporter(exporter)).unwrap();
        count(by);
        telemetry.shutdown(TIMEOUT).unwrap();
    }
    let requests = receiver.requests_so_far();
    for name in NAMES {
        assert_eq!(sent(&requests, name), [2, 3], "{name}");
    }
}
