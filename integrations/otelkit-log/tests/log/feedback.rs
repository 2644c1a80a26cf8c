//! What an exporter's own client logs is not sent in turn.

use std::io::{Read, Write};
use std::net::TcpListener;

use otel_runtime::export::otlp::{OtlpConfig, Protocol};
use otel_runtime::{Config, traced};

use crate::Logged;

/// A receiver that takes everything, and says where it is.
fn receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = [0; 64 * 1024];
                while stream.read(&mut request).is_ok_and(|read| read > 0) {
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    let _ = stream.write_all(answer);
                    let _ = stream.shutdown(std::net::Shutdown::Both);
                }
            });
        }
    });
    format!("http://{address}")
}

/// Something to send, so that the client has something to log.
#[traced]
fn send() {
    log::info!("of the program");
}

#[test]
fn a_client_that_logs_while_it_sends_is_not_heard() {
    let endpoint = receiver();
    let otlp = OtlpConfig::new()
        .protocol(Protocol::HttpProtobuf)
        .endpoint(endpoint);
    let config = Config::new().with_otlp(otlp);
    let logged = Logged::with(config, "trace");
    for _ in 0..5 {
        send();
        let _ = logged.telemetry.flush(crate::PATIENCE);
    }
    let logs = logged.logs();
    assert_eq!(logs.len(), 5, "{logs:?}");
}
