//! What the runtime says of itself in metrics.

use std::thread;
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, RetryConfig};
use otel_runtime::metric::{Counter, Metrics, NumberValue, Open, Points};
use otel_runtime::{
    Config, Sampler, SpanContext, SpanId, TraceFlags, TraceId, install, span, traced,
};
use otelkit_tests::receiver::{Answer, HttpReceiver};

const TIMEOUT: Duration = Duration::from_secs(30);

static ORDERS: Counter<bool> = Counter::new("shop.orders", &["paid"]);

fn config() -> Config {
    Config::new().own_metrics(true)
}

/// The number of the series that has all of these attributes, and as many as are given.
fn number(metrics: &Metrics, name: &str, attributes: &[(&str, &str)]) -> Option<i64> {
    let points = match &metrics.metric(name)?.points {
        Points::Sum { points, .. } | Points::Gauge(points) => points,
        other => panic!("{other:?}"),
    };
    let is_meant = |key: &str, value: &str| attributes.contains(&(key, value));
    let found = points.iter().find(|point| {
        point.attributes.len() == attributes.len()
            && point.attributes.iter().all(|(key, value)| match value {
                otel_runtime::metric::AttributeValue::Str(text) => is_meant(key, text),
                _ => false,
            })
    });
    match found?.value {
        NumberValue::Int(value) => Some(value),
        NumberValue::Double(value) => panic!("{value}"),
    }
}

#[traced]
fn leaf() {}

#[traced]
fn root() {
    leaf();
    leaf();
}

#[traced(parent = caller)]
fn handle(caller: SpanContext) {
    leaf();
}

#[traced(args(_order))]
async fn never_polled(_order: u64) {}

fn remote(trace_flags: TraceFlags) -> SpanContext {
    SpanContext {
        trace_id: TraceId::new(7).unwrap(),
        span_id: SpanId::new(7).unwrap(),
        trace_flags,
        is_remote: true,
    }
}

fn started(metrics: &Metrics, origin: &str, result: &str) -> i64 {
    let attributes = [
        ("otel.span.parent.origin", origin),
        ("otel.span.sampling_result", result),
    ];
    number(metrics, "otel.sdk.span.started", &attributes).unwrap()
}

#[test]
fn every_span_that_begins_is_counted_on_every_thread_recorded_or_not() {
    let memory = MemoryExporter::new();
    let telemetry = install(config().with_exporter(memory.clone())).unwrap();
    root();
    thread::spawn(|| {
        root();
        handle(remote(TraceFlags::SAMPLED));
        handle(remote(TraceFlags::default()));
    })
    .join()
    .unwrap();
    let _open = span!("open");
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = memory.metrics();
    assert_eq!(started(&metrics, "none", "RECORD_AND_SAMPLE"), 3);
    assert_eq!(started(&metrics, "local", "RECORD_AND_SAMPLE"), 5);
    assert_eq!(started(&metrics, "remote", "RECORD_AND_SAMPLE"), 1);
    assert_eq!(started(&metrics, "remote", "DROP"), 1);
    assert_eq!(started(&metrics, "local", "DROP"), 1);
    assert_eq!(started(&metrics, "none", "DROP"), 0);
    assert_eq!(number(&metrics, "otelkit.span.recorded", &[]), Some(8));
    let live = [("otel.span.sampling_result", "RECORD_AND_SAMPLE")];
    assert_eq!(number(&metrics, "otel.sdk.span.live", &live), Some(1));
}

#[test]
fn a_trace_that_is_not_sampled_is_counted_with_everything_in_it() {
    let telemetry = install(config().sampler(Sampler::AlwaysOff)).unwrap();
    for _ in 0..10 {
        root();
    }
    let metrics = telemetry.metrics();
    assert_eq!(started(&metrics, "none", "DROP"), 10);
    assert_eq!(started(&metrics, "local", "DROP"), 20);
    assert_eq!(number(&metrics, "otelkit.span.recorded", &[]), Some(0));
}

#[test]
fn threads_that_come_and_go_leave_their_counts() {
    let telemetry = install(config().sampler(Sampler::AlwaysOff)).unwrap();
    for _ in 0..50 {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(root);
            }
        });
    }
    let metrics = telemetry.metrics();
    assert_eq!(started(&metrics, "none", "DROP"), 200);
    assert_eq!(started(&metrics, "local", "DROP"), 400);
}

#[test]
fn a_span_that_is_dropped_before_it_started_is_not_alive() {
    let telemetry = install(config()).unwrap();
    span!("outer").in_scope(|| drop(never_polled(1)));
    telemetry.flush(TIMEOUT).unwrap();
    let live = [("otel.span.sampling_result", "RECORD_AND_SAMPLE")];
    let metrics = telemetry.metrics();
    assert_eq!(number(&metrics, "otel.sdk.span.live", &live), Some(0));
}

