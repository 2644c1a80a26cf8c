//! Spans of many shapes arrive, over every protocol, at a receiver that is not ours.
//!
//! The receiver is a Python program that decodes with OpenTelemetry's own
//! messages and refuses what a receiver may refuse.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use otel_runtime::export::otlp::{Compression, OtlpConfig, Protocol};
use otel_runtime::export::{Exporter, LossCause, SpanData, StatusData, ValueData};
use otelkit_tests::export::{no_retry, otlp};
use otelkit_tests::receiver::PATIENCE;
use otelkit_tests::spans::{any_span, with_view};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

struct Foreign {
    child: Child,
    /// Read as they come: it does not answer while nobody reads.
    lines: Receiver<String>,
    http: u64,
    grpc: u64,
}

impl Foreign {
    /// `None`, said loudly, where there is no Python for it.
    fn start() -> Option<Self> {
        let Ok(python) = std::env::var("OTELKIT_PYTHON") else {
            let is_ci = std::env::var("CI").as_deref() == Ok("true");
            assert!(!is_ci, "OTELKIT_PYTHON is not set: run `cargo xtask test`");
            eprintln!("SKIPPED: OTELKIT_PYTHON is not set; `cargo xtask test` brings a Python");
            return None;
        };
        let mut child = Command::new(python)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/receivers/otlp_receiver.py"
            ))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let mut foreign = Self {
            child,
            lines,
            http: 0,
            grpc: 0,
        };
        let ports = foreign.line();
        foreign.http = ports["http"].as_u64().expect("a port");
        foreign.grpc = ports["grpc"].as_u64().expect("a port");
        Some(foreign)
    }

    fn line(&self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // it ends with its standard input; killing it makes that certain
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Spans as receivers may expect them: keys once and not empty, time going forward.
fn spans() -> Vec<SpanData> {
    let mut runner = TestRunner::deterministic();
    let strategy = any_span();
    let mut spans: Vec<_> = (0..150)
        .map(|_| strategy.new_tree(&mut runner).expect("a span").current())
        .collect();
    for span in &mut spans {
        if span.end_unix_ns < span.start_unix_ns {
            std::mem::swap(&mut span.start_unix_ns, &mut span.end_unix_ns);
        }
        let events = span.events.iter_mut().map(|event| &mut event.attributes);
        let links = span.links.iter_mut().map(|link| &mut link.attributes);
        let lists = std::iter::once(&mut span.attributes)
            .chain(events)
            .chain(links);
        for attributes in lists {
            let mut keys = HashSet::new();
            attributes.retain(|(key, _)| !key.is_empty() && keys.insert(key.clone()));
            // neither the receiver's JSON nor ours has a word for what is not a number
            attributes.retain(|(_, value)| match value {
                ValueData::Double(value) => value.is_finite(),
                ValueData::Doubles(values) => values.iter().all(|value| value.is_finite()),
                _ => true,
            });
        }
    }
    spans
}

fn expected(span: &SpanData) -> Value {
    let (status, message) = match &span.status {
        StatusData::Unset => ("STATUS_CODE_UNSET", ""),
        StatusData::Ok => ("STATUS_CODE_OK", ""),
        StatusData::Error(message) => ("STATUS_CODE_ERROR", message.as_str()),
    };
    let kind = format!("{:?}", span.kind).to_uppercase();
    json!({
        "service": "tests",
        "scope": [span.scope_name, span.scope_version],
        "trace_id": span.trace_id.to_string(),
        "span_id": span.span_id.to_string(),
        "parent_span_id": span.parent_span_id.map(|id| id.to_string()),
        "name": span.name,
        "kind": format!("SPAN_KIND_{kind}"),
        "start": span.start_unix_ns,
        "end": span.end_unix_ns,
        "fields": fields(&span.attributes),
        "events": span.events.iter()
            .map(|event| json!([event.name, fields(&event.attributes)]))
            .collect::<Vec<_>>(),
        "status": status,
        "message": message,
    })
}

fn fields(attributes: &[(String, ValueData)]) -> Value {
    let field = |(key, value): &(String, ValueData)| {
        let value = match value {
            ValueData::Bool(value) => json!(value),
            ValueData::Int(value) => json!(value),
            ValueData::Double(value) => json!(value),
            ValueData::Str(value) => json!(value),
            ValueData::Bools(values) => json!(values),
            ValueData::Ints(values) => json!(values),
            ValueData::Doubles(values) => json!(values),
            ValueData::Strs(values) => json!(values),
        };
        json!([key, value])
    };
    attributes.iter().map(field).collect()
}

#[test]
fn spans_of_every_shape_arrive_over_every_protocol() {
    let Some(foreign) = Foreign::start() else {
        return;
    };
    let spans = spans();
    for (protocol, port, over) in [
        (
            Protocol::HttpProtobuf,
            foreign.http,
            "application/x-protobuf",
        ),
        (Protocol::HttpJson, foreign.http, "application/json"),
        (Protocol::Grpc, foreign.grpc, "grpc"),
    ] {
        for compression in [Compression::None, Compression::Gzip] {
            let config = OtlpConfig::new()
                .protocol(protocol)
                .endpoint(format!("http://127.0.0.1:{port}"))
                .compression(compression)
                .retry(no_retry());
            let mut sent = otlp(config);
            for span in &spans {
                with_view(span, |view| sent.exporter.export(view));
            }
            if let Err(error) = sent.flush() {
                panic!("{protocol:?}: {error}: {}", foreign.line());
            }
            assert_eq!(sent.counts(LossCause::Failed), (spans.len() as u64, 0));
            // they come scope by scope, so each is looked up
            let mut arrived: Vec<Value> = (0..spans.len()).map(|_| foreign.line()).collect();
            for span in &spans {
                let mut expected = expected(span);
                expected["over"] = over.into();
                let position = arrived
                    .iter()
                    .position(|arrived| arrived["span_id"] == expected["span_id"])
                    .expect("it arrived");
                assert_eq!(arrived.swap_remove(position), expected);
            }
        }
    }
}
