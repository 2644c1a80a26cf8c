//! A collector that takes spans as OTLP/JSON and keeps them; what else comes it only takes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

/// Longer than this means that something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Collector {
    address: SocketAddr,
    requests: Receiver<Value>,
}

/// A span, as much of it as tests look at.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) name: String,
    pub(crate) trace_id: String,
    pub(crate) span_id: String,
    pub(crate) duration_ns: u64,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Received {
    pub(crate) fn attribute(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == key)?;
        Some(&found.1)
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.duration_ns as f64 / 1e9
    }
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                // a connection that ends is the program's business
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Self { address, requests }
    }

    /// Has the program send its spans here, and its metrics nowhere.
    pub(crate) fn attach(&self, command: &mut Command) {
        command
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                format!("http://{}", self.address),
            )
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")
            .env("OTEL_METRICS_EXPORTER", "none");
    }

    /// The spans of the next request, which may have come already.
    pub(crate) fn next(&self) -> Vec<Received> {
        let request = self.requests.recv_timeout(PATIENCE);
        spans(&request.expect("spans come"))
    }

    /// The spans of all requests that have come and were not looked at.
    pub(crate) fn so_far(&self) -> Vec<Received> {
        self.requests.try_iter().flat_map(|it| spans(&it)).collect()
    }
}

fn serve(stream: TcpStream, requests: &Sender<Value>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        // it has come before the program hears that it has
        let request: Value = serde_json::from_slice(&body)?;
        if request.get("resourceSpans").is_some() {
            let _ = requests.send(request);
        }
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        stream.get_mut().write_all(answer.as_bytes())?;
    }
}

fn spans(request: &Value) -> Vec<Received> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let resources = list(request, "resourceSpans");
    let scopes = resources.iter().flat_map(|it| list(it, "scopeSpans"));
    scopes
        .flat_map(|it| list(&it, "spans"))
        .map(|span| received(&span))
        .collect()
}

fn received(span: &Value) -> Received {
    let text = |key: &str| span[key].as_str().unwrap_or_default().to_owned();
    let number = |key: &str| text(key).parse::<u64>().expect("nanoseconds");
    let attributes = span["attributes"].as_array().cloned().unwrap_or_default();
    let value = |value: &Value| match value.as_object().and_then(|it| it.values().next()) {
        Some(Value::String(text)) => text.clone(),
        other => other.map(ToString::to_string).unwrap_or_default(),
    };
    Received {
        name: text("name"),
        trace_id: text("traceId"),
        span_id: text("spanId"),
        duration_ns: number("endTimeUnixNano") - number("startTimeUnixNano"),
        attributes: attributes
            .iter()
            .map(|it| {
                (
                    it["key"].as_str().unwrap_or_default().to_owned(),
                    value(&it["value"]),
                )
            })
            .collect(),
    }
}
