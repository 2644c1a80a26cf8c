use std::path::PathBuf;

use super::exporters::{DefaultExporter, Features};
use super::otlp::Endpoint;
use super::*;
use crate::export::otlp::Protocol;

const ALL: Features = Features {
    otlp_http: true,
    otlp_json: true,
    otlp_grpc: true,
    terminal: true,
};
const NONE: Features = Features {
    otlp_http: false,
    otlp_json: false,
    otlp_grpc: false,
    terminal: false,
};
const CERTIFICATE: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
const RESOURCE: &str = "OTEL_RESOURCE_ATTRIBUTES";
const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const SAMPLER_ARG: &str = "OTEL_TRACES_SAMPLER_ARG";
const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

fn try_parse(vars: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let vars = Vars::from_pairs(vars.iter().copied());
    parse(&vars, ALL, DefaultExporter::Otlp)
}

#[track_caller]
fn settings(vars: &[(&str, &str)]) -> Settings {
    try_parse(vars).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn otlp(vars: &[(&str, &str)]) -> OtlpSettings {
    settings(vars).otlp.expect("exports over OTLP")
}

/// Where spans would go, without the query.
#[track_caller]
fn target(vars: &[(&str, &str)]) -> String {
    let config = otlp(vars).into_config();
    config.target().unwrap().label().to_owned()
}

#[track_caller]
fn problem(vars: &[(&str, &str)]) -> ConfigProblem {
    let error = try_parse(vars).expect_err("is refused");
    assert_eq!(error.problems().len(), 1, "{error}");
    error.problems()[0].clone()
}

#[test]
fn an_empty_environment_gives_the_defaults_of_the_specification() {
    let settings = settings(&[]);
    assert!(!settings.disabled);
    assert_eq!(settings.limits, SpanLimits::DEFAULT);
    assert_eq!(settings.sampler, None);
    assert!(!settings.console);
    let otlp = settings.otlp.unwrap();
    assert_eq!(otlp.protocol, Protocol::HttpProtobuf);
    assert_eq!(otlp.endpoint, Endpoint::Default);
}

#[test]
fn an_empty_value_counts_as_unset() {
    let empty: Vec<_> = names::READ.iter().map(|name| (*name, "")).collect();
    assert_eq!(settings(&empty), settings(&[]));
}

#[test]
fn a_disabled_sdk_stays_disabled_whatever_else_is_wrong() {
    for word in ["true", "TRUE", "True"] {
        let settings = settings(&[("OTEL_SDK_DISABLED", word), (SAMPLER, "nonsense")]);
        assert!(settings.disabled && settings.otlp.is_none());
    }
    assert!(!settings(&[("OTEL_SDK_DISABLED", "False")]).disabled);
}

#[test]
fn a_truth_value_is_true_or_false_and_nothing_else() {
    for (word, nearest) in [
        ("1", Some("true")),
        ("yes", Some("true")),
        ("0", Some("false")),
        ("off", Some("false")),
        ("ture", Some("true")),
        (" true", Some("true")),
        ("perhaps", None),
    ] {
        let problem = problem(&[("OTEL_SDK_DISABLED", word)]);
        assert_eq!(problem.key(), "OTEL_SDK_DISABLED");
        assert_eq!(problem.value(), Some(word));
        assert_eq!(problem.reason(), "expected `true` or `false`");
        assert_eq!(problem.nearest(), nearest, "{word}");
    }
}

#[test]
fn the_service_name_wins_over_the_resource_attributes() {
    let settings = settings(&[
        ("OTEL_SERVICE_NAME", "shop"),
        (RESOURCE, "service.name=other,team=a%2Cb, tier = gold "),
    ]);
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        settings.resource_attributes,
        [
            pair("service.name", "other"),
            pair("team", "a,b"),
            pair("tier", "gold"),
            pair("service.name", "shop"),
        ]
    );
}

#[test]
fn resource_attributes_that_are_no_list_are_refused() {
    for text in ["shop", "=a", "a=b,c", "a=%", "a=%ff"] {
        let problem = problem(&[(RESOURCE, text)]);
        assert_eq!(problem.key(), RESOURCE);
        assert_eq!(problem.value(), Some(text));
        assert!(
            problem
                .reason()
                .contains("expected `key1=value1,key2=value2`")
        );
    }
}

