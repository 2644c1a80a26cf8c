//! OTLP over gRPC, against receivers that behave and receivers that do not.

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use otel_runtime::export::LossCause;
use otel_runtime::export::otlp::{Compression, OtlpConfig, Pem, Protocol};
use otelkit_tests::export::{no_retry, otlp};
use otelkit_tests::grpc::{GrpcReceiver, accepted};
use otelkit_tests::receiver::{Answer, HttpReceiver};
use otelkit_tests::tls::Papers;
use prost::Message;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};
use tonic::{Code, Status};

fn grpc_to(receiver: &HttpReceiver) -> OtlpConfig {
    OtlpConfig::new()
        .protocol(Protocol::Grpc)
        .endpoint(receiver.url())
        .retry(no_retry())
}

#[test]
fn a_flush_delivers_everything() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let config = receiver
        .config()
        .header("x-tenant", "a b")
        .header("authorization", "Bearer secret");
    let mut sent = otlp(config);
    for _ in 0..3 {
        sent.export(10);
        sent.flush().unwrap();
    }
    assert_eq!(sent.counts(LossCause::Failed), (30, 0));
    let seen = receiver.seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    let (metadata, request) = &seen[0];
    assert_eq!(metadata.get("x-tenant").unwrap(), "a b");
    assert_eq!(metadata.get("authorization").unwrap(), "Bearer secret");
    let agent = metadata.get("user-agent").unwrap().to_str().unwrap();
    assert!(
        agent.starts_with("OtelKit-OTLP-Exporter-Rust/0.1.0"),
        "{agent}"
    );
    assert_eq!(request.resource_spans[0].scope_spans[0].spans.len(), 10);
}

#[test]
fn an_endpoint_without_scheme_may_be_insecure() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let config = OtlpConfig::new()
        .protocol(Protocol::Grpc)
        .endpoint(format!("127.0.0.1:{}", receiver.port))
        .insecure(true);
    let mut sent = otlp(config);
    sent.export(1);
    sent.flush().unwrap();
}

#[test]
fn a_large_batch_is_sent_in_one_call_compressed_or_not() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    for compression in [Compression::None, Compression::Gzip] {
        let mut sent = otlp(receiver.config().compression(compression));
        sent.export(4096);
        sent.flush().unwrap();
        assert_eq!(sent.counts(LossCause::Failed), (4096, 0));
    }
    let seen = receiver.seen.lock().unwrap();
    let encodings: Vec<_> = seen
        .iter()
        .map(|(metadata, _)| {
            metadata
                .get("grpc-encoding")
                .map(|value| value.to_str().unwrap())
        })
        .collect();
    assert_eq!(encodings, [None, Some("gzip")]);
    for (_, request) in seen.iter() {
        assert_eq!(request.resource_spans[0].scope_spans[0].spans.len(), 4096);
    }
}

#[test]
fn partial_success_counts_what_was_rejected() {
    let receiver = GrpcReceiver::plain(vec![Ok(ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 4,
            error_message: "over quota".to_owned(),
        }),
    })]);
    let mut sent = otlp(receiver.config());
    sent.export(10);
    let error = sent.flush().unwrap_err();
    assert_eq!(
        error.last_error.as_deref(),
        Some("4 spans were rejected: over quota")
    );
    assert_eq!(sent.counts(LossCause::Rejected), (6, 4));
    assert_eq!(receiver.requests(), 1);
}

#[test]
fn what_is_worth_another_attempt_gets_one() {
    for code in [
        Code::Cancelled,
        Code::DeadlineExceeded,
        Code::Aborted,
        Code::OutOfRange,
        Code::Unavailable,
        Code::DataLoss,
    ] {
        let receiver = GrpcReceiver::plain(vec![Err(Status::new(code, "later")), accepted()]);
        let mut sent = otlp(receiver.config());
        sent.export(5);
        sent.flush().unwrap();
        assert_eq!(sent.counts(LossCause::Failed), (5, 0), "{code:?}");
        let seen = receiver.seen.lock().unwrap();
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].1, seen[1].1);
    }
}

#[test]
fn what_is_not_worth_another_attempt_gets_none() {
    for code in [
        Code::Unknown,
        Code::InvalidArgument,
        Code::NotFound,
        Code::PermissionDenied,
        Code::ResourceExhausted,
        Code::Unimplemented,
        Code::Internal,
        Code::Unauthenticated,
    ] {
        let receiver = GrpcReceiver::plain(vec![Err(Status::new(code, "go\naway")), accepted()]);
        let mut sent = otlp(receiver.config());
        sent.export(5);
        let error = sent.flush().unwrap_err();
        let expected = format!("answered {code:?}: go away");
        assert_eq!(error.last_error, Some(expected));
        assert_eq!(sent.counts(LossCause::Rejected), (0, 5));
        assert_eq!(receiver.requests(), 1);
    }
}

