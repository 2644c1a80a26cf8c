use super::*;

#[test]
fn a_misspelt_variable_is_refused_with_the_right_name() {
    for (name, nearest) in [
        ("OTEL_EXPORTER_OTLP_TRACE_ENDPOINT", TRACES_ENDPOINT),
        ("OTEL_EXPORTER_OTLP_ENPOINT", ENDPOINT),
        ("OTEL_TRACES_SAMPLERS", SAMPLER),
        ("OTEL_LOG_LEVL", "OTEL_LOG_LEVEL"),
        ("OTEL_PROPAGATOR", "OTEL_PROPAGATORS"),
        ("OTEL_SERVICENAME", "OTEL_SERVICE_NAME"),
        ("OTEL_LOG_EXPORTER", "OTEL_LOGS_EXPORTER"),
        ("OTEL_BLRP_SCHEDULED_DELAY", "OTEL_BLRP_SCHEDULE_DELAY"),
    ] {
        let problem = problem(&[(name, "x")]);
        assert_eq!((problem.key(), problem.nearest()), (name, Some(nearest)));
    }
}

#[test]
fn variables_of_other_signals_languages_and_programs_are_left_alone() {
    for name in [
        "OTEL_ENTITIES",
        "OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
        "OTEL_JAVAAGENT_DEBUG",
        "OTEL_PYTHON_LOG_LEVEL",
        "OTEL_SEMCONV_STABILITY_OPT_IN",
        "OTEL_SOMETHING_ELSE",
    ] {
        let settings = settings(&[(name, "x")]);
        assert!(settings.warnings.is_empty(), "{name}");
    }
}

#[test]
fn an_unknown_variable_in_the_corner_of_a_signal_is_warned_of() {
    for signal in ["TRACES", "METRICS", "LOGS"] {
        let name = format!("OTEL_EXPORTER_OTLP_{signal}_PIGEON_NAME");
        assert_eq!(settings(&[(&name, "x")]).warnings.len(), 1, "{name}");
    }
}
