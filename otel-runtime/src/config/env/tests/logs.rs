use std::time::Duration;

use super::*;
use crate::stats::Signal;

const EXPORTER: &str = "OTEL_LOGS_EXPORTER";
const LOGS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";

fn target(vars: &[(&str, &str)]) -> String {
    let config = settings(vars).otlp_logs.unwrap().into_config();
    config.target(Signal::Logs).unwrap().label().to_owned()
}

#[test]
fn exporters_of_logs_are_chosen_from_a_list_of_their_own() {
    for (list, otlp, console) in [
        ("otlp", true, false),
        ("console", false, true),
        ("Console , otlp", true, true),
        ("none", false, false),
    ] {
        let settings = settings(&[(EXPORTER, list), ("OTEL_TRACES_EXPORTER", "none")]);
        assert_eq!(settings.otlp_logs.is_some(), otlp, "{list}");
        assert_eq!(settings.console_logs, console, "{list}");
        assert!(settings.otlp.is_none() && !settings.console, "{list}");
    }
    assert!(settings(&[]).otlp_logs.is_some(), "the default");
    let refused = problem(&[(EXPORTER, "prometheus")]);
    assert!(
        refused
            .reason()
            .contains("expected `otlp`, `console` or `none`")
    );
    assert_eq!(problem(&[(EXPORTER, "consol")]).nearest(), Some("console"));
}

#[test]
fn the_variables_of_logs_win_over_those_of_all_signals() {
    let general = (ENDPOINT, "http://a:1/b");
    assert_eq!(target(&[general]), "http://a:1/b/v1/logs");
    assert_eq!(
        target(&[general, (LOGS_ENDPOINT, "http://c/d")]),
        "http://c/d"
    );
    let settings = settings(&[
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
        ("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "b=2"),
        (PROTOCOL, "grpc"),
        ("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "500"),
    ]);
    let (traces, logs) = (settings.otlp.unwrap(), settings.otlp_logs.unwrap());
    assert_eq!(traces.headers, [("a".to_owned(), "1".to_owned())]);
    assert_eq!(logs.headers, [("b".to_owned(), "2".to_owned())]);
    assert_ne!(traces.protocol, logs.protocol);
    assert_eq!(traces.timeout, None);
    assert_eq!(logs.timeout, Some(Duration::from_millis(500)));
}

#[test]
fn batches_of_log_records_have_variables_of_their_own() {
    let settings = settings(&[
        ("OTEL_BSP_SCHEDULE_DELAY", "7"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "1"),
        ("OTEL_BLRP_EXPORT_TIMEOUT", "2"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "30"),
        ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "4"),
    ]);
    let expected = BatchSettings {
        schedule_delay: Some(Duration::from_millis(1)),
        export_timeout: Some(Duration::from_millis(2)),
        max_queue_items: Some(30),
        max_batch_items: Some(4),
    };
    assert_eq!(settings.log_batch, expected);
    assert_eq!(
        settings.batch.schedule_delay,
        Some(Duration::from_millis(7))
    );
    let too_large = problem(&[
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "3"),
        ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "4"),
    ]);
    assert!(
        too_large
            .reason()
            .contains("OTEL_BLRP_MAX_QUEUE_SIZE, which is 3")
    );
    for name in ["OTEL_BLRP_MAX_QUEUE_SIZE", "OTEL_BLRP_SCHEDULE_DELAY"] {
        assert_eq!(problem(&[(name, "-1")]).key(), name);
    }
}

#[test]
fn the_limit_for_log_records_wins_over_the_limit_for_all() {
    let general = [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "9"),
    ];
    let limits = settings(&general).log_limits;
    assert_eq!((limits.attribute_count, limits.value_length), (1, 2));
    let own = [
        ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "3"),
        ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4"),
    ];
    let limits = settings(&[general, [own[0], own[1], general[2]]].concat()).log_limits;
    assert_eq!((limits.attribute_count, limits.value_length), (3, 4));
    assert_eq!(settings(&[]).log_limits, LogLimits::DEFAULT);
    for (name, _) in own {
        assert_eq!(problem(&[(name, "many")]).key(), name);
    }
}

#[test]
fn logs_may_be_exported_only_where_that_is_asked_for() {
    let exports = |vars: &[(&str, &str)]| {
        let vars = Vars::from_pairs(vars.iter().copied());
        let settings = parse(&vars, ALL, DefaultExporter::OtlpIfAsked).unwrap();
        (settings.otlp.is_some(), settings.otlp_logs.is_some())
    };
    assert_eq!(exports(&[]), (false, false));
    assert_eq!(exports(&[(LOGS_ENDPOINT, "http://a")]), (false, true));
    assert_eq!(exports(&[(ENDPOINT, "http://a")]), (true, true));
    assert_eq!(exports(&[(EXPORTER, "otlp")]), (false, true));
}
