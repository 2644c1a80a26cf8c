//! OTLP over HTTP, against receivers that are absent, hang, are slow, refuse, reset, or talk nonsense.
//!
//! What is asserted is what became of the spans, and that nothing hangs;
//! a deadline is asserted by being met, never by a measured time.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use otel_runtime::export::otlp::{BatchConfig, OtlpConfig, RetryConfig};
use otel_runtime::export::{Exporter, LossCause};
use otelkit_tests::export::{Started, hasty, no_retry, otlp};
use otelkit_tests::receiver::{Answer, HttpReceiver};

type Sent = Started<otel_runtime::export::otlp::OtlpExporter>;

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn to(receiver: &HttpReceiver) -> OtlpConfig {
    OtlpConfig::new().endpoint(receiver.url()).retry(hasty())
}

/// Exports five spans, flushes, and expects them to be lost for this cause and reason.
fn assert_lost(mut sent: Sent, cause: LossCause, reason: &str) {
    sent.export(5);
    let error = sent.flush().unwrap_err();
    assert_eq!(error.pending, 5);
    assert!(
        error
            .last_error
            .as_deref()
            .is_some_and(|told| told.contains(reason)),
        "{error:?}"
    );
    assert_eq!(sent.counts(cause), (0, 5));
}

#[test]
fn an_absent_receiver_costs_the_spans_and_is_named() {
    let sent = otlp(OtlpConfig::new().endpoint(nobody()).retry(no_retry()));
    assert_lost(sent, LossCause::Failed, "refused");
}

#[test]
fn with_an_absent_receiver_a_shutdown_does_not_wait_for_its_deadline() {
    let retry = RetryConfig {
        initial_backoff: Duration::from_secs(3600),
        max_backoff: Duration::from_secs(3600),
        max_elapsed: Duration::from_secs(36_000),
        multiplier: 1.0,
    };
    let mut sent = otlp(OtlpConfig::new().endpoint(nobody()).retry(retry));
    sent.export(5);
    let far = Duration::from_secs(3600);
    let error = sent.shutdown(far).unwrap_err();
    assert_eq!(error.pending, 5);
    assert_eq!(sent.counts(LossCause::Shutdown), (0, 5));
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    let config = OtlpConfig::new().endpoint("http://nowhere.invalid:4318");
    let mut sent = otlp(config.retry(no_retry()));
    sent.export(5);
    sent.flush().unwrap_err();
    assert_eq!(sent.counts(LossCause::Failed), (0, 5));
}

#[test]
fn a_receiver_that_hangs_costs_the_spans_after_the_timeout() {
    let receiver = HttpReceiver::start([Answer::Hang]);
    let config = to(&receiver)
        .retry(no_retry())
        .timeout(Duration::from_millis(50));
    assert_lost(otlp(config), LossCause::Failed, "no answer within");
}

#[test]
fn a_flush_ends_at_its_deadline_while_the_receiver_hangs() {
    let receiver = HttpReceiver::start([Answer::WhenLetGo]);
    let mut sent = otlp(to(&receiver).timeout(Duration::from_secs(3600)));
    sent.export(5);
    let deadline = Instant::now() + Duration::from_millis(50);
    let error = Exporter::flush(&mut sent.exporter, deadline).unwrap_err();
    assert_eq!(error.pending, 5);
    assert_eq!(sent.counts(LossCause::Failed), (0, 0), "not lost yet");
    receiver.let_go();
    sent.flush().unwrap();
    assert_eq!(sent.counts(LossCause::Failed), (5, 0));
}

#[test]
fn a_shutdown_gives_a_hanging_receiver_up_at_its_deadline() {
    let receiver = HttpReceiver::start([Answer::Hang]);
    let mut sent = otlp(to(&receiver).timeout(Duration::from_secs(3600)));
    sent.export(5);
    let error = sent.shutdown(Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.pending, 5);
    assert_eq!(sent.counts(LossCause::Shutdown), (0, 5));
}

