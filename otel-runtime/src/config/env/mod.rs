//! The environment variables of the
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
//! that concern traces and metrics.
//!
//! A pure function from variables to [`Settings`]. Nothing here reads the
//! process's environment, opens a file or panics, whatever the values are.

mod exporters;
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

use std::time::Duration;

pub(crate) use exporters::{DefaultExporter, Features};
pub(crate) use log_level::LogLevel;
pub(crate) use metrics::MetricSettings;
#[cfg(feature = "otlp")]
pub(crate) use metrics::Temporality;
#[cfg(feature = "otlp")]
pub(crate) use otlp::OtlpSettings;
pub(crate) use vars::Vars;

use super::error::{ConfigError, ConfigProblem};
use crate::limits::SpanLimits;
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
    pub(crate) console: bool,
    pub(crate) console_metrics: bool,
    #[cfg(feature = "otlp")]
    pub(crate) otlp: Option<OtlpSettings>,
    #[cfg(feature = "otlp")]
    pub(crate) otlp_metrics: Option<OtlpSettings>,
    /// Metrics are told to a scraper.
    pub(crate) prometheus: bool,
    pub(crate) metrics: MetricSettings,
    pub(crate) batch: BatchSettings,
    pub(crate) log_level: LogLevel,
    /// Settings without effect, for the diagnostics.
    pub(crate) warnings: Vec<String>,
}

/// How spans are put together for sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BatchSettings {
    pub(crate) schedule_delay: Option<Duration>,
    pub(crate) export_timeout: Option<Duration>,
    pub(crate) max_queue_spans: Option<u32>,
    pub(crate) max_batch_spans: Option<u32>,
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
    settings.limits = limits(&mut reader);
    settings.redaction = redaction::read(&mut reader);
    settings.batch = batch(&mut reader);
    settings.metrics = metrics::read(&mut reader);
    let of_spans = exporters::read(&mut reader, &exporters::TRACES, features, default);
    let of_metrics = exporters::read(&mut reader, &exporters::METRICS, features, default);
    settings.console = of_spans.contains(&Exporter::Console);
    settings.console_metrics = of_metrics.contains(&Exporter::Console);
    settings.prometheus = of_metrics.contains(&Exporter::Prometheus);
    #[cfg(feature = "otlp")]
    {
        if of_spans.contains(&Exporter::Otlp) {
            settings.otlp = otlp::read(&mut reader, &otlp::TRACES, features);
        }
        if of_metrics.contains(&Exporter::Otlp) {
            settings.otlp_metrics = otlp::read(&mut reader, &otlp::METRICS, features);
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

/// What both signals have read and refused is told once.
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

fn limits(reader: &mut Reader<'_>) -> SpanLimits {
    let mut limits = SpanLimits::DEFAULT;
    let mut read = |limit: &mut u32, names: &[&'static str]| {
        if let Some(number) = reader.integer(names, 0) {
            *limit = number;
        }
    };
    read(
        &mut limits.value_length,
        &[
            "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
            "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        ],
    );
    read(
        &mut limits.attribute_count,
        &[
            "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
            "OTEL_ATTRIBUTE_COUNT_LIMIT",
        ],
    );
    read(&mut limits.event_count, &["OTEL_SPAN_EVENT_COUNT_LIMIT"]);
    read(&mut limits.link_count, &["OTEL_SPAN_LINK_COUNT_LIMIT"]);
    read(
        &mut limits.event_attribute_count,
        &["OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT"],
    );
    read(
        &mut limits.link_attribute_count,
        &["OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"],
    );
    limits
}

fn batch(reader: &mut Reader<'_>) -> BatchSettings {
    const QUEUE: &str = "OTEL_BSP_MAX_QUEUE_SIZE";
    const BATCH: &str = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
    let batch = BatchSettings {
        schedule_delay: reader.duration(&["OTEL_BSP_SCHEDULE_DELAY"]),
        export_timeout: reader.timeout(&["OTEL_BSP_EXPORT_TIMEOUT"]),
        max_queue_spans: reader.integer(&[QUEUE], 1),
        max_batch_spans: reader.integer(&[BATCH], 1),
    };
    if let (Some(queue), Some(size)) = (batch.max_queue_spans, batch.max_batch_spans)
        && size > queue
    {
        let reason = format!("expected at most {QUEUE}, which is {queue}");
        let problem = ConfigProblem::new(BATCH, reason).with_value(size.to_string());
        reader.problems.push(problem);
    }
    batch
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
