//! OTLP over HTTP, against receivers that behave.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use otel_runtime::export::otlp::{BatchConfig, Compression, OtlpConfig, Pem, Protocol};
use otel_runtime::export::{Exporter, LossCause};
use otelkit_tests::export::{hasty, no_retry, otlp};
use otelkit_tests::receiver::{Answer, HttpReceiver};
use otelkit_tests::spans::{plain, trace, with_view};
use otelkit_tests::tls::Papers;
use prost::Message;

fn spans_in(body: &[u8]) -> usize {
    let request = ExportTraceServiceRequest::decode(body).expect("OTLP");
    request.resource_spans[0].scope_spans[0].spans.len()
}

#[test]
fn a_flush_delivers_everything_in_one_request() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()));
    sent.export(10);
    sent.flush().unwrap();
    assert_eq!(sent.counts(LossCause::Failed), (10, 0));
    let request = receiver.request();
    assert_eq!(request.line, "POST /v1/traces HTTP/1.1");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-protobuf")
    );
    assert_eq!(
        request.header("user-agent"),
        Some("OtelKit-OTLP-Exporter-Rust/0.1.0")
    );
    assert_eq!(spans_in(&request.body), 10);
}

#[test]
fn a_connection_is_kept_from_batch_to_batch() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()));
    for _ in 0..5 {
        sent.export(1);
        sent.flush().unwrap();
    }
    assert_eq!(receiver.connections(), 1);
    assert_eq!(receiver.requests_so_far().len(), 5);
}

#[test]
fn json_is_sent_where_json_is_asked_for() {
    let receiver = HttpReceiver::start([Answer::Status(
        200,
        vec![("content-type", "application/json; charset=utf-8".to_owned())],
        br#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}"#.to_vec(),
    )]);
    let config = OtlpConfig::new()
        .protocol(Protocol::HttpJson)
        .endpoint(receiver.url());
    let mut sent = otlp(config);
    sent.export(3);
    let error = sent.flush().unwrap_err();
    assert_eq!(error.pending, 2);
    assert_eq!(
        error.last_error.as_deref(),
        Some("2 spans were rejected: too old")
    );
    assert_eq!(sent.counts(LossCause::Rejected), (1, 2));
    let request = receiver.request();
    assert_eq!(request.header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    let spans = &body["resourceSpans"][0]["scopeSpans"][0]["spans"];
    assert_eq!(spans.as_array().unwrap().len(), 3);
}

#[test]
fn the_endpoint_of_traces_is_used_as_it_is_and_headers_are_sent() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let config = OtlpConfig::new()
        .endpoint("http://127.0.0.1:9")
        .traces_endpoint(format!("{}/in?key=a", receiver.url()))
        .header("X-Tenant", "a b")
        .header("authorization", "Bearer secret");
    let mut sent = otlp(config);
    sent.export(1);
    sent.flush().unwrap();
    let request = receiver.request();
    assert_eq!(request.line, "POST /in?key=a HTTP/1.1");
    assert_eq!(request.header("x-tenant"), Some("a b"));
    assert_eq!(request.header("authorization"), Some("Bearer secret"));
}

#[test]
fn a_compressed_request_says_so_and_holds_the_same() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let config = OtlpConfig::new()
        .endpoint(receiver.url())
        .compression(Compression::Gzip);
    let mut sent = otlp(config);
    for _ in 0..2 {
        sent.export(100);
        sent.flush().unwrap();
        let request = receiver.request();
        assert_eq!(request.header("content-encoding"), Some("gzip"));
        assert_eq!(spans_in(&request.content()), 100);
        assert!(request.body.len() * 4 < request.content().len());
    }
}

#[test]
fn a_full_batch_is_sent_without_waiting() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let batch = BatchConfig {
        max_export_batch_size: 4,
        schedule_delay: Duration::from_secs(3600),
        ..BatchConfig::default()
    };
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()).batch(batch));
    sent.export(9);
    assert_eq!(spans_in(&receiver.request().body), 4);
    assert_eq!(spans_in(&receiver.request().body), 4);
    sent.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(spans_in(&receiver.request().body), 1);
}

#[test]
fn a_batch_is_sent_when_its_bytes_are_enough() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let batch = BatchConfig {
        max_export_batch_bytes: 300,
        ..BatchConfig::default()
    };
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()).batch(batch));
    sent.export(4);
    assert_eq!(spans_in(&receiver.request().body), 4);
}