#[test]
fn every_sampler_of_the_specification_is_known() {
    let ratio = |ratio| Sampler::TraceIdRatio(ratio);
    for (name, argument, expected) in [
        ("always_on", "", Sampler::AlwaysOn),
        ("Always_OFF", "", Sampler::AlwaysOff),
        ("traceidratio", "0.25", ratio(0.25)),
        ("traceidratio", "", ratio(1.0)),
        ("traceidratio", "1e-3", ratio(0.001)),
        ("parentbased_always_on", "", Sampler::default()),
        (
            "parentbased_always_off",
            "",
            Sampler::parent_based(Sampler::AlwaysOff),
        ),
        (
            "parentbased_traceidratio",
            "0",
            Sampler::parent_based(ratio(0.0)),
        ),
        (
            "parentbased_traceidratio",
            "1",
            Sampler::parent_based(ratio(1.0)),
        ),
    ] {
        let settings = settings(&[(SAMPLER, name), (SAMPLER_ARG, argument)]);
        assert_eq!(settings.sampler, Some(expected), "{name} {argument}");
        assert!(settings.warnings.is_empty());
    }
}

#[test]
fn a_known_sampler_that_is_not_supported_is_refused_as_such() {
    for name in ["jaeger_remote", "parentbased_jaeger_remote", "xray"] {
        let problem = problem(&[(SAMPLER, name)]);
        assert!(problem.reason().contains("is not supported"), "{problem}");
        assert_eq!(problem.nearest(), None);
    }
    let problem = problem(&[(SAMPLER, "alwayson")]);
    assert_eq!(problem.nearest(), Some("always_on"));
    assert!(problem.reason().contains("`parentbased_traceidratio`"));
}

#[test]
fn a_ratio_outside_0_to_1_is_refused() {
    for (text, nearest) in [
        ("1.1", None),
        ("-0.1", None),
        ("NaN", None),
        ("inf", None),
        ("half", None),
        ("25%", Some("0.25")),
        ("0,5", None),
    ] {
        let problem = problem(&[(SAMPLER, "traceidratio"), (SAMPLER_ARG, text)]);
        assert_eq!(problem.key(), SAMPLER_ARG);
        assert_eq!(problem.nearest(), nearest, "{text}");
    }
}

#[test]
fn an_argument_without_effect_is_warned_of() {
    for vars in [
        &[(SAMPLER_ARG, "0.5")][..],
        &[(SAMPLER, "always_on"), (SAMPLER_ARG, "0.5")],
    ] {
        let warnings = settings(vars).warnings;
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].starts_with(SAMPLER_ARG), "{warnings:?}");
    }
}

#[test]
fn the_limit_for_spans_wins_over_the_limit_for_all() {
    let limits = settings(&[
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "3"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "4"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "5"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0"),
    ])
    .limits;
    let expected = SpanLimits {
        attribute_count: 1,
        value_length: 2,
        event_count: 3,
        link_count: 4,
        event_attribute_count: 5,
        link_attribute_count: 0,
    };
    assert_eq!(limits, expected);
    let limits = settings(&[
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "10"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2147483647"),
    ])
    .limits;
    assert_eq!(limits.attribute_count, 10);
    assert_eq!(limits.value_length, 2_147_483_647);
}

#[test]
fn a_number_is_whole_and_within_its_bounds() {
    for (name, text) in [
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "-1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1.5"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "2147483648"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "99999999999999999999"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "-5"),
    ] {
        let problem = problem(&[(name, text)]);
        assert_eq!((problem.key(), problem.value()), (name, Some(text)));
        assert!(problem.reason().contains("2147483647"), "{problem}");
    }
}

#[test]
fn a_time_with_a_unit_is_refused_and_translated() {
    for (text, nearest) in [
        ("5s", Some("5000")),
        ("100ms", Some("100")),
        ("2 m", Some("120000")),
        ("100000000m", None),
    ] {
        let problem = problem(&[("OTEL_BSP_SCHEDULE_DELAY", text)]);
        assert_eq!(problem.nearest(), nearest, "{text}");
    }
}

#[test]
fn batches_are_configured_in_spans_and_milliseconds() {
    let batch = settings(&[
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "0"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100"),
    ])
    .batch;
    assert_eq!(batch.schedule_delay, Some(Duration::ZERO));
    let never = Duration::from_millis(i32::MAX as u64);
    assert_eq!(batch.export_timeout, Some(never));
    assert_eq!(batch.max_queue_spans, Some(100));
    assert_eq!(batch.max_batch_spans, Some(100));
}