#[test]
fn a_slow_receiver_loses_nothing_that_fits_the_queue() {
    let receiver = HttpReceiver::start([Answer::WhenLetGo]);
    let batch = BatchConfig {
        max_export_batch_size: 5,
        ..BatchConfig::default()
    };
    let mut sent = otlp(to(&receiver).batch(batch));
    sent.export(50);
    receiver.let_go();
    sent.flush().unwrap();
    assert_eq!(sent.counts(LossCause::QueueFull), (50, 0));
}

#[test]
fn what_does_not_fit_the_queue_is_counted_and_the_queue_stays_bounded() {
    let receiver = HttpReceiver::start([Answer::WhenLetGo]);
    let batch = BatchConfig {
        max_export_batch_size: 10,
        max_queue_bytes: 10_000,
        ..BatchConfig::default()
    };
    let mut sent = otlp(to(&receiver).batch(batch));
    sent.export(100_000);
    let lost = sent.stats.dropped(LossCause::QueueFull);
    // a batch of ten such spans takes more than 800 bytes
    assert!(lost >= 100_000 - 10 * 10_000 / 800, "{lost}");
    receiver.let_go();
    let error = sent.flush().unwrap_err();
    assert_eq!(error.pending, lost);
    assert_eq!(
        sent.counts(LossCause::QueueFull),
        (100_000 - lost, lost),
        "every span is counted once"
    );
}

#[test]
fn a_connection_that_is_reset_is_tried_again() {
    let receiver = HttpReceiver::start([Answer::Reset, Answer::Reset, Answer::ok()]);
    let mut sent = otlp(to(&receiver));
    sent.export(2_000);
    sent.flush().unwrap();
    assert_eq!(sent.counts(LossCause::Failed), (2_000, 0));
}

#[test]
fn a_connection_closed_while_idle_is_made_anew() {
    let close = Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec());
    let receiver = HttpReceiver::start([close]);
    let mut sent = otlp(to(&receiver));
    for _ in 0..3 {
        sent.export(1);
        sent.flush().unwrap();
    }
    assert_eq!(sent.counts(LossCause::Failed), (3, 0));
}

#[test]
fn a_receiver_that_talks_nonsense_costs_the_spans() {
    for nonsense in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 999999 ?\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
    ] {
        let receiver = HttpReceiver::start([Answer::Bytes(nonsense.to_vec())]);
        let mut sent = otlp(to(&receiver).retry(no_retry()));
        sent.export(5);
        sent.flush().unwrap_err();
        assert_eq!(sent.counts(LossCause::Failed), (0, 5));
    }
}

#[test]
fn an_endless_answer_is_not_read_to_its_end() {
    let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut body = head.to_vec();
    for _ in 0..100_000 {
        body.extend_from_slice(b"8\r\nabcdefgh\r\n");
    }
    let receiver = HttpReceiver::start([Answer::Bytes(body)]);
    let mut sent = otlp(to(&receiver));
    sent.export(5);
    sent.flush().unwrap();
    assert_eq!(
        sent.counts(LossCause::Failed),
        (5, 0),
        "the status said yes"
    );

    let receiver = HttpReceiver::start([Answer::Endless(b"HTTP/1.1 200 OK\r\nx: ")]);
    let mut sent = otlp(to(&receiver).retry(no_retry()));
    sent.export(5);
    sent.flush().unwrap_err();
    assert_eq!(sent.counts(LossCause::Failed), (0, 5));
}

#[test]
fn what_is_worth_another_attempt_gets_one() {
    for status in [429, 502, 503, 504] {
        let receiver = HttpReceiver::start([Answer::status(status), Answer::ok()]);
        let mut sent = otlp(to(&receiver));
        sent.export(5);
        sent.flush().unwrap();
        assert_eq!(sent.counts(LossCause::Failed), (5, 0));
        let requests = receiver.requests_so_far();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].body, requests[1].body);
    }
}

