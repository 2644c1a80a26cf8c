//! The adapter of log records, with exporters that were made for the OpenTelemetry SDK.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::logs::{AnyValue, Severity};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{InMemoryLogExporter, LogBatch, LogExporter, SdkLogRecord};
use otel_runtime::export::sdk::SdkLogsExporter;
use otel_runtime::export::{BatchConfig, Exporter, LogData, LossCause, ValueData};
use otelkit_tests::export::Started;
use otelkit_tests::logs::{any_log, plain_log, with_log_view};
use proptest::prelude::*;

/// Notes what is called, and answers as it is told.
#[derive(Clone, Debug, Default)]
struct Notes {
    calls: Arc<Mutex<Vec<String>>>,
    fails: bool,
    wants: Option<Severity>,
}

impl Notes {
    fn note(&self, call: impl Into<String>) {
        self.calls.lock().unwrap().push(call.into());
    }
}

impl LogExporter for Notes {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.note(format!("export {}", batch.iter().count()));
        match self.fails {
            true => Err(OTelSdkError::InternalFailure("no".to_owned())),
            false => Ok(()),
        }
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        self.note("shutdown");
        Ok(())
    }

    fn event_enabled(&self, severity: Severity, target: &str, _name: Option<&str>) -> bool {
        assert_eq!(target, "shop::orders");
        self.wants.is_none_or(|wanted| severity >= wanted)
    }

    fn set_resource(&mut self, resource: &Resource) {
        let name = resource.get(&"service.name".into()).unwrap();
        self.note(format!("resource {name}"));
    }
}

fn say(driven: &mut Started<impl Exporter>, records: u64) {
    for number in 0..records {
        with_log_view(&plain_log(number), |view| driven.exporter.log(view));
    }
}

#[test]
fn every_call_of_the_trait_is_made_in_its_time() {
    let notes = Notes::default();
    let batch = BatchConfig {
        max_export_batch_size: 4,
        ..BatchConfig::default()
    };
    let mut driven = Started::new(SdkLogsExporter::new(notes.clone()).batch(batch));
    say(&mut driven, 9);
    driven.flush().unwrap();
    driven.flush().unwrap();
    say(&mut driven, 1);
    driven.shutdown(Duration::from_secs(30)).unwrap();
    assert_eq!(driven.stats.exported_logs(), 10);
    let expected = [
        "resource tests",
        "export 4",
        "export 4",
        "export 1",
        "export 1",
        "shutdown",
    ];
    assert_eq!(*notes.calls.lock().unwrap(), expected);
}

#[test]
fn an_exporter_that_fails_costs_the_records() {
    let notes = Notes {
        fails: true,
        ..Notes::default()
    };
    let mut driven = Started::new(SdkLogsExporter::new(notes));
    say(&mut driven, 5);
    let error = driven.flush().unwrap_err();
    assert!(error.to_string().contains("no"), "{error}");
    assert_eq!(driven.stats.exported_logs(), 0);
    assert_eq!(driven.stats.dropped_logs(LossCause::Failed), 5);
    assert_eq!(driven.stats.dropped_total(), 0);
}

#[test]
fn what_an_exporter_does_not_want_it_does_not_get() {
    let notes = Notes {
        wants: Some(Severity::Warn),
        ..Notes::default()
    };
    let mut driven = Started::new(SdkLogsExporter::new(notes.clone()));
    say(&mut driven, 5);
    let grave = LogData {
        severity: otel_runtime::log::Severity::ERROR,
        ..plain_log(7)
    };
    with_log_view(&grave, |view| driven.exporter.log(view));
    driven.flush().unwrap();
    assert_eq!(*notes.calls.lock().unwrap(), ["resource tests", "export 1"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_is_lost_on_the_way(log in any_log()) {
        let exporter = InMemoryLogExporter::default();
        let mut driven = Started::new(SdkLogsExporter::new(exporter.clone()));
        with_log_view(&log, |view| driven.exporter.log(view));
        driven.flush().unwrap();
        let emitted = exporter.get_emitted_logs().unwrap();
        let [seen] = &emitted[..] else { panic!("one record") };
        prop_assert_eq!(seen.instrumentation.name(), &*log.target);
        let seen = &seen.record;
        prop_assert_eq!(seen.timestamp(), Some(time(log.unix_ns)));
        prop_assert_eq!(seen.observed_timestamp(), Some(time(log.observed_unix_ns)));
        prop_assert_eq!(seen.severity_number().map(|severity| severity as u8), Some(log.severity.number()));
        prop_assert_eq!(seen.severity_text(), Some(log.severity.as_str()));
        prop_assert_eq!(seen.target().map(|target| &**target), Some(&*log.target));
        prop_assert_eq!(seen.event_name().unwrap_or_default(), &*log.event_name);
        let body = (log.body != ValueData::Str(String::new())).then(|| expected(&log.body));
        prop_assert_eq!(seen.body().map(shown), body);
        let trace = log.trace_id.zip(log.span_id);
        let trace = trace.map(|(trace, span)| (trace.to_string(), span.to_string(), log.trace_flags.bits()));
        let seen_trace = seen.trace_context().map(|context| {
            let flags = context.trace_flags.unwrap().to_u8();
            (context.trace_id.to_string(), context.span_id.to_string(), flags)
        });
        prop_assert_eq!(seen_trace, trace);
        prop_assert_eq!(attributes(seen), expected_attributes(&log));
    }
}

fn time(unix_ns: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(unix_ns)
}

fn attributes(record: &SdkLogRecord) -> Vec<(String, String)> {
    let attributes = record.attributes_iter();
    attributes
        .map(|(key, value)| (key.to_string(), shown(value)))
        .collect()
}

fn expected_attributes(log: &LogData) -> Vec<(String, String)> {
    let said = log.attributes.iter();
    let said = said.map(|(key, value)| (key.clone(), expected(value)));
    let file = log.file.iter();
    let file = file.map(|file| ("code.file.path".to_owned(), format!("{file:?}")));
    let line = (log.line > 0).then(|| ("code.line.number".to_owned(), log.line.to_string()));
    said.chain(file).chain(line).collect()
}

/// As text, in which NaN is like NaN.
fn shown(value: &AnyValue) -> String {
    match value {
        AnyValue::Boolean(value) => format!("{value:?}"),
        AnyValue::Int(value) => format!("{value:?}"),
        AnyValue::Double(value) => format!("{value:?}"),
        AnyValue::String(text) => format!("{:?}", text.as_str()),
        AnyValue::ListAny(values) => {
            let values: Vec<_> = values.iter().map(shown).collect();
            format!("[{}]", values.join(", "))
        }
        other => panic!("{other:?}"),
    }
}

fn expected(value: &ValueData) -> String {
    match value {
        ValueData::Bool(value) => format!("{value:?}"),
        ValueData::Int(value) => format!("{value:?}"),
        ValueData::Double(value) => format!("{value:?}"),
        ValueData::Str(value) => format!("{value:?}"),
        ValueData::Bools(values) => format!("{values:?}"),
        ValueData::Ints(values) => format!("{values:?}"),
        ValueData::Doubles(values) => format!("{values:?}"),
        ValueData::Strs(values) => format!("{values:?}"),
    }
}