#[test]
fn a_batch_larger_than_the_queue_is_refused() {
    let problem = problem(&[
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101"),
    ]);
    assert_eq!(problem.key(), "OTEL_BSP_MAX_EXPORT_BATCH_SIZE");
    assert!(
        problem
            .reason()
            .contains("OTEL_BSP_MAX_QUEUE_SIZE, which is 100")
    );
}

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
fn the_endpoint_for_all_signals_is_completed_and_the_one_for_traces_is_not() {
    for (name, text, expected) in [
        (ENDPOINT, "http://a:1", "http://a:1/v1/traces"),
        (ENDPOINT, "HTTPS://a/", "https://a/v1/traces"),
        (ENDPOINT, "http://a/b/", "http://a/b/v1/traces"),
        (ENDPOINT, "http://a/b?k=v", "http://a/b/v1/traces"),
        (ENDPOINT, "http://[::1]:4318", "http://[::1]:4318/v1/traces"),
        (TRACES_ENDPOINT, "http://a:1", "http://a:1/"),
        (TRACES_ENDPOINT, "http://a/b/", "http://a/b/"),
        (TRACES_ENDPOINT, "http://a?k=v", "http://a/"),
    ] {
        assert_eq!(target(&[(name, text)]), expected, "{text}");
    }
    let both = [(ENDPOINT, "http://a"), (TRACES_ENDPOINT, "http://b/c")];
    assert_eq!(target(&both), "http://b/c");
}

#[test]
fn a_grpc_endpoint_may_lack_a_scheme_and_insecure_chooses_it() {
    let insecure = "OTEL_EXPORTER_OTLP_INSECURE";
    let endpoint = |text, word| target(&[(PROTOCOL, "grpc"), (ENDPOINT, text), (insecure, word)]);
    assert_eq!(endpoint("a:4317", ""), "https://a:4317/");
    assert_eq!(endpoint("a:4317", "false"), "https://a:4317/");
    assert_eq!(endpoint("a:4317", "true"), "http://a:4317/");
    assert_eq!(endpoint("http://a:4317", "false"), "http://a:4317/");
    assert_eq!(endpoint("https://a:4317", "true"), "https://a:4317/");
    assert_eq!(endpoint("", "true"), "http://localhost:4317/");
}

#[test]
fn what_is_no_endpoint_is_refused() {
    for (text, nearest) in [
        ("localhost:4318", Some("http://localhost:4318")),
        ("localhost", Some("http://localhost")),
        ("ftp://a", None),
        ("http://", None),
        ("http://:4318", None),
        ("http://a:0", None),
        ("http://a:65536", None),
        ("http://a:+1", None),
        ("http://a:b", None),
        ("http://a b", None),
        ("http://a/ü", None),
        ("http://a/#b", None),
        ("http://::1", None),
        ("http://[::x]", None),
        ("http://[::1]x", None),
        ("//a", None),
    ] {
        let problem = problem(&[(ENDPOINT, text)]);
        assert_eq!((problem.key(), problem.value()), (ENDPOINT, Some(text)));
        assert_eq!(problem.nearest(), nearest, "{text}");
    }
}

#[test]
fn headers_are_decoded_and_their_names_in_lower_case() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = otlp(&[(HEADERS, "Api-Key=a%20b,x=1, X = 2 ")]).headers;
    assert_eq!(headers, [pair("api-key", "a b"), pair("x", "2")]);
    let headers = otlp(&[
        (HEADERS, "a=1,b=2"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "c=3"),
    ])
    .headers;
    assert_eq!(headers, [pair("c", "3")]);
}

