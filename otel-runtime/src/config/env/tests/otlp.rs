use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::stats::Signal;

const CERTIFICATE: &str = "OTEL_EXPORTER_OTLP_CERTIFICATE";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";

#[track_caller]
fn otlp(vars: &[(&str, &str)]) -> OtlpSettings {
    settings(vars).otlp.expect("exports over OTLP")
}

/// Where spans would go, without the query.
#[track_caller]
fn target(vars: &[(&str, &str)]) -> String {
    let config = otlp(vars).into_config();
    config.target(Signal::Spans).unwrap().label().to_owned()
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
        // metrics and logs would have a key without a certificate
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
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