#[test]
fn each_exporter_tells_what_it_delivered_lost_and_tried_again() {
    let receiver = HttpReceiver::start([Answer::status(503), Answer::ok()]);
    let otlp = OtlpConfig::new()
        .endpoint(receiver.url())
        .retry(RetryConfig {
            initial_backoff: Duration::from_millis(1),
            ..RetryConfig::default()
        });
    let config = config()
        .diagnostics(None)
        .with_exporter(OtlpExporter::new(otlp).unwrap())
        .with_exporter(MemoryExporter::new())
        .with_exporter(MemoryExporter::new());
    let telemetry = install(config).unwrap();
    root();
    telemetry.flush(TIMEOUT).unwrap();
    let metrics = telemetry.metrics();
    let of = |name: &'static str, kind: &'static str| {
        [("otel.component.name", name), ("otel.component.type", kind)]
    };
    let otlp = of("otlp_http_span_exporter/0", "otlp_http_span_exporter");
    for component in [otlp, of("memory/0", "memory"), of("memory/1", "memory")] {
        let exported = number(&metrics, "otel.sdk.exporter.span.exported", &component);
        assert_eq!(exported, Some(3), "{component:?}");
        let inflight = number(&metrics, "otel.sdk.exporter.span.inflight", &component);
        assert_eq!(inflight, Some(0), "{component:?}");
    }
    let cause = [("error.type", "unavailable")];
    let retried = number(
        &metrics,
        "otelkit.exporter.retries",
        &[otlp.as_slice(), &cause].concat(),
    );
    assert_eq!(retried, Some(1));
    let operations = metrics.metric("otel.sdk.exporter.operation.duration");
    let Some(Points::Histogram { points, .. }) = operations.map(|metric| &metric.points) else {
        panic!("{operations:?}");
    };
    let counts: Vec<_> = points.iter().map(|point| point.count()).collect();
    assert_eq!(counts, [1]);
}

#[test]
fn what_is_lost_is_there_by_cause() {
    let receiver = HttpReceiver::start([Answer::status(400)]);
    let otlp = OtlpConfig::new().endpoint(receiver.url());
    let config = config()
        .diagnostics(None)
        .with_exporter(OtlpExporter::new(otlp).unwrap());
    let telemetry = install(config).unwrap();
    root();
    telemetry.flush(TIMEOUT).unwrap_err();
    let metrics = telemetry.metrics();
    let lost = [
        ("otel.component.name", "otlp_http_span_exporter/0"),
        ("otel.component.type", "otlp_http_span_exporter"),
        ("error.type", "rejected"),
    ];
    let exported = number(&metrics, "otel.sdk.exporter.span.exported", &lost);
    assert_eq!(exported, Some(3));
}

#[test]
fn the_series_of_each_metric_are_counted_and_buffers_have_a_level() {
    let telemetry = install(config().max_buffer_bytes(1 << 20)).unwrap();
    root();
    telemetry.flush(TIMEOUT).unwrap();
    ORDERS.add(1, true);
    let metrics = telemetry.metrics();
    let of_orders = [("otelkit.metric.name", "shop.orders")];
    assert_eq!(
        number(&metrics, "otelkit.metric.series", &of_orders),
        Some(2)
    );
    let limit = number(&metrics, "otelkit.ring.memory.limit", &[]);
    assert_eq!(limit, Some(1 << 20));
    // Three spans of nine words or more.
    let waited = number(&metrics, "otelkit.ring.waiting.max", &[]).unwrap();
    assert!((1..4096).contains(&waited), "{waited}");
    let usage = number(&metrics, "otelkit.ring.memory.usage", &[]);
    assert_eq!(usage, Some(4096));
}

#[test]
fn values_that_found_no_series_are_counted_by_metric() {
    static LOGINS: Counter<Open<2>> = Counter::new("logins", &["user"]);
    let telemetry = install(config()).unwrap();
    for user in ["a", "b", "c", "d", "c"] {
        LOGINS.add(7, user);
    }
    let overflowed = [("otelkit.metric.name", "logins")];
    let values = number(
        &telemetry.metrics(),
        "otelkit.metric.overflowed",
        &overflowed,
    );
    assert_eq!(values, Some(3));
}

#[test]
fn a_program_without_metrics_sends_none_unasked() {
    let telemetry = install(Config::new()).unwrap();
    root();
    assert!(telemetry.metrics().list.is_empty());
    ORDERS.add(1, true);
    let metrics = telemetry.metrics();
    assert!(metrics.metric("otel.sdk.span.started").is_some());
}

#[test]
fn whoever_does_not_want_them_gets_none() {
    let telemetry = install(Config::new().own_metrics(false)).unwrap();
    root();
    ORDERS.add(1, true);
    let metrics = telemetry.metrics();
    let names: Vec<_> = metrics.list.iter().map(|metric| &*metric.name).collect();
    assert_eq!(names, ["shop.orders"]);
}
