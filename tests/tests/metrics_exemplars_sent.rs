//! Exemplars as scrapers and receivers see them.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use otel_runtime::export::otlp::{
    OtlpConfig, OtlpMetricsExporter, Protocol, TemporalityPreference,
};
use otel_runtime::export::prometheus::{Format, render};
use otel_runtime::export::{Exporter, MemoryExporter, SpanData};
use otel_runtime::metric::{Counter, Histogram, Metrics};
use otel_runtime::{Config, Resource, Telemetry, install, metered, traced};
use otelkit_tests::export::{Started, no_retry};
use otelkit_tests::receiver::{Answer, HttpReceiver};
use prost::Message;

const TIMEOUT: Duration = Duration::from_secs(10);

static SIZES: Histogram = Histogram::new("exemplars.sizes", &[]).buckets(&[10.0, 100.0]);
static ORDERS: Counter<bool> = Counter::new("exemplars.orders", &["gift"]);

#[metered(name = "within")]
fn within() {}

#[traced]
fn around() {
    within();
    SIZES.record(700.0, ());
    SIZES.record(7.0, ());
    ORDERS.add(3, true);
}

fn during(work: impl FnOnce(&Telemetry)) -> Vec<SpanData> {
    let memory = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(memory.clone())).unwrap();
    work(&telemetry);
    telemetry.shutdown(TIMEOUT).unwrap();
    memory.take()
}

#[test]
fn scrapers_and_receivers_are_shown_exemplars() {
    let mut metrics = Metrics::default();
    let spans = during(|telemetry| {
        around();
        metrics = telemetry.metrics();
    });
    let [trace, span] = [spans[0].trace_id.to_string(), spans[0].span_id.to_string()];
    let body = render(&metrics, &Resource::default(), "", Format::OpenMetrics);
    let body = String::from_utf8(body).unwrap();
    let shown = |prefix: &str, value: &str| {
        let exemplar = format!(" # {{trace_id=\"{trace}\",span_id=\"{span}\"}} {value}");
        let lines: Vec<_> = body
            .lines()
            .filter(|line| line.starts_with(prefix))
            .collect();
        assert!(
            lines.iter().any(|line| line.contains(&exemplar)),
            "{lines:?}"
        );
    };
    shown("exemplars_sizes_bucket{le=\"10.0\"}", "7.0 ");
    shown("exemplars_sizes_bucket{le=\"+Inf\"}", "700.0 ");
    shown("exemplars_orders_total{gift=\"true\"}", "3 ");
    shown("within_calls_total{", "1 ");
    shown("within_duration_seconds_bucket{", "");

    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(&receiver, TemporalityPreference::Cumulative);
    sent.exporter.metrics(&metrics);
    sent.flush().unwrap();
    let [(sent_trace, sent_span, 7.0), (_, _, 700.0)] = &sizes(&receiver)[0][..] else {
        panic!("{:?}", sizes(&receiver));
    };
    assert_eq!(*sent_trace, spans[0].trace_id.to_bytes());
    assert_eq!(*sent_span, spans[0].span_id.to_bytes());
}

#[test]
fn exemplars_of_deltas_belong_to_the_interval() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(&receiver, TemporalityPreference::Delta);
    during(|telemetry| {
        let mut read = || {
            sent.exporter.metrics(&telemetry.metrics());
            sent.flush().unwrap();
        };
        around();
        read();
        // counted, and no exemplar
        SIZES.record(1.0, ());
        read();
        around();
        read();
    });
    let counts: Vec<_> = sizes(&receiver).iter().map(Vec::len).collect();
    assert_eq!(counts, [2, 0, 2]);
}

fn otlp(receiver: &HttpReceiver, wanted: TemporalityPreference) -> Started<OtlpMetricsExporter> {
    let config = OtlpConfig::new()
        .protocol(Protocol::HttpProtobuf)
        .endpoint(receiver.url())
        .temporality(wanted)
        .diagnostics(false)
        .retry(no_retry());
    Started::new(OtlpMetricsExporter::new(config).unwrap())
}

/// A trace id, a span id, and a value.
type Sent = (Vec<u8>, Vec<u8>, f64);

/// Of each request, the exemplars of `exemplars.sizes`.
fn sizes(receiver: &HttpReceiver) -> Vec<Vec<Sent>> {
    use opentelemetry_proto::tonic::metrics::v1::exemplar::Value;
    let requests = receiver.requests_so_far();
    let of_request = |body: &[u8]| {
        let request = ExportMetricsServiceRequest::decode(body).unwrap();
        let scopes = request.resource_metrics.into_iter();
        let scopes = scopes.flat_map(|resource| resource.scope_metrics);
        let mut metrics = scopes.flat_map(|scope| scope.metrics);
        let metric = metrics.find(|metric| metric.name == "exemplars.sizes");
        let Some(Data::Histogram(histogram)) = metric.unwrap().data else {
            panic!("no histogram");
        };
        let points = histogram.data_points.into_iter();
        let exemplars = points.flat_map(|point| point.exemplars);
        exemplars
            .map(|exemplar| match exemplar.value {
                Some(Value::AsDouble(value)) => (exemplar.trace_id, exemplar.span_id, value),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    requests
        .iter()
        .map(|request| of_request(&request.body))
        .collect()
}
