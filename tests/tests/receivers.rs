//! A receiver that fails does not reach the program: same output, bounded
//! memory, and every loss told at the end.

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use otelkit_tests::process::child::{Finished, run};
use otelkit_tests::receiver::{Answer, HttpReceiver};

/// More than this the program must not grow, whatever the receiver does.
const MOST_GROWTH_KIB: u64 = 10 * 1024;
/// What the program records.
const SPANS: u64 = 100_000;

fn export_to(protocol: &str, url: &str) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_subject"));
    command.args(["receiver", "500"]);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            command.env_remove(name);
        }
    }
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    command.env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    command.env("OTEL_EXPORTER_OTLP_TIMEOUT", "1000");
    command.env("OTEL_BSP_SCHEDULE_DELAY", "100");
    run(&mut command).succeeded()
}

fn told<'f>(ended: &'f Finished, key: &str) -> &'f str {
    let mut lines = ended.stderr.lines();
    let told = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    told.unwrap_or_else(|| panic!("`{key}` was not told: {ended:#?}"))
}

fn number(ended: &Finished, key: &str) -> u64 {
    told(ended, key).parse().unwrap()
}

/// Whatever the protocol, the program prints what it prints, stays small, and tells its losses.
#[track_caller]
fn survives(url: &str) {
    let undisturbed = export_to("http/protobuf", &HttpReceiver::start([Answer::ok()]).url());
    for protocol in ["http/protobuf", "http/json", "grpc"] {
        let ended = export_to(protocol, url);
        assert_eq!(ended.stdout, undisturbed.stdout);
        assert!(number(&ended, "growth kib") < MOST_GROWTH_KIB, "{ended:#?}");
        let accounted = number(&ended, "exported") + number(&ended, "lost");
        assert_eq!(accounted, SPANS, "{protocol}: {ended:#?}");
        if number(&ended, "lost") > 0 {
            let told = told(&ended, "shutdown");
            assert!(told.contains("spans lost"), "{protocol}: {told}");
        }
    }
}

#[test]
fn a_good_receiver_gets_what_was_not_counted_as_lost() {
    let receiver = HttpReceiver::start([Answer::ok()]);
    let ended = export_to("http/protobuf", &receiver.url());
    assert!(!receiver.requests_so_far().is_empty());
    assert_eq!(number(&ended, "exported") + number(&ended, "lost"), SPANS);
    assert!(number(&ended, "exported") > 0);
}

#[test]
fn an_absent_receiver_does_not_disturb_the_program() {
    // the port is free again when the listener is gone
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    survives(&format!("http://{address}"));
}

#[test]
fn a_hanging_receiver_does_not_disturb_the_program() {
    survives(&HttpReceiver::start([Answer::Hang]).url());
}

#[test]
fn a_slow_receiver_does_not_disturb_the_program() {
    let late = Answer::Late(Duration::from_millis(500));
    survives(&HttpReceiver::start([late]).url());
}

#[test]
fn a_receiver_that_never_ends_its_answer_does_not_disturb_the_program() {
    survives(&HttpReceiver::start([Answer::Endless(b"HTTP/1.1 200 OK\r\nx: ")]).url());
}

#[test]
fn a_refusing_receiver_does_not_disturb_the_program() {
    survives(&HttpReceiver::start([Answer::status(503)]).url());
}

#[test]
fn a_resetting_receiver_does_not_disturb_the_program() {
    survives(&HttpReceiver::start([Answer::Reset]).url());
}

#[test]
fn a_receiver_that_answers_garbage_does_not_disturb_the_program() {
    let garbage = b"\x00\xff\x16\x03garbage\r\n\r\n\x80\x80".to_vec();
    survives(&HttpReceiver::start([Answer::Bytes(garbage)]).url());
}