#[test]
fn secrets_are_never_repeated() {
    for vars in [
        [(HEADERS, "hunter2")],
        [(HEADERS, "a=hunter2%")],
        [(HEADERS, "a=hunter2%0A")],
        [(HEADERS, "b c=hunter2")],
        [(ENDPOINT, "http://me:hunter2@a")],
        [(ENDPOINT, "me:hunter2@a")],
    ] {
        let error = try_parse(&vars).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(error.to_string().contains(vars[0].0), "{error}");
    }
    let settings = settings(&[(HEADERS, "a=hunter2")]);
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn compression_timeout_and_certificates_are_read() {
    let otlp = otlp(&[
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
        (CERTIFICATE, "/ca.pem"),
        (
            "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
            "/client.pem",
        ),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/client.key"),
    ]);
    assert_eq!(otlp.gzip, Some(false));
    assert_eq!(otlp.timeout, Some(Duration::from_millis(1500)));
    let path = |text| Some(PathBuf::from(text));
    assert_eq!(otlp.certificate, path("/ca.pem"));
    assert_eq!(otlp.client_certificate, path("/client.pem"));
    assert_eq!(otlp.client_key, path("/client.key"));
    let problem = problem(&[("OTEL_EXPORTER_OTLP_COMPRESSION", "gz")]);
    assert_eq!(problem.reason(), "expected `gzip` or `none`");
}

#[test]
fn a_client_certificate_needs_its_key_and_the_key_its_certificate() {
    for (one, other) in [("CERTIFICATE", "KEY"), ("KEY", "CERTIFICATE")] {
        let problem = problem(&[(&format!("OTEL_EXPORTER_OTLP_CLIENT_{one}"), "/x")]);
        assert!(
            problem
                .reason()
                .contains(&format!("OTEL_EXPORTER_OTLP_CLIENT_{other}"))
        );
    }
}

#[test]
fn settings_of_an_exporter_nobody_chose_are_not_looked_at() {
    let vars = [(EXPORTER, "none"), (ENDPOINT, "nonsense"), (PROTOCOL, "x")];
    assert_eq!(settings(&vars).otlp, None);
}

#[test]
fn all_problems_are_told_at_once() {
    let error = try_parse(&[
        (SAMPLER, "sometimes"),
        (ENDPOINT, "localhost"),
        (PROTOCOL, "carrier-pigeon"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_TRACE_EXPORTER", "otlp"),
    ])
    .unwrap_err();
    let keys: Vec<_> = error.problems().iter().map(ConfigProblem::key).collect();
    assert_eq!(
        keys,
        [
            SAMPLER,
            "OTEL_BSP_SCHEDULE_DELAY",
            PROTOCOL,
            ENDPOINT,
            "OTEL_TRACE_EXPORTER",
        ]
    );
}

#[test]
fn a_misspelt_variable_is_refused_with_the_right_name() {
    for (name, nearest) in [
        ("OTEL_EXPORTER_OTLP_TRACE_ENDPOINT", TRACES_ENDPOINT),
        ("OTEL_EXPORTER_OTLP_ENPOINT", ENDPOINT),
        ("OTEL_TRACES_SAMPLERS", SAMPLER),
        ("OTEL_SERVICENAME", "OTEL_SERVICE_NAME"),
    ] {
        let problem = problem(&[(name, "x")]);
        assert_eq!((problem.key(), problem.nearest()), (name, Some(nearest)));
    }
}

#[test]
fn variables_of_other_signals_languages_and_programs_are_left_alone() {
    for name in [
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_BLRP_MAX_QUEUE_SIZE",
        "OTEL_ENTITIES",
        "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
        "OTEL_JAVAAGENT_DEBUG",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LOGS_EXPORTER",
        "OTEL_LOG_LEVEL",
        "OTEL_METRICS_EXPORTER",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_PROPAGATORS",
        "OTEL_PYTHON_LOG_LEVEL",
        "OTEL_SEMCONV_STABILITY_OPT_IN",
        "OTEL_SOMETHING_ELSE",
    ] {
        let settings = settings(&[(name, "x")]);
        assert!(settings.warnings.is_empty(), "{name}");
    }
}

#[test]
fn an_unknown_variable_in_the_corner_of_traces_is_warned_of() {
    let warnings = settings(&[("OTEL_EXPORTER_OTLP_TRACES_PIGEON_NAME", "x")]).warnings;
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_configuration_file_is_refused_rather_than_ignored() {
    let problem = problem(&[("OTEL_CONFIG_FILE", "/etc/otel.yaml")]);
    assert!(problem.reason().contains("not supported"));
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf_8_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for name in names::READ {
        let text = OsStr::from_bytes(b"hunter2\xff");
        let mut vars = vec![(*name, text)];
        if *name == SAMPLER_ARG {
            vars.push((SAMPLER, OsStr::new("traceidratio")));
        }
        let vars = Vars::from_pairs(vars);
        let error = parse(&vars, ALL, DefaultExporter::Otlp).unwrap_err();
        let found = error.problems().iter().find(|it| it.key() == *name);
        assert!(found.unwrap().reason().contains("not UTF-8"), "{error}");
        if name.ends_with("_HEADERS") {
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
