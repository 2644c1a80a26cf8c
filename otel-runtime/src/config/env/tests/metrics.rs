use std::time::Duration;

use super::*;
use crate::metric::ExemplarFilter;
use crate::stats::Signal;

const EXPORTER: &str = "OTEL_METRICS_EXPORTER";
const METRICS_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

fn target(vars: &[(&str, &str)]) -> String {
    let config = settings(vars).otlp_metrics.unwrap().into_config();
    config.target(Signal::Points).unwrap().label().to_owned()
}

#[test]
fn exporters_of_metrics_are_chosen_from_a_list_of_their_own() {
    for (list, otlp, console, prometheus) in [
        ("otlp", true, false, false),
        ("console", false, true, false),
        ("prometheus, OTLP", true, false, true),
        ("none", false, false, false),
    ] {
        let settings = settings(&[(EXPORTER, list), ("OTEL_TRACES_EXPORTER", "none")]);
        assert_eq!(settings.otlp_metrics.is_some(), otlp, "{list}");
        assert_eq!(settings.console_metrics, console, "{list}");
        assert_eq!(settings.prometheus, prometheus, "{list}");
        assert!(settings.otlp.is_none() && !settings.console, "{list}");
    }
    assert!(
        settings(&[]).otlp_metrics.is_some(),
        "the specification's default"
    );
}

#[test]
fn what_is_no_exporter_of_metrics_is_refused() {
    let refused = problem(&[(EXPORTER, "promethius")]);
    assert_eq!(refused.nearest(), Some("prometheus"));
    let refused = problem(&[("OTEL_TRACES_EXPORTER", "prometheus")]);
    assert!(
        refused
            .reason()
            .contains("expected `otlp`, `console` or `none`")
    );
}

#[test]
fn the_variables_of_metrics_win_over_those_of_all_signals() {
    let general = (ENDPOINT, "http://a:1/b");
    assert_eq!(target(&[general]), "http://a:1/b/v1/metrics");
    assert_eq!(
        target(&[general, (METRICS_ENDPOINT, "http://c/d")]),
        "http://c/d"
    );
    let settings = settings(&[
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "b=2"),
        (PROTOCOL, "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "500"),
    ]);
    let (traces, metrics) = (settings.otlp.unwrap(), settings.otlp_metrics.unwrap());
    assert_eq!(traces.headers, [("a".to_owned(), "1".to_owned())]);
    assert_eq!(metrics.headers, [("b".to_owned(), "2".to_owned())]);
    assert_ne!(traces.protocol, metrics.protocol);
    assert_eq!(traces.timeout, None);
    assert_eq!(metrics.timeout, Some(Duration::from_millis(500)));
}

#[test]
fn what_is_wrong_for_all_signals_is_told_once() {
    problem(&[(PROTOCOL, "http")]);
    problem(&[(ENDPOINT, "nonsense")]);
}

#[test]
fn when_metrics_are_read_and_since_when_they_count() {
    let metrics = settings(&[
        ("OTEL_METRIC_EXPORT_INTERVAL", "10000"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "0"),
        (
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "LowMemory",
        ),
    ])
    .metrics;
    assert_eq!(metrics.interval, Some(Duration::from_secs(10)));
    assert!(metrics.timeout.unwrap() > Duration::from_secs(1_000_000));
    assert_eq!(metrics.temporality, Temporality::LowMemory);
    let refused = problem(&[("OTEL_METRIC_EXPORT_INTERVAL", "0")]);
    assert!(refused.reason().contains("at least 1"), "{refused}");
    let refused = problem(&[(
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "deltas",
    )]);
    assert_eq!(refused.nearest(), Some("delta"));
}

#[test]
fn which_values_become_exemplars() {
    let name = "OTEL_METRICS_EXEMPLAR_FILTER";
    let filter = |word| settings(&[(name, word)]).metrics.exemplar_filter;
    assert_eq!(filter("trace_based"), Some(ExemplarFilter::TraceBased));
    assert_eq!(filter("Always_On"), Some(ExemplarFilter::AlwaysOn));
    assert_eq!(filter("always_off"), Some(ExemplarFilter::AlwaysOff));
    assert_eq!(settings(&[]).metrics.exemplar_filter, None);
    let refused = problem(&[(name, "alwayson")]);
    assert_eq!(refused.nearest(), Some("always_on"));
}

#[test]
fn where_a_scraper_finds_them() {
    let metrics = settings(&[
        ("OTEL_EXPORTER_PROMETHEUS_HOST", "0.0.0.0"),
        ("OTEL_EXPORTER_PROMETHEUS_PORT", "9999"),
    ])
    .metrics;
    assert_eq!(metrics.prometheus_host.as_deref(), Some("0.0.0.0"));
    assert_eq!(metrics.prometheus_port, Some(9999));
    problem(&[("OTEL_EXPORTER_PROMETHEUS_HOST", "a:1")]);
    problem(&[("OTEL_EXPORTER_PROMETHEUS_PORT", "70000")]);
}

#[test]
fn what_has_no_effect_is_checked_and_warned_of() {
    let warnings = |vars: &[(&str, &str)]| settings(vars).warnings;
    let aggregation = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    let told = warnings(&[(aggregation, "explicit_bucket_histogram")]);
    assert!(told[0].contains("each histogram says"), "{told:?}");
    problem(&[(aggregation, "buckets")]);
}
