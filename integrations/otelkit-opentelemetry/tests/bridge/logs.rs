//! Log records of an appender that knows the API alone.

use std::collections::HashMap;
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{TraceContextExt, TraceFlags};
use opentelemetry::{Context, InstrumentationScope, Key, KeyValue};
use otel_runtime::export::{LogData, MemoryExporter, ValueData};
use otel_runtime::{Config, current_context, log, traced};
use otelkit_opentelemetry::{Logger, LoggerProvider};

use crate::library;

#[traced]
fn ours<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// The records of what `work` logs.
fn logs(filter: &str, work: impl FnOnce()) -> Vec<LogData> {
    let memory = MemoryExporter::new();
    let config = Config::new()
        .log_filter(filter.parse().expect("a filter"))
        .with_exporter(memory.clone());
    let mut observed = crate::with(config);
    work();
    let _ = observed.spans(0);
    drop(observed);
    memory.logs()
}

fn logger() -> Logger {
    LoggerProvider::new().logger("appender")
}

fn say(logger: &Logger, severity: Severity, target: &'static str, body: &'static str) {
    let mut record = logger.create_log_record();
    record.set_severity_number(severity);
    record.set_target(target);
    record.set_body(body.into());
    logger.emit(record);
}

#[test]
fn everything_that_is_said_of_a_record_arrives() {
    let logs = logs("trace", || {
        let scope = InstrumentationScope::builder("appender")
            .with_attributes([KeyValue::new("flavour", "plain")])
            .build();
        let logger = LoggerProvider::new().logger_with_scope(scope);
        let mut record = logger.create_log_record();
        record.set_event_name("order.placed");
        record.set_target("shop::cart");
        record.set_timestamp(UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        record.set_observed_timestamp(UNIX_EPOCH);
        record.set_severity_text("whatever");
        record.set_severity_number(Severity::Warn3);
        record.set_body("low on apples".into());
        record.add_attribute("int", 3);
        record.add_attribute("double", 0.5);
        record.add_attribute("truth", true);
        record.add_attributes([("text", "größe")]);
        record.add_attribute("list", AnyValue::from_iter([1, 2]));
        record.add_attribute("texts", AnyValue::from_iter(["x", "y"]));
        record.add_attribute("bytes", &b"foo"[..]);
        let map: HashMap<Key, AnyValue> = [("b", AnyValue::from(1)), ("a", "x".into())]
            .into_iter()
            .map(|(key, value)| (Key::from(key), value))
            .collect();
        record.add_attribute("map", AnyValue::Map(Box::new(map)));
        logger.emit(record);
    });
    let [log] = &logs[..] else {
        panic!("one record: {logs:?}");
    };
    assert_eq!(log.message(), "low on apples");
    assert_eq!(log.event_name, "order.placed");
    assert_eq!(log.target, "shop::cart");
    assert_eq!(log.severity, log::Severity::from_number(15).unwrap());
    assert_eq!(log.unix_ns, 1_000_000_000_000_000_000);
    assert!(log.observed_unix_ns > log.unix_ns);
    let text = |text: &str| ValueData::Str(text.to_owned());
    for (key, expected) in [
        ("int", ValueData::Int(3)),
        ("double", ValueData::Double(0.5)),
        ("truth", ValueData::Bool(true)),
        ("text", text("größe")),
        ("list", ValueData::Ints(vec![1, 2])),
        ("texts", ValueData::Strs(vec!["x".into(), "y".into()])),
        ("bytes", text("\"Zm9v\"")),
        ("map", text(r#"{"a":"x","b":1}"#)),
        ("otel.scope.flavour", text("plain")),
    ] {
        assert_eq!(log.attribute(key), Some(&expected), "{key}");
    }
}

#[test]
fn bodies_are_what_they_are_and_maps_are_json() {
    let logs = logs("trace", || {
        let logger = logger();
        for body in [
            AnyValue::from(7),
            AnyValue::from_iter([("k", AnyValue::from_iter([AnyValue::from(1), "x".into()]))]),
        ] {
            let mut record = logger.create_log_record();
            record.set_body(body);
            logger.emit(record);
        }
        logger.emit(logger.create_log_record());
    });
    let bodies: Vec<_> = logs.iter().map(|log| log.body.clone()).collect();
    let text = |text: &str| ValueData::Str(text.to_owned());
    assert_eq!(
        bodies,
        [ValueData::Int(7), text(r#"{"k":[1,"x"]}"#), text("")]
    );
    assert!(logs.iter().all(|log| log.severity == log::Severity::INFO));
    assert!(logs.iter().all(|log| log.target == "appender"));
}

#[test]
fn a_record_belongs_to_the_current_span_whoever_began_it() {
    let mut spans = Vec::new();
    let logs = logs("info", || {
        let logger = logger();
        let mut say_here = |body| {
            say(&logger, Severity::Info, "", body);
            spans.push(current_context());
        };
        say_here("in none");
        ours(|| {
            say_here("in ours");
            library::within("theirs", || say_here("in theirs"));
        });
        // One of a trace that the appender knows itself.
        let span = library::within("told", || Context::current().span().span_context().clone());
        let mut record = logger.create_log_record();
        record.set_trace_context(span.trace_id(), span.span_id(), Some(TraceFlags::SAMPLED));
        logger.emit(record);
    });
    let told = logs.last().unwrap();
    assert!(told.span_id.is_some() && told.trace_flags.is_sampled());
    assert_eq!(spans.len(), 3);
    for (log, span) in logs.iter().zip(spans) {
        assert_eq!(log.span_id, span.map(|span| span.span_id), "{log:?}");
        assert_eq!(log.trace_id, span.map(|span| span.trace_id));
    }
}

#[test]
fn the_filter_of_the_runtime_decides() {
    let logs = logs("warn,chatty=debug", || {
        let logger = logger();
        assert!(logger.event_enabled(Severity::Debug, "chatty", None));
        assert!(!logger.event_enabled(Severity::Trace4, "chatty", Some("name")));
        assert!(!logger.event_enabled(Severity::Info4, "", None));
        say(&logger, Severity::Info, "", "info");
        say(&logger, Severity::Warn, "", "warn");
        say(&logger, Severity::Debug, "chatty", "chatty");
        let mut record = logger.create_log_record();
        record.set_severity_text("error");
        logger.emit(record);
    });
    let messages: Vec<_> = logs.iter().map(LogData::message).collect();
    assert_eq!(messages, ["warn", "chatty", ""]);
    assert_eq!(logs[2].severity, log::Severity::ERROR);
}

#[test]
fn nothing_is_logged_within_what_is_suppressed() {
    let logs = logs("info", || {
        let quiet = Context::enter_telemetry_suppressed_scope();
        say(&logger(), Severity::Error, "", "never");
        drop(quiet);
        say(&logger(), Severity::Info, "", "said");
    });
    let messages: Vec<_> = logs.iter().map(LogData::message).collect();
    assert_eq!(messages, ["said"]);
}