#[test]
fn an_exhausted_receiver_that_says_when_is_asked_again() {
    #[derive(Clone, PartialEq, Message)]
    struct Any {
        #[prost(string, tag = "1")]
        type_url: String,
        #[prost(bytes = "vec", tag = "2")]
        value: Vec<u8>,
    }
    #[derive(Clone, PartialEq, Message)]
    struct RpcStatus {
        #[prost(int32, tag = "1")]
        code: i32,
        #[prost(message, repeated, tag = "3")]
        details: Vec<Any>,
    }

    let retry_info = Any {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
        // RetryInfo { retry_delay: Duration { nanos: 1000 } }
        value: b"\x0a\x03\x10\xe8\x07".to_vec(),
    };
    let details = RpcStatus {
        code: 8,
        details: vec![Any::default(), retry_info],
    };
    let status = Status::with_details(
        Code::ResourceExhausted,
        "slow down",
        details.encode_to_vec().into(),
    );
    let receiver = GrpcReceiver::plain(vec![Err(status), accepted()]);
    let mut sent = otlp(receiver.config());
    sent.export(5);
    sent.flush().unwrap();
    assert_eq!(sent.counts(LossCause::Failed), (5, 0));
    assert_eq!(receiver.requests(), 2);
}

#[test]
fn a_receiver_that_restarts_is_found_again() {
    let receiver = GrpcReceiver::plain(vec![accepted()]);
    let mut sent = otlp(receiver.config());
    sent.export(1);
    sent.flush().unwrap();
    let port = receiver.port;
    drop(receiver);
    let listener = loop {
        // free once the old one is gone; what it had accepted may linger
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => break listener,
            Err(_) => thread::yield_now(),
        }
    };
    let again = GrpcReceiver::on(listener, vec![accepted()], None);
    sent.export(1);
    sent.flush().unwrap();
    assert_eq!(again.requests(), 1);
    assert_eq!(sent.counts(LossCause::Failed), (2, 0));
}

#[test]
fn tls_with_an_own_authority_and_with_certificates_on_both_sides() {
    let papers = Papers::new();
    let identity = Identity::from_pem(&papers.server, &papers.server_key);
    let one_sided = ServerTlsConfig::new().identity(identity);
    let both_sided = one_sided
        .clone()
        .client_ca_root(Certificate::from_pem(&papers.authority));
    let authority = || Pem::Bytes(papers.authority.clone().into_bytes());

    let receiver = GrpcReceiver::start(vec![accepted()], Some(one_sided));
    let config = |receiver: &GrpcReceiver| {
        OtlpConfig::new()
            .protocol(Protocol::Grpc)
            .endpoint(format!("https://localhost:{}", receiver.port))
            .retry(no_retry())
    };
    let mut sent = otlp(config(&receiver).certificate(authority()));
    sent.export(1);
    sent.flush().unwrap();
    let mut distrustful = otlp(config(&receiver));
    distrustful.export(1);
    let error = distrustful.flush().unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(distrustful.counts(LossCause::Failed), (0, 1));

    let receiver = GrpcReceiver::start(vec![accepted()], Some(both_sided));
    let mut stranger = otlp(config(&receiver).certificate(authority()));
    stranger.export(1);
    stranger.flush().unwrap_err();
    let known = config(&receiver)
        .certificate(authority())
        .client_certificate(Pem::Bytes(papers.client.clone().into_bytes()))
        .client_key(Pem::Bytes(papers.client_key.clone().into_bytes()));
    let mut known = otlp(known);
    known.export(1);
    known.flush().unwrap();
}

#[test]
fn an_absent_receiver_costs_the_spans_and_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let config = OtlpConfig::new()
        .protocol(Protocol::Grpc)
        .endpoint(format!("http://{address}"));
    let mut sent = otlp(config.clone().retry(no_retry()));
    sent.export(5);
    let error = sent.flush().unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    assert_eq!(sent.counts(LossCause::Failed), (0, 5));

    let mut sent = otlp(config);
    sent.export(5);
    let error = sent.shutdown(Duration::from_secs(3600)).unwrap_err();
    assert_eq!(error.pending, 5);
}

#[test]
fn a_receiver_that_hangs_resets_or_talks_nonsense_costs_the_spans() {
    for answer in [
        Answer::Hang,
        Answer::Reset,
        Answer::Bytes(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n".to_vec()),
        Answer::Bytes(vec![0xff; 1000]),
        Answer::Endless(b"SSH-2.0-OpenSSH_9.6\r\n"),
    ] {
        let receiver = HttpReceiver::start([answer.clone()]);
        let mut sent = otlp(grpc_to(&receiver).timeout(Duration::from_millis(200)));
        sent.export(5);
        let error = sent.flush().unwrap_err();
        assert_eq!(error.pending, 5, "{answer:?}");
        assert_eq!(sent.counts(LossCause::Failed), (0, 5), "{answer:?}");
    }
}

#[test]
fn a_shutdown_gives_a_hanging_receiver_up_at_its_deadline() {
    let receiver = HttpReceiver::start([Answer::Hang]);
    let mut sent = otlp(grpc_to(&receiver).timeout(Duration::from_secs(3600)));
    sent.export(5);
    let error = sent.shutdown(Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.pending, 5);
    assert_eq!(sent.counts(LossCause::Shutdown), (0, 5));
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let receiver = GrpcReceiver::plain(vec![Ok(ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 0,
            error_message: "x".repeat(1 << 20),
        }),
    })]);
    let mut sent = otlp(receiver.config());
    sent.export(5);
    sent.flush().unwrap_err();
    assert_eq!(receiver.requests(), 1, "not sent again");
}
