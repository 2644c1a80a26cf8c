use super::*;
use crate::export::otlp::Protocol;

const NONE: Features = Features {
    otlp_http: false,
    otlp_json: false,
    otlp_grpc: false,
    terminal: false,
    lines: false,
    prometheus: false,
};
const EXPORTER: &str = "OTEL_TRACES_EXPORTER";

#[test]
fn exporters_are_chosen_from_a_list() {
    for (list, console, otlp) in [
        ("otlp", false, true),
        ("console", true, false),
        ("console, OTLP ,console", true, true),
        ("none", false, false),
        (",", false, false),
    ] {
        let settings = settings(&[(EXPORTER, list)]);
        assert_eq!(settings.console, console, "{list}");
        assert_eq!(settings.otlp.is_some(), otlp, "{list}");
    }
}

#[test]
fn exporters_that_do_not_exist_or_exclude_each_other_are_refused() {
    for (list, part) in [
        ("zipkin", "`zipkin` is not supported"),
        ("otlp/stdout", "is not supported"),
        ("logging", "is the old name of `console`"),
        ("stdout", "expected `otlp`, `console` or `none`"),
        ("none,otlp", "`none` cannot stand beside"),
    ] {
        let problem = problem(&[(EXPORTER, list)]);
        assert!(problem.reason().contains(part), "{problem}");
    }
    assert_eq!(problem(&[(EXPORTER, "oltp")]).nearest(), Some("otlp"));
}

#[test]
fn an_exporter_that_was_not_built_is_refused_with_its_feature() {
    let parse = |vars: &[(&str, &str)], features| {
        let vars = Vars::from_pairs(vars.iter().copied());
        parse(&vars, features, DefaultExporter::Otlp)
    };
    for (name, value, feature) in [
        (EXPORTER, "otlp", "`otlp-http`"),
        (EXPORTER, "console", "`terminal`"),
        ("OTEL_LOGS_EXPORTER", "console", "`lines`"),
        (ENDPOINT, "http://a", "`otlp-http`"),
    ] {
        let error = parse(&[(name, value)], NONE).unwrap_err();
        assert_eq!(error.problems()[0].key(), name);
        assert!(error.problems()[0].reason().contains(feature), "{error}");
    }
    let only_http = Features {
        otlp_http: true,
        ..NONE
    };
    let error = parse(&[(PROTOCOL, "grpc")], only_http).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`grpc` needs the feature `otlp-grpc`")
    );
    // what nobody asked for is no error
    assert_eq!(parse(&[], NONE).unwrap().otlp, None);
    let only_grpc = Features {
        otlp_grpc: true,
        ..NONE
    };
    let protocol = parse(&[], only_grpc).unwrap().otlp.unwrap().protocol;
    assert_eq!(protocol, Protocol::Grpc);
}

#[test]
fn a_program_may_export_only_where_it_is_asked_to() {
    let exports = |vars: &[(&str, &str)]| {
        let vars = Vars::from_pairs(vars.iter().copied());
        let settings = parse(&vars, ALL, DefaultExporter::OtlpIfAsked).unwrap();
        settings.otlp.is_some()
    };
    assert!(!exports(&[]));
    assert!(!exports(&[(PROTOCOL, "grpc")]));
    assert!(exports(&[(ENDPOINT, "http://a")]));
    assert!(exports(&[(TRACES_ENDPOINT, "http://a")]));
    assert!(exports(&[(EXPORTER, "otlp")]));
    assert!(!exports(&[(EXPORTER, "none"), (ENDPOINT, "http://a")]));
}

#[test]
fn settings_of_an_exporter_nobody_chose_are_not_looked_at() {
    let vars = [
        (EXPORTER, "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        (ENDPOINT, "nonsense"),
        (PROTOCOL, "x"),
    ];
    let settings = settings(&vars);
    let over_otlp = (settings.otlp, settings.otlp_metrics, settings.otlp_logs);
    assert_eq!(over_otlp, (None, None, None));
}
