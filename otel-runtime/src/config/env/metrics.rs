//! What concerns metrics alone: when they are read, and how they are shown.

use std::net::IpAddr;
use std::time::Duration;

use super::vars::{Choice, Reader};
use crate::metric::ExemplarFilter;

/// How metrics are read and shown. `None` stands for what the environment does not mention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MetricSettings {
    pub(crate) interval: Option<Duration>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) exemplar_filter: Option<ExemplarFilter>,
    /// What goes over OTLP counts since it was sent last.
    pub(crate) temporality: Temporality,
    pub(crate) prometheus_host: Option<String>,
    pub(crate) prometheus_port: Option<u16>,
}

/// `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Temporality {
    #[default]
    Cumulative,
    Delta,
    LowMemory,
}

const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
const AGGREGATION: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
const EXEMPLARS: &str = "OTEL_METRICS_EXEMPLAR_FILTER";
const INTERVAL: &str = "OTEL_METRIC_EXPORT_INTERVAL";

pub(super) fn read(reader: &mut Reader<'_>) -> MetricSettings {
    warn_of_what_has_no_effect(reader);
    MetricSettings {
        interval: interval(reader),
        timeout: reader.timeout(&["OTEL_METRIC_EXPORT_TIMEOUT"]),
        exemplar_filter: exemplar_filter(reader),
        temporality: temporality(reader).unwrap_or_default(),
        prometheus_host: host(reader),
        prometheus_port: port(reader),
    }
}

fn interval(reader: &mut Reader<'_>) -> Option<Duration> {
    let interval = reader.duration(&[INTERVAL])?;
    if interval.is_zero() {
        let setting = reader.setting(INTERVAL)?;
        reader.refuse(setting, "expected milliseconds, at least 1");
    }
    Some(interval)
}

fn temporality(reader: &mut Reader<'_>) -> Option<Temporality> {
    let setting = reader.setting(TEMPORALITY)?;
    let choices = [
        Choice::Offered("cumulative", Temporality::Cumulative),
        Choice::Offered("delta", Temporality::Delta),
        Choice::Offered("lowmemory", Temporality::LowMemory),
    ];
    reader.choice(setting, setting.text, choices)
}

fn exemplar_filter(reader: &mut Reader<'_>) -> Option<ExemplarFilter> {
    let setting = reader.setting(EXEMPLARS)?;
    let choices = [
        Choice::Offered("trace_based", ExemplarFilter::TraceBased),
        Choice::Offered("always_on", ExemplarFilter::AlwaysOn),
        Choice::Offered("always_off", ExemplarFilter::AlwaysOff),
    ];
    reader.choice(setting, setting.text, choices)
}

/// The value is checked all the same: it may come to mean something.
fn warn_of_what_has_no_effect(reader: &mut Reader<'_>) {
    let Some(setting) = reader.setting(AGGREGATION) else {
        return;
    };
    let choices = [
        Choice::Offered("base2_exponential_bucket_histogram", true),
        Choice::Offered("explicit_bucket_histogram", false),
    ];
    if reader.choice(setting, setting.text, choices) == Some(false) {
        let warning = format!(
            "{AGGREGATION}={} has no effect: each histogram says what buckets it has",
            setting.text
        );
        reader.warnings.push(warning);
    }
}

fn host(reader: &mut Reader<'_>) -> Option<String> {
    let setting = reader.setting("OTEL_EXPORTER_PROMETHEUS_HOST")?;
    let is_name = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        text.bytes().all(is_part)
    };
    if setting.text.parse::<IpAddr>().is_err() && !is_name(setting.text) {
        reader.refuse(
            setting,
            "expected a host name or an IP address, without a port",
        );
    }
    Some(setting.text.to_owned())
}

fn port(reader: &mut Reader<'_>) -> Option<u16> {
    let setting = reader.setting("OTEL_EXPORTER_PROMETHEUS_PORT")?;
    let port = setting.text.parse().ok();
    if port.is_none() {
        reader.refuse(
            setting,
            "expected a port from 0 to 65535; 0 for any free one",
        );
    }
    port
}
