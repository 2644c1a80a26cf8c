//! The environment variables of the
//! [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
//! that concern traces.
//!
//! A pure function from variables to [`Settings`]. Nothing here reads the
//! process's environment, opens a file or panics, whatever the values are.

mod list;
mod names;
mod otlp;
mod sampler;
mod vars;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use otlp::{OtlpSettings, Protocol};
pub(crate) use vars::Vars;

use super::error::{ConfigError, ConfigProblem};
use crate::limits::SpanLimits;
use crate::sample::Sampler;
use vars::{Choice, Reader};

/// What an environment says. `None` stands for what it does not mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    pub(crate) disabled: bool,
    /// In order; a later value of a key replaces an earlier one.
    pub(crate) resource_attributes: Vec<(String, String)>,
    pub(crate) sampler: Option<Sampler>,
    pub(crate) limits: SpanLimits,
    pub(crate) console: bool,
    pub(crate) otlp: Option<OtlpSettings>,
    pub(crate) batch: BatchSettings,
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

/// Which exporters this build offers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Features {
    pub(crate) otlp_http: bool,
    pub(crate) otlp_json: bool,
    pub(crate) otlp_grpc: bool,
    pub(crate) terminal: bool,
}

/// Where spans go if `OTEL_TRACES_EXPORTER` is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultExporter {
    /// Over OTLP to this machine, as the specification says.
    Otlp,
    /// Over OTLP if an endpoint is set, else nowhere.
    OtlpIfAsked,
}

impl Features {
    /// Those of this build.
    pub(crate) const BUILT: Self = Self {
        otlp_http: cfg!(feature = "otlp-http"),
        otlp_json: cfg!(feature = "otlp-json"),
        otlp_grpc: cfg!(feature = "otlp-grpc"),
        terminal: cfg!(feature = "terminal"),
    };

    const fn any_otlp(self) -> bool {
        self.otlp_http || self.otlp_json || self.otlp_grpc
    }
}

/// Reads everything, or says everything that is wrong.
pub(crate) fn parse(
    vars: &Vars,
    features: Features,
    default: DefaultExporter,
) -> Result<Settings, ConfigError> {
    let mut reader = Reader::new(vars);
    let mut settings = Settings::default();
    if reader.boolean(&["OTEL_SDK_DISABLED"]) == Some(true) {
        // the emergency switch works whatever else is wrong
        settings.disabled = true;
        return Ok(settings);
    }
    settings.resource_attributes = resource_attributes(&mut reader);
    settings.sampler = sampler::read(&mut reader);
    settings.limits = limits(&mut reader);
    settings.batch = batch(&mut reader);
    let exporters = exporters(&mut reader, features, default);
    settings.console = exporters.contains(&Exporter::Console);
    if exporters.contains(&Exporter::Otlp) {
        settings.otlp = otlp::read(&mut reader, features);
    }
    refuse_config_file(&mut reader);
    names::check(vars, &mut reader);
    if !reader.problems.is_empty() {
        return Err(ConfigError::new(reader.problems));
    }
    settings.warnings = reader.warnings;
    Ok(settings)
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exporter {
    Otlp,
    Console,
    None,
}

fn exporters(
    reader: &mut Reader<'_>,
    features: Features,
    default: DefaultExporter,
) -> Vec<Exporter> {
    const EXPORTER: &str = "OTEL_TRACES_EXPORTER";
    let Some(setting) = reader.setting(EXPORTER) else {
        let asked = otlp::is_asked_for(reader);
        let wanted = asked || default == DefaultExporter::Otlp;
        // the default gives way to what was built, but an endpoint is a wish
        if asked && !features.any_otlp() {
            let reason = otlp_without_feature();
            let endpoint = [
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
            ];
            if let Some(setting) = reader.first(&endpoint) {
                let problem = format!("exporting over OTLP {reason}; or set {EXPORTER}=none");
                reader
                    .problems
                    .push(ConfigProblem::new(setting.name, problem));
            }
        }
        return match wanted && features.any_otlp() && !reader.is_set(EXPORTER) {
            true => vec![Exporter::Otlp],
            false => Vec::new(),
        };
    };
    let mut chosen = Vec::new();
    let words = setting.text.split(',').map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        let otlp = match features.any_otlp() {
            true => Choice::Offered("otlp", Exporter::Otlp),
            false => Choice::Refused("otlp", otlp_without_feature()),
        };
        let console = match features.terminal {
            true => Choice::Offered("console", Exporter::Console),
            false => Choice::Refused("console", otlp::without_feature("terminal")),
        };
        let choices = [
            otlp,
            console,
            Choice::Offered("none", Exporter::None),
            Choice::Refused("zipkin", "is not supported by OtelKit".to_owned()),
            Choice::Refused("otlp/stdout", "is not supported by OtelKit".to_owned()),
            Choice::Refused("logging", "is the old name of `console`".to_owned()),
        ];
        chosen.extend(reader.choice(setting, word, choices));
    }
    if chosen.contains(&Exporter::None) && chosen.iter().any(|choice| *choice != Exporter::None) {
        reader.refuse(setting, "`none` cannot stand beside other exporters");
    }
    chosen
}

fn otlp_without_feature() -> String {
    let features = [Protocol::HttpProtobuf, Protocol::HttpJson, Protocol::Grpc];
    let [http, json, grpc] = features.map(Protocol::feature);
    format!(
        "needs one of the features `{http}`, `{json}` and `{grpc}` of otel-runtime, \
         which this program was built without"
    )
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
