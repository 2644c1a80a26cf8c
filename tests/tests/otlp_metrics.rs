//! Metrics over OTLP: what is sent where, and what becomes of what a receiver does not want.

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use otel_runtime::export::otlp::{
    OtlpConfig, OtlpMetricsExporter, Protocol, TemporalityPreference,
};
use otel_runtime::export::{Exporter, LossCause};
use otelkit_tests::export::{Started, no_retry};
use otelkit_tests::grpc::{GrpcReceiver, accepted};
use otelkit_tests::metrics::orders;
use otelkit_tests::receiver::{Answer, HttpReceiver};
use prost::Message;

fn metrics_to(config: OtlpConfig) -> Started<OtlpMetricsExporter> {
    let config = config.diagnostics(false).retry(no_retry());
    Started::new(OtlpMetricsExporter::new(config).expect("valid settings"))
}

fn value_in(request: &ExportMetricsServiceRequest) -> (i64, i32) {
    let metric = &request.resource_metrics[0].scope_metrics[0].metrics[0];
    match metric.data.as_ref().unwrap() {
        Data::Sum(sum) => match sum.data_points[0].value {
            Some(Value::AsInt(value)) => (value, sum.aggregation_temporality),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn protobuf_and_json_go_to_the_path_of_metrics() {
    for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson] {
        let receiver = HttpReceiver::start([Answer::status(200)]);
        let config = OtlpConfig::new()
            .protocol(protocol)
            .endpoint(receiver.url());
        let mut sent = metrics_to(config);
        sent.exporter.metrics(&orders(7));
        sent.flush().unwrap();
        let request = receiver.request();
        assert_eq!(request.line, "POST /v1/metrics HTTP/1.1");
        let decoded = match protocol {
            Protocol::HttpJson => serde_json::from_slice(&request.body).unwrap(),
            _ => ExportMetricsServiceRequest::decode(&*request.body).unwrap(),
        };
        assert_eq!(value_in(&decoded), (7, 2));
        assert_eq!(
            (sent.stats.exported(), sent.stats.exported_points()),
            (0, 1)
        );
    }
}

#[test]
fn grpc_calls_the_service_of_metrics() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let mut sent = metrics_to(receiver.config().header("x-tenant", "a"));
    sent.exporter.metrics(&orders(7));
    sent.flush().unwrap();
    let seen = receiver.seen_metrics.lock().unwrap();
    let (metadata, request) = &seen[0];
    assert_eq!(metadata.get("x-tenant").unwrap(), "a");
    assert_eq!(value_in(request), (7, 2));
    assert_eq!(sent.stats.exported_points(), 1);
}

#[test]
fn deltas_are_sent_where_they_are_preferred() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let config = OtlpConfig::new()
        .endpoint(receiver.url())
        .temporality(TemporalityPreference::Delta);
    let mut sent = metrics_to(config);
    for total in [7, 7, 12] {
        sent.exporter.metrics(&orders(total));
        sent.flush().unwrap();
    }
    let values: Vec<_> = receiver
        .requests_so_far()
        .iter()
        .map(|request| value_in(&ExportMetricsServiceRequest::decode(&*request.body).unwrap()))
        .collect();
    assert_eq!(values, [(7, 1), (5, 1)]);
}

#[test]
fn what_the_receiver_rejects_is_counted_point_by_point() {
    let answer = ExportMetricsServiceResponse {
        partial_success: Some(ExportMetricsPartialSuccess {
            rejected_data_points: 1,
            error_message: "no".to_owned(),
        }),
    };
    let protobuf = ("content-type", "application/x-protobuf".to_owned());
    let json = ("content-type", "application/json".to_owned());
    let in_json = br#"{"partialSuccess":{"rejectedDataPoints":"1","errorMessage":"no"}}"#;
    for (protocol, header, body) in [
        (Protocol::HttpProtobuf, protobuf, answer.encode_to_vec()),
        (Protocol::HttpJson, json, in_json.to_vec()),
    ] {
        let receiver = HttpReceiver::start([Answer::Status(200, vec![header], body)]);
        let config = OtlpConfig::new()
            .protocol(protocol)
            .endpoint(receiver.url());
        let mut sent = metrics_to(config);
        let mut metrics = orders(7);
        metrics.list.extend(orders(8).list);
        sent.exporter.metrics(&metrics);
        let error = sent.flush().unwrap_err();
        assert_eq!(
            error.to_string(),
            "1 points of metrics not delivered in time: 1 points of metrics were rejected: no"
        );
        let stats = &sent.stats;
        assert_eq!(
            (
                stats.exported_points(),
                stats.dropped_points(LossCause::Rejected)
            ),
            (1, 1)
        );
    }
}

#[test]
fn what_cannot_be_delivered_is_lost_and_counted() {
    let receiver = HttpReceiver::start([Answer::status(400)]);
    let mut sent = metrics_to(OtlpConfig::new().endpoint(receiver.url()));
    sent.exporter.metrics(&orders(7));
    sent.flush().unwrap_err();
    assert_eq!(sent.stats.dropped_points(LossCause::Rejected), 1);
    assert_eq!(
        (sent.stats.dropped_total(), sent.stats.exported_points()),
        (0, 0)
    );
}

#[test]
fn a_reading_without_a_point_is_not_sent() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = metrics_to(OtlpConfig::new().endpoint(receiver.url()));
    sent.exporter
        .metrics(&otel_runtime::metric::Metrics::default());
    sent.flush().unwrap();
    assert_eq!(receiver.connections(), 0);
}
