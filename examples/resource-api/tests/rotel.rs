//! The trace of a run, at rotel: a collector that is not ours, and prints what it decodes.

mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use otel_runtime::export::Outcome;
use resource_api::telemetry::{Detail, Field, KeptSpan, fold, tree};
use support::{Run, Workplace};

/// Longer than this means that it hangs.
const PATIENCE: Duration = Duration::from_secs(30);

struct Rotel {
    child: Child,
    lines: Receiver<String>,
    grpc: u16,
    http: u16,
}

impl Rotel {
    /// `None`, said loudly, where it is not there.
    fn start() -> Option<Self> {
        let python = support::python()?;
        let script = "import os, rotel; print(os.path.dirname(rotel.__file__))";
        let found = Command::new(python)
            .args(["-c", script])
            .output()
            .expect("Python runs");
        let directory = String::from_utf8(found.stdout).expect("a path");
        let agent = std::path::Path::new(directory.trim()).join("rotel-agent");
        let (grpc, http) = (free_port(), free_port());
        let mut child = Command::new(agent)
            .arg("start")
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")])
            .args(["--exporter", "blackhole", "--debug-log", "traces"])
            .args(["--debug-log-verbosity", "detailed"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rotel starts");
        let stdout = BufReader::new(child.stdout.take().expect("its stdout"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let rotel = Self {
            child,
            lines,
            grpc,
            http,
        };
        for port in [grpc, http] {
            let started = std::time::Instant::now();
            while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(started.elapsed() < PATIENCE, "rotel does not listen");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Some(rotel)
    }

    /// The next `count` spans.
    fn spans(&self, count: usize) -> Vec<KeptSpan> {
        let mut spans: Vec<KeptSpan> = Vec::new();
        let mut blocks = Blocks::default();
        // a span is complete at its last line, which only the next one's first line tells
        while spans.len() + usize::from(blocks.is_complete(spans.len() + 1 == count)) < count {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("{} of {count} spans have come", spans.len());
            });
            spans.extend(blocks.line(&line));
        }
        spans.extend(blocks.take());
        spans
    }
}

impl Drop for Rotel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// From rotel's lines to spans.
#[derive(Default)]
struct Blocks {
    current: Option<KeptSpan>,
    has_idle: bool,
    in_span: bool,
}

impl Blocks {
    fn line(&mut self, line: &str) -> Option<KeptSpan> {
        if line.starts_with("Span #") {
            let done = self.take();
            self.in_span = true;
            return done;
        }
        if line.starts_with("ResourceSpans #") || line.starts_with("ScopeSpans #") {
            self.in_span = false;
            return self.take();
        }
        if !self.in_span {
            return None;
        }
        let span = self.current.get_or_insert_with(|| KeptSpan {
            name: "".into(),
            span_id: "0000000000000001".parse().expect("an id"),
            parent_span_id: None,
            start_unix_ns: 0,
            duration_ns: 0,
            outcome: Outcome::Ok,
            failure: None,
            fields: Box::default(),
        });
        if let Some((key, value)) = line
            .trim()
            .strip_prefix("-> ")
            .and_then(|it| it.split_once(": "))
        {
            let mut fields = std::mem::take(&mut span.fields).into_vec();
            fields.push((key.into(), field(value)));
            span.fields = fields.into();
            self.has_idle |= key == "idle_ns";
        } else if let Some((key, value)) = line.split_once(':') {
            let value = value.trim();
            match key.trim() {
                "ID" => span.span_id = value.parse().expect("an id"),
                "Parent ID" => {
                    span.parent_span_id =
                        (!value.is_empty()).then(|| value.parse().expect("a parent"));
                }
                "Name" => span.name = value.into(),
                "Start time" => span.start_unix_ns = value.parse().expect("a time"),
                "End time" => {
                    let end: u64 = value.parse().expect("a time");
                    span.duration_ns = end - span.start_unix_ns;
                }
                _ => {}
            }
        }
        None
    }

    /// The last to come is asynchronous, the root or one of which other threads may have had more
    /// to say, and tells how long it was idle in its last line.
    fn is_complete(&self, is_last: bool) -> bool {
        is_last && self.has_idle
    }

    fn take(&mut self) -> Option<KeptSpan> {
        self.has_idle = false;
        self.current.take()
    }
}

/// `Int(1)` or `Str(text)`.
fn field(value: &str) -> Field {
    let (kind, rest) = value.split_once('(').expect("a kind");
    let value = rest.strip_suffix(')').expect("an end");
    match kind {
        "Int" => Field::Int(value.parse().expect("a number")),
        _ => Field::Text(value.into()),
    }
}

#[test]
fn the_whole_tree_arrives_over_http_and_grpc() {
    let Some(rotel) = Rotel::start() else { return };
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
    for (protocol, port) in [("http/protobuf", rotel.http), ("grpc", rotel.grpc)] {
        let output = Workplace::new()
            .command()
            .args(["import", "--full-tree", own])
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                format!("http://127.0.0.1:{port}"),
            )
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .output()
            .expect("the program runs");
        let run = Run::from(output).succeeds();
        let printed = run.printed_tree();
        let spans = rotel.spans(printed.lines().count());
        assert_eq!(tree(&fold(&spans, Detail::Full)), printed, "{protocol}");
    }
}
