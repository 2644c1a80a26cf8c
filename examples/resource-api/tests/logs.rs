//! What is logged of every operation, whatever is done in whatever order: its beginning, its end
//! with its duration or its error, and the trace it belongs to, as lines that any reader of JSON
//! understands.

mod support;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use otel_runtime::class::{Classify as _, Severity};
use otel_runtime::export::lines::LinesExporter;
use otel_runtime::export::{MemoryExporter, Outcome, SpanData};
use otel_runtime::{Config, Telemetry, install};
use proptest::prelude::*;
use resource_api::service::{Resources, ServiceError};
use resource_api::storage::Storage;
use serde_json::{Map, Value};
use support::{Operation, describe, new, operation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const PATIENCE: Duration = Duration::from_secs(60);

/// What has been written.
#[derive(Clone, Debug, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8(bytes).expect("lines are text")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The runtime of all tests, for one at a time.
struct Observed {
    telemetry: Telemetry,
    spans: MemoryExporter,
    written: Written,
    one: Mutex<()>,
}

fn observed() -> &'static Observed {
    static OBSERVED: OnceLock<Observed> = OnceLock::new();
    OBSERVED.get_or_init(|| {
        let (spans, written) = (MemoryExporter::new(), Written::default());
        tracing_subscriber::registry()
            .with(otelkit_tracing::layer())
            .init();
        let config = Config::new()
            .service_name("resources-of-tests")
            .log_filter("info,resource_api=trace".parse().expect("a filter"))
            .with_exporter(spans.clone())
            .with_exporter(LinesExporter::to_writer(written.clone()));
        Observed {
            telemetry: install(config).expect("the only one"),
            spans,
            written,
            one: Mutex::new(()),
        }
    })
}

/// One operation, and what was recorded meanwhile.
struct Step {
    operation: Operation,
    error: Option<ServiceError>,
    spans: Vec<SpanData>,
    lines: Vec<Map<String, Value>>,
}

/// Carries the operations out, each observed by itself.
fn steps(operations: Vec<Operation>) -> Vec<Step> {
    let observed = observed();
    let _one = observed.one.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let address = directory.path().join("logs.db").into();
        let storage = Storage::open(&address).await.unwrap();
        let resources = Resources::new(storage.clone());
        observed.telemetry.flush(PATIENCE).unwrap();
        drop((observed.spans.take(), observed.written.take()));
        let mut steps = Vec::new();
        for operation in operations {
            let error = operation.carry_out(&resources).await.err();
            observed.telemetry.flush(PATIENCE).unwrap();
            let lines = observed.written.take();
            steps.push(Step {
                operation,
                error,
                spans: observed.spans.take(),
                lines: lines.lines().map(parsed).collect(),
            });
        }
        storage.close().await;
        steps
    })
}

/// Property 20: a line is one JSON object, and its keys are different from each other.
fn parsed(line: &str) -> Map<String, Value> {
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    match value {
        Value::Object(members) => {
            let keys = line.matches("\":").count();
            assert!(keys >= members.len(), "{line}");
            members
        }
        other => panic!("no object: {other}"),
    }
}

