//! What the encoders of log records write is, to OTLP's own generated types, exactly what was said.

#[path = "oracle/values.rs"]
mod values;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest as Request;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use otel_runtime::Resource;
use otel_runtime::export::otlp::{Encoding, LogBatch};
use otel_runtime::export::{LogData, ValueData};
use otelkit_tests::logs::{any_log, plain_log, with_log_view};
use proptest::prelude::*;
use prost::Message;

fn resource() -> Resource {
    let mut resource = Resource::default();
    resource.set("service.name", "tests");
    resource
}

fn encoded(encoding: Encoding, logs: &[LogData]) -> Vec<u8> {
    let mut batch = LogBatch::new(encoding, &resource());
    for log in logs {
        with_log_view(log, |view| batch.push(view));
    }
    assert_eq!(batch.records(), logs.len() as u64);
    let mut body = Vec::new();
    assert_eq!(batch.finish_into(&mut body), logs.len() as u64);
    assert_eq!((batch.records(), batch.bytes()), (0, 0));
    body
}

fn expected(log: &LogData) -> LogRecord {
    let mut attributes = log.attributes.clone();
    let mut add = |key: &str, value: Option<ValueData>| {
        let is_new = log.attribute(key).is_none();
        attributes.extend(
            value
                .filter(|_| is_new)
                .map(|value| (key.to_owned(), value)),
        );
    };
    add("code.file.path", log.file.clone().map(ValueData::Str));
    let line = (log.line > 0).then(|| ValueData::Int(log.line.into()));
    add("code.line.number", line);
    let is_empty = log.body == ValueData::Str(String::new());
    let attributes = attributes.iter();
    LogRecord {
        time_unix_nano: log.unix_ns,
        observed_time_unix_nano: log.observed_unix_ns,
        severity_number: log.severity.number().into(),
        severity_text: log.severity.as_str().to_owned(),
        body: (!is_empty).then(|| values::any_value(&log.body)),
        attributes: attributes
            .map(|(key, value)| values::key_value(key, value))
            .collect::<Vec<KeyValue>>(),
        dropped_attributes_count: log.dropped_attributes,
        flags: log.trace_flags.bits().into(),
        trace_id: log
            .trace_id
            .map_or_else(Vec::new, |id| id.to_bytes().to_vec()),
        span_id: log
            .span_id
            .map_or_else(Vec::new, |id| id.to_bytes().to_vec()),
        event_name: log.event_name.clone(),
    }
}

/// The request holds these records, in order within each target, and each target once.
fn assert_is(request: &Request, logs: &[LogData]) {
    let [of_resource] = &request.resource_logs[..] else {
        panic!("one resource");
    };
    assert_eq!(of_resource.resource.as_ref().unwrap().attributes.len(), 1);
    assert_eq!(of_resource.schema_url, resource().schema_url());
    let mut targets: Vec<&str> = Vec::new();
    let mut count = 0;
    for of_scope in &of_resource.scope_logs {
        let scope = of_scope.scope.as_ref().expect("a scope");
        assert!(!targets.contains(&&*scope.name), "each target once");
        targets.push(&scope.name);
        let of_target = logs.iter().filter(|log| log.target == scope.name);
        let expected: Vec<_> = of_target.map(expected).collect();
        count += expected.len();
        // NaN is equal to nothing, but looks the same
        assert_eq!(
            format!("{:?}", of_scope.log_records),
            format!("{expected:?}")
        );
    }
    assert_eq!(count, logs.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn protobuf_decodes_to_what_was_said(logs in prop::collection::vec(any_log(), 1..5)) {
        let body = encoded(Encoding::Protobuf, &logs);
        let request = Request::decode(&*body).unwrap();
        assert_is(&request, &logs);
        // the shortest form of every length and number, fields in order, defaults left out
        prop_assert_eq!(request.encode_to_vec(), body);
    }

    #[test]
    fn json_decodes_to_what_was_said(logs in prop::collection::vec(any_log(), 1..5)) {
        let body = encoded(Encoding::Json, &logs);
        prop_assert!(!body.iter().any(|byte| *byte < 0x20), "one line, nothing unescaped");
        // the oracle's reader knows no NaN and no infinity, which OTLP/JSON writes as texts
        let logs: Vec<_> = logs.into_iter().map(without_odd_doubles).collect();
        let request: Request = serde_json::from_value(values::read_json(&body)).unwrap();
        assert_is(&request, &logs);
    }
}

fn without_odd_doubles(mut log: LogData) -> LogData {
    let values = log.attributes.iter_mut().map(|(_, value)| value);
    values
        .chain([&mut log.body])
        .for_each(values::make_doubles_plain);
    log
}

#[test]
fn records_of_one_target_stand_together() {
    let mut logs = [plain_log(0), plain_log(1), plain_log(2)];
    logs[1].target = "other".to_owned();
    let request = Request::decode(&*encoded(Encoding::Protobuf, &logs)).unwrap();
    let scopes = &request.resource_logs[0].scope_logs;
    let lens: Vec<_> = scopes.iter().map(|scope| scope.log_records.len()).collect();
    assert_eq!(lens, [2, 1]);
}

#[test]
fn a_place_that_the_record_names_itself_is_not_named_twice() {
    let mut log = plain_log(0);
    log.file = Some("src/a.rs".to_owned());
    log.line = 3;
    log.attributes = vec![("code.line.number".to_owned(), ValueData::Int(7))];
    let request = Request::decode(&*encoded(Encoding::Protobuf, &[log])).unwrap();
    let record = &request.resource_logs[0].scope_logs[0].log_records[0];
    let keys: Vec<_> = record.attributes.iter().map(|it| &*it.key).collect();
    assert_eq!(keys, ["code.line.number", "code.file.path"]);
}
