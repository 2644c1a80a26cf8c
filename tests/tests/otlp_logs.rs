//! Log records over OTLP, by every way there is.

use std::fs;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use otel_runtime::export::file::FileExporter;
use otel_runtime::export::otlp::{OtlpConfig, OtlpLogsExporter, Protocol};
use otel_runtime::export::{BatchConfig, Exporter, LossCause};
use otelkit_tests::export::{Started, hasty, no_retry};
use otelkit_tests::grpc::{GrpcReceiver, accepted};
use otelkit_tests::logs::{plain_log, with_log_view};
use otelkit_tests::receiver::{Answer, HttpReceiver};
use prost::Message;

const PATIENCE: Duration = Duration::from_secs(30);

fn started(config: OtlpConfig) -> Started<OtlpLogsExporter> {
    Started::new(OtlpLogsExporter::new(config.diagnostics(false)).unwrap())
}

fn say(sent: &mut Started<impl Exporter>, logs: u64) {
    for number in 0..logs {
        with_log_view(&plain_log(number), |view| sent.exporter.log(view));
    }
}

fn records_in(request: &ExportLogsServiceRequest) -> usize {
    request.resource_logs[0].scope_logs[0].log_records.len()
}

fn response(rejected_log_records: i64, message: &str) -> ExportLogsServiceResponse {
    ExportLogsServiceResponse {
        partial_success: Some(ExportLogsPartialSuccess {
            rejected_log_records,
            error_message: message.to_owned(),
        }),
    }
}

#[test]
fn protobuf_goes_over_http_to_the_path_of_logs() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = started(OtlpConfig::new().endpoint(receiver.url()));
    say(&mut sent, 10);
    sent.flush().unwrap();
    let request = receiver.request();
    assert_eq!(request.line, "POST /v1/logs HTTP/1.1");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-protobuf")
    );
    assert_eq!(
        records_in(&ExportLogsServiceRequest::decode(&*request.body).unwrap()),
        10
    );
    assert_eq!(
        (sent.stats.exported_logs(), sent.stats.dropped_logs_total()),
        (10, 0)
    );
    assert_eq!(
        (sent.stats.exported(), sent.stats.exported_points()),
        (0, 0)
    );
}

#[test]
fn an_endpoint_of_their_own_is_used_as_it_is() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let config = OtlpConfig::new()
        .endpoint("http://127.0.0.1:9")
        .logs_endpoint(format!("{}/in?key=a", receiver.url()))
        .header("x-tenant", "a");
    let mut sent = started(config);
    say(&mut sent, 1);
    sent.flush().unwrap();
    let request = receiver.request();
    assert_eq!(request.line, "POST /in?key=a HTTP/1.1");
    assert_eq!(request.header("x-tenant"), Some("a"));
}

#[test]
fn json_goes_over_http_and_partial_success_is_read_from_json() {
    let json = vec![("content-type", "application/json".to_owned())];
    let answer = br#"{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"over quota"}}"#;
    let receiver = HttpReceiver::start([Answer::Status(200, json, answer.to_vec())]);
    let config = OtlpConfig::new()
        .protocol(Protocol::HttpJson)
        .endpoint(receiver.url());
    let mut sent = started(config);
    say(&mut sent, 10);
    let error = sent.flush().unwrap_err();
    assert_eq!((error.pending, error.pending_logs), (0, 3));
    assert_eq!(
        error.to_string(),
        "3 log records not delivered in time: 3 log records were rejected: over quota"
    );
    let request = receiver.request();
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        records_in(&serde_json::from_slice(&request.body).unwrap()),
        10
    );
    assert_eq!(sent.stats.exported_logs(), 7);
    assert_eq!(sent.stats.dropped_logs(LossCause::Rejected), 3);
}

#[test]
fn partial_success_is_read_from_protobuf_and_nothing_is_sent_again() {
    let protobuf = vec![("content-type", "application/x-protobuf".to_owned())];
    let body = response(4, "too old").encode_to_vec();
    let receiver = HttpReceiver::start([Answer::Status(200, protobuf, body)]);
    let mut sent = started(OtlpConfig::new().endpoint(receiver.url()).retry(hasty()));
    say(&mut sent, 10);
    sent.flush().unwrap_err();
    assert_eq!(sent.stats.exported_logs(), 6);
    assert_eq!(sent.stats.dropped_logs(LossCause::Rejected), 4);
    assert_eq!(receiver.requests_so_far().len(), 1);
}

#[test]
fn what_may_help_is_tried_again_and_what_may_not_is_lost() {
    let receiver = HttpReceiver::start([Answer::status(503), Answer::status(429), Answer::ok()]);
    let mut sent = started(OtlpConfig::new().endpoint(receiver.url()).retry(hasty()));
    say(&mut sent, 5);
    sent.flush().unwrap();
    assert_eq!(sent.stats.exported_logs(), 5);
    assert_eq!(receiver.requests_so_far().len(), 3);

    let receiver = HttpReceiver::start([Answer::status(400)]);
    let mut sent = started(OtlpConfig::new().endpoint(receiver.url()).retry(hasty()));
    say(&mut sent, 5);
    sent.flush().unwrap_err();
    assert_eq!(sent.stats.dropped_logs(LossCause::Rejected), 5);

    let nobody = OtlpConfig::new()
        .endpoint("http://127.0.0.1:9")
        .retry(no_retry());
    let mut sent = started(nobody);
    say(&mut sent, 5);
    sent.shutdown(PATIENCE).unwrap_err();
    assert_eq!(sent.stats.dropped_logs_total(), 5);
}

#[test]
fn grpc_calls_the_service_of_logs() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let mut sent = started(receiver.config().header("x-tenant", "a"));
    say(&mut sent, 10);
    let error = sent.flush().unwrap_err();
    assert_eq!(
        error.last_error.as_deref(),
        Some("1 log records were rejected: too old")
    );
    assert_eq!(sent.stats.exported_logs(), 9);
    assert_eq!(sent.stats.dropped_logs(LossCause::Rejected), 1);
    let seen = receiver.seen_logs.lock().unwrap();
    let (metadata, request) = &seen[0];
    assert_eq!(metadata.get("x-tenant").unwrap(), "a");
    assert_eq!(records_in(request), 10);
    assert_eq!(receiver.requests(), 0, "no spans");
}

#[test]
fn a_batch_is_sent_when_it_is_full() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let batch = BatchConfig {
        max_export_batch_size: 4,
        schedule_delay: Duration::from_secs(3600),
        ..BatchConfig::default()
    };
    let mut sent = started(OtlpConfig::new().endpoint(receiver.url()).batch(batch));
    say(&mut sent, 9);
    let in_request = || {
        let body = receiver.request().body;
        records_in(&ExportLogsServiceRequest::decode(&*body).unwrap())
    };
    assert_eq!((in_request(), in_request()), (4, 4));
    sent.shutdown(PATIENCE).unwrap();
    assert_eq!(in_request(), 1);
}

#[test]
fn a_file_has_lines_of_records_beside_those_of_spans() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("telemetry.jsonl");
    let mut written = Started::new(FileExporter::new(&path));
    written.export(2);
    say(&mut written, 3);
    written.shutdown(PATIENCE).unwrap();
    assert_eq!(
        (written.stats.exported(), written.stats.exported_logs()),
        (2, 3)
    );
    let text = fs::read_to_string(&path).unwrap();
    let [spans, logs] = text.lines().collect::<Vec<_>>()[..] else {
        panic!("{text}");
    };
    assert!(spans.starts_with("{\"resourceSpans\""));
    assert_eq!(records_in(&serde_json::from_str(logs).unwrap()), 3);
}