fn text<'a>(line: &'a Map<String, Value>, key: &str) -> &'a str {
    line.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Step {
    fn span(&self) -> &SpanData {
        let name = self.operation.name();
        self.spans.iter().find(|span| span.name == name).unwrap()
    }

    /// The lines that tell of the operation itself, by what they tell.
    fn told(&self, event: &str) -> Vec<&Map<String, Value>> {
        let span_id = self.span().span_id.to_string();
        let event = format!("otelkit.operation.{event}");
        self.lines
            .iter()
            .filter(|line| text(line, "span_id") == span_id && text(line, "event_name") == event)
            .collect()
    }

    /// Property 15: the beginning is logged once, at the time of the span's, before all else.
    fn is_started(&self) {
        let started = self.told("started");
        assert_eq!(started.len(), 1, "{:#?}", self.lines);
        let span = self.span();
        assert_eq!(nanoseconds(text(started[0], "time")), span.start_unix_ns);
        let message = format!("{} started", span.name);
        assert_eq!(text(started[0], "message"), message);
        assert_eq!(text(&self.lines[0], "message"), message);
    }

    /// Property 16: the end is logged once, with the duration and how it ended.
    fn is_ended(&self) {
        let span = self.span();
        let (event, other) = match &self.error {
            None => ("completed", "failed"),
            Some(_) => ("failed", "completed"),
        };
        let ended = self.told(event);
        assert_eq!((ended.len(), self.told(other).len()), (1, 0));
        let duration = ended[0].get("duration_ns").and_then(Value::as_u64);
        assert_eq!(duration, Some(span.duration_ns()));
        assert_eq!(nanoseconds(text(ended[0], "time")), span.end_unix_ns);
        let fields: HashMap<_, _> = span.attributes.iter().map(|(key, _)| (key, ())).collect();
        for key in fields.into_keys() {
            assert!(ended[0].contains_key(key), "{key} is not in {:?}", ended[0]);
        }
    }

    /// Property 17: every line belongs to a recorded span, and all to one trace.
    fn is_correlated(&self) {
        let trace_id = self.span().trace_id.to_string();
        for line in &self.lines {
            assert_eq!(text(line, "trace_id"), trace_id, "{line:?}");
            let span_id = text(line, "span_id");
            let is_known = |span: &SpanData| span.span_id.to_string() == span_id;
            assert!(self.spans.iter().any(is_known), "{line:?}");
        }
    }

    /// Property 18: every line says when, how grave, what, where, and of which service.
    fn is_complete(&self) {
        for line in &self.lines {
            nanoseconds(text(line, "time"));
            for key in ["severity", "message", "target", "file"] {
                assert!(!text(line, key).is_empty(), "no {key} in {line:?}");
            }
            assert!(line["line"].as_u64().is_some_and(|number| number > 0));
            assert_eq!(text(line, "service.name"), "resources-of-tests");
            assert!(text(line, "target").starts_with("resource_api"));
        }
    }

    /// Property 19: a failure is logged with what the error says and means, at its severity.
    fn is_explained(&self) {
        let Some(error) = &self.error else { return };
        let meaning = error.classify();
        let line = self.told("failed")[0];
        assert_eq!(text(line, "error.type"), meaning.code);
        assert_eq!(text(line, "otelkit.error.class"), meaning.class.as_str());
        assert_eq!(text(line, "severity"), meaning.severity.as_str());
        assert_eq!(text(line, "exception.message"), error.to_string());
        let message = format!("{} failed: {error}", self.operation.name());
        assert_eq!(text(line, "message"), message);
        assert_eq!(self.span().outcome, Outcome::Error);
        assert!(meaning.severity >= Severity::Warn);
    }
}

/// The time of a line, in nanoseconds since the Unix epoch.
fn nanoseconds(time: &str) -> u64 {
    let (seconds, fraction) = time
        .strip_suffix('Z')
        .and_then(|time| time.split_once('.'))
        .unwrap_or_else(|| panic!("no time: {time}"));
    assert_eq!(fraction.len(), 9, "{time}");
    let parts: Vec<u64> = seconds
        .split(['-', 'T', ':'])
        .map(|part| part.parse().unwrap())
        .collect();
    let [year, month, day, hour, minute, second] = parts[..] else {
        panic!("no time: {time}")
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    seconds * 1_000_000_000 + fraction.parse::<u64>().unwrap()
}

/// Days since 1970, counted one by one.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let years: u64 = (1970..year)
        .map(|year| 365 + u64::from(is_leap(year)))
        .sum();
    let february = 28 + u64::from(is_leap(year));
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month - 1).unwrap();
    years + months[..before].iter().sum::<u64>() + day - 1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn operations_are_logged(operations in prop::collection::vec(operation(), 1..12)) {
        for step in steps(operations) {
            step.is_started();
            step.is_ended();
            step.is_correlated();
            step.is_complete();
            step.is_explained();
        }
    }

    /// Property 20, for whatever a resource is called.
    #[test]
    fn a_name_comes_back_as_it_was(name in any::<String>().prop_filter("a name", |it| !it.is_empty())) {
        let operation = Operation::Create { name: name.clone(), dependencies: vec![] };
        let step = steps(vec![operation]).remove(0);
        let ended = match step.error {
            None => step.told("completed"),
            Some(_) => step.told("failed"),
        };
        prop_assert_eq!(text(ended[0], "resource.name"), name);
    }
}

#[test]
fn what_the_program_says_itself_stands_between_beginning_and_end() {
    let operation = Operation::Create {
        name: "a".to_owned(),
        dependencies: vec![],
    };
    let step = steps(vec![operation]).remove(0);
    let messages: Vec<_> = step
        .lines
        .iter()
        .map(|line| text(line, "message"))
        .collect();
    assert_eq!(
        messages,
        [
            "Resources::create started",
            "the resource and its edges are written",
            "Resources::create completed",
        ]
    );
    let said = &step.lines[1];
    assert_eq!(text(said, "severity"), "DEBUG");
    assert_eq!(text(said, "span_id"), step.span().span_id.to_string());
    assert_eq!(said["resource.id"], 1);
    // what every test of this crate uses
    drop((describe("a"), new("a", &[])));
}
