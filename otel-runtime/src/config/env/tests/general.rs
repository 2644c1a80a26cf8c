use super::*;
use crate::config::env::names::READ;
use crate::config::env::otlp::Endpoint;
use crate::export::otlp::Protocol;

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
    let empty: Vec<_> = READ.iter().map(|name| (*name, "")).collect();
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
fn a_configuration_file_is_refused_rather_than_ignored() {
    let problem = problem(&[("OTEL_CONFIG_FILE", "/etc/otel.yaml")]);
    assert!(problem.reason().contains("not supported"));
}

#[test]
#[cfg(unix)]
fn a_value_that_is_not_utf_8_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for name in READ {
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
