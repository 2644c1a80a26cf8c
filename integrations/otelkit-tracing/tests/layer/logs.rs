//! Events that become log records.

use std::error::Error;

use otel_runtime::export::{LogData, ValueData};
use otel_runtime::log::Severity;
use otel_runtime::traced;
use tracing::{debug, error, event, info, info_span, trace, warn};

use crate::capture;
use crate::errors::Gone;

fn body(log: &LogData) -> &str {
    match &log.body {
        ValueData::Str(text) => text,
        other => panic!("no text: {other:?}"),
    }
}

#[test]
fn an_event_belongs_to_the_span_that_is_current_whosever_that_is() {
    #[traced(name = "ours")]
    fn ours() {
        info!("in ours");
        info_span!("theirs").in_scope(|| info!("in theirs"));
    }
    let capture = capture();
    info!("nowhere");
    ours();
    let logs = capture.logs();
    let spans = capture.finish();
    let within = |text: &str| logs.iter().find(|log| body(log) == text).unwrap().span_id;
    assert_eq!(within("in ours"), Some(spans.named("ours").span_id));
    assert_eq!(within("in theirs"), Some(spans.named("theirs").span_id));
    assert_eq!(within("nowhere"), None);
}

#[test]
fn explicit_parents_are_followed() {
    let capture = capture();
    let parent = info_span!("parent");
    info_span!("current").in_scope(|| {
        info!(parent: &parent, "below");
        info!(parent: None, "nowhere");
    });
    drop(parent);
    let logs = capture.logs();
    let spans = capture.finish();
    assert_eq!(logs.len(), 2);
    assert_eq!(logs[0].span_id, Some(spans.named("parent").span_id));
    assert_eq!(logs[0].trace_id, Some(spans.named("parent").trace_id));
    assert_eq!((logs[1].span_id, logs[1].trace_id), (None, None));
}

#[test]
fn values_keep_their_types_and_the_place_is_known() {
    let capture = capture();
    let line = line!() + 1;
    info!(target: "their::part", int = 7, float = 0.5, truth = true, text = "t", shown = %1, debug = ?Some(2), "said {}", 3);
    let logs = capture.logs();
    let [log] = logs.as_slice() else {
        panic!("{logs:?}")
    };
    let expected = [
        ("int", ValueData::Int(7)),
        ("float", ValueData::Double(0.5)),
        ("truth", ValueData::Bool(true)),
        ("text", ValueData::Str("t".into())),
        ("shown", ValueData::Str("1".into())),
        ("debug", ValueData::Str("Some(2)".into())),
    ];
    assert_eq!(
        log.attributes,
        expected.map(|(key, value)| (key.to_owned(), value))
    );
    assert_eq!((body(log), log.severity), ("said 3", Severity::INFO));
    assert_eq!(
        (log.target.as_str(), log.event_name.as_str()),
        ("their::part", "")
    );
    assert_eq!(
        (log.line, log.module.as_deref()),
        (line, Some(module_path!()))
    );
    assert!(log.file.as_deref().unwrap().ends_with("logs.rs"));
}

#[test]
fn levels_become_severities() {
    let capture = capture();
    error!("1");
    warn!("2");
    info!("3");
    debug!("4");
    trace!("5");
    let severities: Vec<_> = capture.logs().iter().map(|log| log.severity).collect();
    let expected = [
        Severity::ERROR,
        Severity::WARN,
        Severity::INFO,
        Severity::DEBUG,
        Severity::TRACE,
    ];
    assert_eq!(severities, expected);
}

#[test]
fn an_error_brings_its_class_and_its_causes() {
    let capture = capture();
    let gone = Gone::new();
    error!(error = &gone as &(dyn Error + 'static), "failed");
    let logs = capture.logs();
    let text = |key| match logs[0].attribute(key) {
        Some(ValueData::Str(text)) => text.as_str(),
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(text("error"), "the store is gone");
    assert_eq!(text("error.type"), "STORE_GONE");
    assert_eq!(text("otelkit.error.class"), "unavailable");
    let causes = ValueData::Strs(vec![std::fmt::Error.to_string()]);
    assert_eq!(logs[0].attribute("exception.chain"), Some(&causes));
}

#[test]
fn an_event_that_has_a_name_keeps_it() {
    let capture = capture();
    event!(name: "order.placed", tracing::Level::INFO, order.id = 7);
    let logs = capture.logs();
    assert_eq!(logs[0].event_name, "order.placed");
    assert_eq!(body(&logs[0]), "");
}

#[test]
fn records_of_the_log_crate_say_where_they_come_from() {
    let _ = tracing_log::LogTracer::init();
    let capture = capture();
    log::warn!(target: "old::library", "said {}", "so");
    let logs = capture.logs();
    assert_eq!(
        (body(&logs[0]), logs[0].target.as_str()),
        ("said so", "old::library")
    );
    assert_eq!(logs[0].module.as_deref(), Some(module_path!()));
    assert!(logs[0].file.as_deref().unwrap().ends_with("logs.rs") && logs[0].line > 0);
    assert_eq!(logs[0].attributes, []);
}
