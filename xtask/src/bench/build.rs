//! The measured libraries, and how their programs are built and started.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::call::{root, target_dir};

/// A library under measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    /// No library: the functions as they are without one.
    Bare,
    Otelkit,
    /// The same behind `tracing`.
    OtelkitTracing,
    /// The same without a registry.
    OtelkitTracingAlone,
    Fastrace,
    OpenTelemetry,
    Emit,
    TracingOpenTelemetry,
    Metrics,
    Prometheus,
    PrometheusClient,
    Measured,
    Autometrics,
    /// Behind the `log` crate.
    OtelkitLog,
    TracingSubscriber,
    SlogJson,
    Logforth,
}

impl Library {
    /// Those that make spans.
    pub(crate) const TRACING: &[Self] = &[
        Self::Otelkit,
        Self::OtelkitTracing,
        Self::OtelkitTracingAlone,
        Self::Fastrace,
        Self::OpenTelemetry,
        Self::Emit,
        Self::TracingOpenTelemetry,
    ];

    /// Those that have an attribute of their own, or whatever their users write instead.
    pub(crate) const ANNOTATING: &[Self] = &[
        Self::Otelkit,
        Self::Fastrace,
        Self::OpenTelemetry,
        Self::Emit,
        Self::TracingOpenTelemetry,
    ];

    /// Those that count.
    pub(crate) const COUNTING: &[Self] = &[
        Self::Otelkit,
        Self::Metrics,
        Self::Prometheus,
        Self::PrometheusClient,
        Self::Measured,
        Self::OpenTelemetry,
        Self::Autometrics,
    ];

    /// Those that write lines of JSON.
    pub(crate) const LOGGING: &[Self] = &[
        Self::Otelkit,
        Self::OtelkitLog,
        Self::OtelkitTracing,
        Self::TracingSubscriber,
        Self::SlogJson,
        Self::Logforth,
    ];

    /// Those whose numbers can be scraped.
    pub(crate) const SCRAPED: &[Self] = &[
        Self::Otelkit,
        Self::Metrics,
        Self::Prometheus,
        Self::PrometheusClient,
        Self::Measured,
    ];

    /// Those that a service under load is observed with.
    pub(crate) const SERVING: &[Self] =
        &[Self::Otelkit, Self::Fastrace, Self::TracingOpenTelemetry];

    /// Its name in results, and that of its binary and feature in `benches/`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Otelkit => "otelkit",
            Self::OtelkitTracing => "otelkit-tracing",
            Self::OtelkitTracingAlone => "otelkit-tracing-alone",
            Self::Fastrace => "fastrace",
            Self::OpenTelemetry => "opentelemetry",
            Self::Emit => "emit",
            Self::TracingOpenTelemetry => "tracing-opentelemetry",
            Self::Metrics => "metrics",
            Self::Prometheus => "prometheus",
            Self::PrometheusClient => "prometheus-client",
            Self::Measured => "measured",
            Self::Autometrics => "autometrics",
            Self::OtelkitLog => "otelkit-log",
            Self::TracingSubscriber => "tracing-subscriber",
            Self::SlogJson => "slog-json",
            Self::Logforth => "logforth",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        let known = Self::TRACING.iter().chain(Self::COUNTING);
        let mut known = known.chain(Self::LOGGING).copied();
        known.find(|library| library.name() == name)
    }
}

/// Where the benchmarks' programs are built.
pub(crate) fn bench_target_dir() -> PathBuf {
    target_dir().join("benches")
}

/// Builds the program that counts with this library.
pub(crate) fn build_counting(library: Library) -> Result<PathBuf, String> {
    let program = format!("{}-metrics", library.name());
    match library {
        // what its spans need would be in the way
        Library::OpenTelemetry => build_with(&program, &program),
        library => build_with(library.name(), &program),
    }
}

/// Builds the program that writes lines with this library.
pub(crate) fn build_logging(library: Library) -> Result<PathBuf, String> {
    build(&format!("{}-logs", library.name()))
}

/// Builds the program that serves requests behind this library's layer.
pub(crate) fn build_serving(library: Library) -> Result<PathBuf, String> {
    build(&format!("{}-requests", library.name()))
}

/// Builds the program that has the name of its feature by itself, so that it gets no other's
/// features.
pub(crate) fn build(name: &str) -> Result<PathBuf, String> {
    build_with(name, name)
}

/// The same with a program of another name.
fn build_with(feature: &str, name: &str) -> Result<PathBuf, String> {
    eprintln!("building {name}");
    let manifest = root().join("benches/Cargo.toml");
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--manifest-path",
        ])
        .arg(manifest);
    cargo.args(["--features", feature, "--bin", name]);
    cargo.arg("--target-dir").arg(bench_target_dir());
    cargo
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let status = cargo
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !status.success() {
        return Err(format!("`{name}` of benches/ does not build"));
    }
    Ok(bench_target_dir().join("release").join(name))
}

/// Runs a program to its end and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command
        .output()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// Whether a program says that its library has nothing for the case.
pub(crate) fn is_absent(line: &str) -> bool {
    line.trim() == "absent"
}

/// The value of `key` in a line of `key=value`.
pub(crate) fn value(line: &str, key: &str) -> Result<f64, String> {
    line.split_whitespace()
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
        .ok_or_else(|| format!("no number `{key}` in: {line}"))
}

/// The middle one; the upper of the two in the middle.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_whole_key() {
        let line = "ns_median=2.5 ns_min=1";
        assert_eq!(value(line, "ns_min"), Ok(1.0));
        assert!(value(line, "ns").is_err());
    }
}
