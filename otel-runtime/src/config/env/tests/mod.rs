//! What each variable does, by groups as in the specification.

mod batch;
mod diagnostics;
mod exporters;
mod general;
mod limits;
mod logs;
mod metrics;
mod names;
mod otlp;
mod propagators;
mod resource;
mod sampler;

use super::*;

const ALL: Features = Features {
    otlp_http: true,
    otlp_json: true,
    otlp_grpc: true,
    terminal: true,
    lines: true,
    prometheus: true,
};
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";
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
fn problem(vars: &[(&str, &str)]) -> ConfigProblem {
    let error = try_parse(vars).expect_err("is refused");
    assert_eq!(error.problems().len(), 1, "{error}");
    error.problems()[0].clone()
}
