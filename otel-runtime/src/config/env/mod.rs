//! The environment variables of the
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
//! that concern traces, metrics and logs.
//!
//! A pure function from variables to [`Settings`]. Nothing here reads the
//! process's environment, opens a file or panics, whatever the values are.

mod batch;
mod exporters;
mod limits;
mod list;
mod log_level;
mod metrics;
mod names;
#[cfg(feature = "otlp")]
mod otlp;
mod propagators;
mod redaction;
mod sampler;
mod vars;

#[cfg(all(test, feature = "otlp"))]
mod properties;
#[cfg(all(test, feature = "otlp"))]
mod tests;

pub(crate) use batch::BatchSettings;
pub(crate) use exporters::{DefaultExporter, Features};
pub(crate) use log_level::LogLevel;
pub(crate) use metrics::MetricSettings;
#[cfg(feature = "otlp")]
pub(crate) use metrics::Temporality;
#[cfg(feature = "otlp")]
pub(crate) use otlp::OtlpSettings;
pub(crate) use vars::Vars;

use super::error::{ConfigError, ConfigProblem};
use crate::limits::{LogLimits, SpanLimits};
use crate::propagation::Propagator;
use crate::redact::Redaction;
use crate::sample::Sampler;
use exporters::Exporter;
use vars::Reader;

/// What an environment says. `None` stands for what it does not mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    pub(crate) disabled: bool,
    /// In order; a later value of a key replaces an earlier one.
    pub(crate) resource_attributes: Vec<(String, String)>,
    pub(crate) sampler: Option<Sampler>,
    pub(crate) propagators: Option<Vec<Propagator>>,
    pub(crate) limits: SpanLimits,
    pub(crate) redaction: Option<Redaction>,
    pub(crate) log_limits: LogLimits,
    pub(crate) console: bool,
    pub(crate) console_metrics: bool,
    pub(crate) console_logs: bool,
    #[cfg(feature = "otlp")]
    pub(crate) otlp: Option<OtlpSettings>,
    #[cfg(feature = "otlp")]
    pub(crate) otlp_metrics: Option<OtlpSettings>,
    #[cfg(feature = "otlp")]
    pub(crate) otlp_logs: Option<OtlpSettings>,
    /// Metrics are told to a scraper.
    pub(crate) prometheus: bool,
    pub(crate) metrics: MetricSettings,
    /// Of spans, and of log records.
    pub(crate) batch: BatchSettings,
    pub(crate) log_batch: BatchSettings,
    pub(crate) log_level: LogLevel,
    /// Settings without effect, for the diagnostics.
    pub(crate) warnings: Vec<String>,
}

/// Reads everything, or says everything that is wrong.
pub(crate) fn parse(
    vars: &Vars,
    features: Features,
    default: DefaultExporter,
) -> Result<Settings, ConfigError> {
    let mut reader = Reader::new(vars);
    let mut settings = Settings {
        propagators: propagators::read(&mut reader),
        ..Settings::default()
    };
    if reader.boolean(&["OTEL_SDK_DISABLED"]) == Some(true) {
        // the emergency switch works whatever else is wrong
        settings.disabled = true;
        return Ok(settings);
    }
    settings.resource_attributes = resource_attributes(&mut reader);
    settings.sampler = sampler::read(&mut reader);
    settings.redaction = redaction::read(&mut reader);
    settings.limits = limits::of_spans(&mut reader);
    settings.log_limits = limits::of_logs(&mut reader);
    settings.batch = batch::read(&mut reader, &batch::SPANS);
    settings.log_batch = batch::read(&mut reader, &batch::LOGS);
    settings.metrics = metrics::read(&mut reader);
    let of_spans = exporters::read(&mut reader, &exporters::TRACES, features, default);
    let of_metrics = exporters::read(&mut reader, &exporters::METRICS, features, default);
    let of_logs = exporters::read(&mut reader, &exporters::LOGS, features, default);
    settings.console = of_spans.contains(&Exporter::Console);
    settings.console_metrics = of_metrics.contains(&Exporter::Console);
    settings.console_logs = of_logs.contains(&Exporter::Console);
    settings.prometheus = of_metrics.contains(&Exporter::Prometheus);
    #[cfg(feature = "otlp")]
    {
        if of_spans.contains(&Exporter::Otlp) {
            settings.otlp = otlp::read(&mut reader, &otlp::TRACES, features);
        }
        if of_metrics.contains(&Exporter::Otlp) {
            settings.otlp_metrics = otlp::read(&mut reader, &otlp::METRICS, features);
        }
        if of_logs.contains(&Exporter::Otlp) {
            settings.otlp_logs = otlp::read(&mut reader, &otlp::LOGS, features);
        }
    }
    settings.log_level = log_level::read(&mut reader);
    refuse_config_file(&mut reader);
    names::check(vars, &mut reader);
    if !reader.problems.is_empty() {
        return Err(ConfigError::new(distinct(reader.problems)));
    }
    settings.warnings = reader.warnings;
    Ok(settings)
}

/// What several signals have read and refused is told once.
fn distinct(problems: Vec<ConfigProblem>) -> Vec<ConfigProblem> {
    let mut distinct: Vec<ConfigProblem> = Vec::new();
    for problem in problems {
        let is_known = |known: &ConfigProblem| {
            known.key() == problem.key() && known.value() == problem.value()
        };
        if !distinct.iter().any(is_known) {
            distinct.push(problem);
        }
    }
    distinct
}

fn resource_attributes(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    if let Some(setting) = reader.setting("OTEL_RESOURCE_ATTRIBUTES") {
        match list::entries(setting.text) {
            Ok(entries) => attributes = entries,
            Err(problem) => reader.refuse(
                setting,
                format!(
                    "{}; expected `key1=value1,key2=value2`, percent-encoded",
                    problem.reason
                ),
            ),
        }
    }
    if let Some(setting) = reader.setting("OTEL_SERVICE_NAME") {
        attributes.push(("service.name".to_owned(), setting.text.to_owned()));
    }
    attributes
}

/// With this variable all others must be ignored; doing neither would be a
/// silent fallback.
fn refuse_config_file(reader: &mut Reader<'_>) {
    if let Some(setting) = reader.setting("OTEL_CONFIG_FILE") {
        reader.refuse(
            setting,
            "configuration files are not supported by OtelKit; unset it",
        );
    }
}
