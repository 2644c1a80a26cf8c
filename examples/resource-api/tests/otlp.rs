//! The trace of a run, and what it logged, at a receiver that is not ours: `tests/receivers/otlp_receiver.py`, on
//! OpenTelemetry's own messages. Every span must be there, and make the very tree that was printed.

mod support;

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use otel_runtime::export::Outcome;
use resource_api::telemetry::{Detail, Field, KeptSpan, fold, tree};
use serde_json::Value;
use support::{Package, Run, Workplace};

/// The receiver, as long as the test wants it.
struct Receiver {
    child: Child,
    /// Reads what it prints: a full pipe would keep it from answering.
    reader: JoinHandle<Vec<Value>>,
    ports: Value,
}

impl Receiver {
    /// `None`, said loudly, where its Python is not there.
    fn start() -> Option<Self> {
        let python = support::python()?;
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/receivers/otlp_receiver.py"
        );
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the receiver starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its stdout"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("its first line");
        let ports = serde_json::from_str(&first).expect("its ports");
        let reader = std::thread::spawn(move || {
            let lines = lines.lines().map(|line| line.expect("a line"));
            lines
                .map(|line| serde_json::from_str(&line).expect("JSON"))
                .collect()
        });
        Some(Self {
            child,
            reader,
            ports,
        })
    }

    fn url(&self, protocol: &str) -> String {
        let kind = if protocol == "grpc" { "grpc" } else { "http" };
        format!("http://127.0.0.1:{}", self.ports[kind])
    }

    /// Ends it, and gives what it received: spans, and log records.
    #[track_caller]
    fn received(mut self) -> (Vec<Value>, Vec<Value>) {
        drop(self.child.stdin.take());
        self.child.wait().expect("it ends");
        let received = self.reader.join().expect("its lines");
        if let Some(problem) = received.iter().find(|line| line.get("problem").is_some()) {
            panic!("{problem}");
        }
        let is_span = |line: &Value| line.get("severity").is_none();
        received.into_iter().partition(is_span)
    }
}