#[test]
fn a_batch_is_sent_when_its_time_has_come() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()));
    let start = Instant::now();
    sent.exporter.tick(start);
    sent.export(1);
    sent.exporter.tick(start + Duration::from_secs(1));
    sent.exporter.tick(start + Duration::from_millis(5_900));
    assert!(receiver.requests_so_far().is_empty());
    sent.exporter.tick(start + Duration::from_secs(6));
    assert_eq!(spans_in(&receiver.request().body), 1);
}

#[test]
fn spans_of_a_cancelled_trace_are_not_sent() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()));
    sent.export(3);
    let mut other = plain(7);
    other.trace_id = trace(2);
    with_view(&other, |view| sent.exporter.export(view));
    assert_eq!(sent.exporter.cancel_trace(trace(1)), 3);
    sent.flush().unwrap();
    assert_eq!(sent.stats.exported(), 1);
    assert_eq!(spans_in(&receiver.request().body), 1);
}

#[test]
fn partial_success_counts_what_was_rejected() {
    let response = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 4,
            error_message: "over quota".to_owned(),
        }),
    };
    let protobuf = vec![("content-type", "application/x-protobuf".to_owned())];
    let receiver = HttpReceiver::start([Answer::Status(200, protobuf, response.encode_to_vec())]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()).retry(hasty()));
    sent.export(10);
    let error = sent.flush().unwrap_err();
    assert_eq!(
        error.last_error.as_deref(),
        Some("4 spans were rejected: over quota")
    );
    assert_eq!(sent.counts(LossCause::Rejected), (6, 4));
    assert_eq!(receiver.requests_so_far().len(), 1, "never sent again");
}

#[test]
fn losses_are_told_by_one_flush_only() {
    let receiver = HttpReceiver::start([Answer::status(400), Answer::ok()]);
    let mut sent = otlp(OtlpConfig::new().endpoint(receiver.url()));
    sent.export(1);
    sent.flush().unwrap_err();
    sent.export(1);
    sent.flush().unwrap();
    sent.shutdown(Duration::from_secs(30)).unwrap();
}

#[test]
fn a_receiver_with_a_certificate_of_a_known_authority_is_trusted() {
    let papers = Papers::new();
    let receiver = HttpReceiver::start_tls([Answer::ok()], papers.server_config(false));
    let config = OtlpConfig::new()
        .endpoint(receiver.tls_url())
        .certificate(Pem::Bytes(papers.authority.clone().into_bytes()));
    let mut sent = otlp(config);
    sent.export(2);
    sent.flush().unwrap();
    assert_eq!(spans_in(&receiver.request().body), 2);
}

#[test]
fn a_receiver_of_an_unknown_authority_is_not_trusted() {
    let receiver = HttpReceiver::start_tls([Answer::ok()], Papers::new().server_config(false));
    for config in [
        OtlpConfig::new(),
        OtlpConfig::new().certificate(Pem::Bytes(Papers::new().authority.into_bytes())),
    ] {
        let mut sent = otlp(config.endpoint(receiver.tls_url()).retry(no_retry()));
        sent.export(2);
        let error = sent.flush().unwrap_err();
        assert!(error.to_string().contains("certificate"), "{error}");
        assert_eq!(sent.counts(LossCause::Failed), (0, 2));
    }
    assert!(receiver.requests_so_far().is_empty());
}

#[test]
fn a_receiver_that_wants_a_certificate_gets_one() {
    let papers = Papers::new();
    let receiver = HttpReceiver::start_tls([Answer::ok()], papers.server_config(true));
    let config = || {
        OtlpConfig::new()
            .endpoint(receiver.tls_url())
            .retry(no_retry())
            .certificate(Pem::Bytes(papers.authority.clone().into_bytes()))
    };
    let mut stranger = otlp(config());
    stranger.export(1);
    stranger.flush().unwrap_err();
    assert_eq!(stranger.counts(LossCause::Failed), (0, 1));

    let known = config()
        .client_certificate(Pem::Bytes(papers.client.clone().into_bytes()))
        .client_key(Pem::Bytes(papers.client_key.clone().into_bytes()));
    let mut known = otlp(known);
    known.export(1);
    known.flush().unwrap();
}

#[test]
fn certificates_are_read_when_the_exporter_is_made() {
    use otel_runtime::export::otlp::OtlpExporter;

    let missing = OtlpConfig::new().certificate(Pem::Path("/nowhere/ca.pem".into()));
    let error = OtlpExporter::new(missing).unwrap_err();
    assert_eq!(error.setting(), "certificate");
    assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    let empty = OtlpConfig::new().certificate(Pem::Bytes(b"hello".to_vec()));
    let error = OtlpExporter::new(empty).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`certificate` holds no certificate in PEM form"
    );
}