#[test]
fn what_is_not_worth_another_attempt_gets_none() {
    let text = vec![("content-type", "text/plain".to_owned())];
    for status in [400, 401, 403, 404, 413, 500, 501] {
        let receiver = HttpReceiver::start([
            Answer::Status(status, text.clone(), b"go\naway".to_vec()),
            Answer::ok(),
        ]);
        let reason = format!("answered {status}");
        let sent = otlp(to(&receiver));
        assert_lost(sent, LossCause::Rejected, &reason);
        assert_eq!(receiver.requests_so_far().len(), 1);
    }
    let receiver = HttpReceiver::start([Answer::Status(400, text, b"go\naway".to_vec())]);
    assert_lost(otlp(to(&receiver)), LossCause::Rejected, "go away");
}

#[test]
fn a_redirect_is_not_followed() {
    let other = HttpReceiver::start([Answer::ok()]);
    for status in [301, 302, 307, 308] {
        let location = vec![("location", format!("{}/v1/traces?token=x", other.url()))];
        let receiver = HttpReceiver::start([Answer::Status(status, location, Vec::new())]);
        let sent = otlp(to(&receiver).header("authorization", "secret"));
        assert_lost(sent, LossCause::Failed, "redirects are not followed");
    }
    assert!(other.requests_so_far().is_empty());
}

#[test]
fn attempts_end_with_the_time_for_them() {
    let receiver = HttpReceiver::start([Answer::status(503)]);
    let retry = RetryConfig {
        max_elapsed: Duration::from_secs(3),
        ..hasty()
    };
    assert_lost(
        otlp(to(&receiver).retry(retry)),
        LossCause::Failed,
        "answered 503",
    );
    assert!(receiver.requests_so_far().len() > 1);
}

#[test]
fn a_wish_for_a_pause_is_honoured() {
    let wait =
        |seconds: &str| Answer::Status(429, vec![("retry-after", seconds.to_owned())], Vec::new());
    let receiver = HttpReceiver::start([wait("0"), wait("1"), Answer::ok()]);
    let mut sent = otlp(to(&receiver));
    sent.export(5);
    let before = Instant::now();
    sent.flush().unwrap();
    assert!(before.elapsed() >= Duration::from_secs(1));
    assert_eq!(sent.counts(LossCause::Failed), (5, 0));

    // longer than there is time for: the batch is lost at once, and the next one waits
    let receiver = HttpReceiver::start([wait("3600"), Answer::ok()]);
    let mut sent = otlp(to(&receiver));
    sent.export(5);
    sent.flush().unwrap_err();
    assert_eq!(sent.counts(LossCause::Failed), (0, 5));
    sent.export(2);
    let error = sent.shutdown(Duration::from_millis(50)).unwrap_err();
    assert_eq!(error.pending, 2);
    assert_eq!(sent.stats.dropped(LossCause::Shutdown), 2);
    assert_eq!(receiver.requests_so_far().len(), 1);
}

#[test]
fn a_shutdown_cuts_a_backoff_short_for_one_last_attempt() {
    let receiver = HttpReceiver::start([Answer::status(503), Answer::ok()]);
    let retry = RetryConfig {
        initial_backoff: Duration::from_secs(3600),
        max_backoff: Duration::from_secs(3600),
        max_elapsed: Duration::from_secs(36_000),
        multiplier: 1.0,
    };
    let mut sent = otlp(to(&receiver).retry(retry));
    sent.export(5);
    // the answer is there, and the pause has begun, when a flush knows of it
    let answered = |sent: &mut Sent| {
        let soon = Instant::now() + Duration::from_millis(50);
        let error = Exporter::flush(&mut sent.exporter, soon).unwrap_err();
        error.last_error.is_some()
    };
    while !answered(&mut sent) {}
    sent.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(sent.counts(LossCause::Shutdown), (5, 0));
}

#[test]
fn an_exporter_that_is_dropped_does_not_wait() {
    let receiver = HttpReceiver::start([Answer::Hang]);
    let mut sent = otlp(to(&receiver).timeout(Duration::from_secs(3600)));
    sent.export(5_000);
    drop(sent.exporter);
    // the batch that was full is given up; what was never handed over is not counted here
    assert_eq!(sent.stats.dropped(LossCause::Shutdown), 4096);
}