fn kept(span: &Value) -> KeptSpan {
    let text = |key: &str| {
        span[key]
            .as_str()
            .unwrap_or_else(|| panic!("{key} in {span}"))
    };
    let number = |key: &str| {
        span[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {span}"))
    };
    let is_error = text("status") == "STATUS_CODE_ERROR";
    KeptSpan {
        name: text("name").into(),
        span_id: text("span_id").parse().expect("a span id"),
        parent_span_id: span["parent_span_id"]
            .as_str()
            .map(|id| id.parse().expect("a parent")),
        start_unix_ns: number("start"),
        duration_ns: number("end") - number("start"),
        outcome: if is_error {
            Outcome::Error
        } else {
            Outcome::Ok
        },
        failure: is_error.then(|| text("message").into()),
        fields: span["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|field| (field[0].as_str().expect("a key").into(), value(&field[1])))
            .collect(),
    }
}

fn value(value: &Value) -> Field {
    match value {
        Value::Number(number) if number.is_i64() => Field::Int(number.as_i64().expect("i64")),
        Value::String(text) => Field::Text(text.as_str().into()),
        other => Field::Text(other.to_string().into()),
    }
}

fn import(workplace: &Workplace, receiver: &Receiver, protocol: &str, file: &str) -> Run {
    let output = workplace
        .command()
        .args(["import", "--full-tree", file])
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url(protocol))
        // the receiver takes spans and log records alone
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        .env(
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            if protocol == "grpc" { "none" } else { "gzip" },
        )
        .output()
        .expect("the program runs");
    Run::from(output)
}

/// Imports our own lock file and looks for every span.
#[track_caller]
fn the_whole_tree_arrives_over(protocol: &str) {
    let Some(receiver) = Receiver::start() else {
        return;
    };
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
    let run = import(&Workplace::new(), &receiver, protocol, own).succeeds();
    let (received, logs) = receiver.received();
    let ids: HashSet<&str> = received
        .iter()
        .filter_map(|span| span["span_id"].as_str())
        .collect();
    assert_eq!(ids.len(), received.len(), "an id came twice");
    for span in &received {
        assert_eq!(span["trace_id"], received[0]["trace_id"]);
        assert_eq!(span["service"], "resource-api");
        let is_of_storage = span["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .any(|field| field[0] == "db.system.name");
        let kind = if is_of_storage {
            "SPAN_KIND_CLIENT"
        } else {
            "SPAN_KIND_INTERNAL"
        };
        assert_eq!(span["kind"], kind, "{span}");
        // what the example annotates, and what the pool records by itself
        let scope = span["scope"][0].as_str();
        let is_ours = scope == Some("resource-api");
        assert!(
            is_ours || is_of_storage && scope == Some("otelkit-sqlx"),
            "{span}"
        );
        match span["parent_span_id"].as_str() {
            Some(parent) => assert!(ids.contains(parent), "the parent of {span} is missing"),
            None => assert_eq!(span["name"], "import"),
        }
    }
    // every operation says that it began, and how it ended
    let of_operations = received.iter().filter(|span| {
        let name = span["name"].as_str().unwrap_or_default();
        logs.iter()
            .any(|log| log["body"] == format!("{name} started"))
    });
    for span in of_operations {
        let told = logs.iter().filter(|log| log["span_id"] == span["span_id"]);
        let events: Vec<_> = told.map(|log| log["event"].as_str().unwrap()).collect();
        assert_eq!(events.len(), 2, "{events:?} of {span}");
        assert_eq!(events[0], "otelkit.operation.started");
    }
    assert!(logs.len() > 100, "{}", logs.len());
    for log in &logs {
        assert_eq!(log["trace_id"], received[0]["trace_id"], "{log}");
        assert_eq!(log["service"], "resource-api");
    }
    let spans: Vec<KeptSpan> = received.iter().map(kept).collect();
    assert_eq!(tree(&fold(&spans, Detail::Full)), run.printed_tree());
    let count = received.len();
    let run = run.says(&format!(
        "\nspans: {count} recorded, {count} exported, 0 dropped\n"
    ));
    assert!(run.stdout.contains(&format!("tree: {count} exported")));
}

#[test]
fn the_whole_tree_arrives_over_http_protobuf() {
    the_whole_tree_arrives_over("http/protobuf");
}

#[test]
fn the_whole_tree_arrives_over_http_json() {
    the_whole_tree_arrives_over("http/json");
}

#[test]
fn the_whole_tree_arrives_over_grpc() {
    the_whole_tree_arrives_over("grpc");
}

#[test]
fn a_failure_arrives_with_its_reason_type_and_event() {
    let Some(receiver) = Receiver::start() else {
        return;
    };
    let workplace = Workplace::new();
    let packages: &[Package<'_>] = &[("app", "0.1.0", &["quo\"te"]), ("quo\\\"te", " 1", &[])];
    workplace.write("Cargo.lock", support::lockfile(packages));
    let run = import(&workplace, &receiver, "http/protobuf", "Cargo.lock");
    assert_eq!(run.code, Some(1));
    let (received, _) = receiver.received();
    let spans: Vec<KeptSpan> = received.iter().map(kept).collect();
    assert_eq!(tree(&fold(&spans, Detail::Full)), run.printed_tree());
    let find = |name: &str| {
        received
            .iter()
            .find(|span| span["name"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    let reason = "the version starts or ends with white space";
    for name in ["validate_description", "Resources::create"] {
        let span = find(name);
        assert_eq!(
            (&span["status"], &span["message"]),
            (&"STATUS_CODE_ERROR".into(), &reason.into())
        );
        let fields = span["fields"].as_array().expect("fields");
        for field in [
            ["error.type", "OuterWhitespace"],
            ["otelkit.error.class", "invalid_argument"],
        ] {
            assert!(fields.contains(&serde_json::json!(field)), "{span}");
        }
        assert_eq!(span["events"][0][0], "exception", "{span}");
    }
    let create = find("Resources::create");
    let fields = create["fields"].as_array().expect("fields");
    assert!(
        fields.contains(&serde_json::json!(["resource.name", "quo\"te"])),
        "{create}"
    );
}
