//! Settings of the [OTLP exporter](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
//!
//! The variable of the signal wins over the one for all signals, and only the
//! winner is looked at.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::exporters::{self, Features};
use super::list;
use super::vars::{Choice, Reader};
use crate::config::error::ConfigProblem;
use crate::export::otlp::{Compression, OtlpConfig, Pem, Protocol};
use crate::stats::Signal;

/// How to export over OTLP, as far as the environment says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OtlpSettings {
    pub(crate) protocol: Protocol,
    pub(crate) endpoint: Endpoint,
    /// Lower-case names and values; values may be secrets.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) gzip: Option<bool>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) client_certificate: Option<PathBuf>,
    pub(crate) client_key: Option<PathBuf>,
    /// Settings whose trouble shows only later, and the variables they came from.
    pub(crate) variables: Vec<(&'static str, &'static str)>,
}

/// Where the receiver is, and whether a URL without scheme goes without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Default,
    AllSignals(String, bool),
    Traces(String, bool),
    Metrics(String, bool),
    Logs(String, bool),
}

/// The variables of one signal: its own, and the one for all signals.
#[derive(Debug)]
pub(super) struct Names {
    signal: Signal,
    endpoint: [&'static str; 2],
    protocol: [&'static str; 2],
    insecure: [&'static str; 2],
    headers: [&'static str; 2],
    compression: [&'static str; 2],
    timeout: [&'static str; 2],
    certificate: [&'static str; 2],
    client_certificate: [&'static str; 2],
    client_key: [&'static str; 2],
}

macro_rules! names {
    ($signal:literal, $name:literal) => {
        [
            concat!("OTEL_EXPORTER_OTLP_", $signal, "_", $name),
            concat!("OTEL_EXPORTER_OTLP_", $name),
        ]
    };
}

macro_rules! names_of {
    ($of:expr, $asking:expr, $signal:literal) => {
        Names {
            signal: $of,
            endpoint: $asking.endpoint,
            protocol: names!($signal, "PROTOCOL"),
            insecure: names!($signal, "INSECURE"),
            headers: names!($signal, "HEADERS"),
            compression: names!($signal, "COMPRESSION"),
            timeout: names!($signal, "TIMEOUT"),
            certificate: names!($signal, "CERTIFICATE"),
            client_certificate: names!($signal, "CLIENT_CERTIFICATE"),
            client_key: names!($signal, "CLIENT_KEY"),
        }
    };
}

pub(super) static TRACES: Names = names_of!(Signal::Spans, exporters::TRACES, "TRACES");
pub(super) static METRICS: Names = names_of!(Signal::Points, exporters::METRICS, "METRICS");
pub(super) static LOGS: Names = names_of!(Signal::Logs, exporters::LOGS, "LOGS");

pub(super) fn read(
    reader: &mut Reader<'_>,
    names: &'static Names,
    features: Features,
) -> Option<OtlpSettings> {
    let protocol = protocol(reader, names, features);
    // everything else is read even if the protocol is wrong: all problems at once
    let endpoint = endpoint(reader, names, protocol.unwrap_or(Protocol::HttpProtobuf));
    let headers = headers(reader, names);
    let gzip = gzip(reader, names);
    let timeout = reader.timeout(&names.timeout);
    let [certificate, client_certificate, client_key] = [
        names.certificate,
        names.client_certificate,
        names.client_key,
    ]
    .map(|names| Some(PathBuf::from(reader.first(&names)?.text)));
    let origins = [
        ("header", names.headers),
        ("certificate", names.certificate),
        ("client_certificate", names.client_certificate),
        ("client_key", names.client_key),
    ];
    let variables = origins
        .into_iter()
        .filter_map(|(setting, names)| Some((setting, reader.first(&names)?.name)))
        .collect();
    require_pair(reader, names.client_certificate, names.client_key);
    require_pair(reader, names.client_key, names.client_certificate);
    Some(OtlpSettings {
        protocol: protocol?,
        endpoint: endpoint?,
        headers: headers?,
        gzip,
        timeout,
        certificate,
        client_certificate,
        client_key,
        variables,
    })
}

fn protocol(reader: &mut Reader<'_>, names: &Names, features: Features) -> Option<Protocol> {
    let choices = [
        ("http/protobuf", Protocol::HttpProtobuf, features.otlp_http),
        ("http/json", Protocol::HttpJson, features.otlp_json),
        ("grpc", Protocol::Grpc, features.otlp_grpc),
    ];
    let Some(setting) = reader.first(&names.protocol) else {
        let first = choices.iter().find(|(_, _, built)| *built);
        return first.map(|(_, protocol, _)| *protocol);
    };
    let choices = choices.into_iter().zip(exporters::OTLP_FEATURES);
    let choices = choices.map(|((word, protocol, built), feature)| match built {
        true => Choice::Offered(word, protocol),
        false => Choice::Refused(word, exporters::without_feature(feature)),
    });
    reader.choice(setting, setting.text, choices)
}

/// Which receiver; `None` if that is a problem.
fn endpoint(reader: &mut Reader<'_>, names: &Names, protocol: Protocol) -> Option<Endpoint> {
    let insecure = reader.boolean(&names.insecure).unwrap_or(false);
    let Some(setting) = reader.first(&names.endpoint) else {
        return Some(Endpoint::Default);
    };
    let endpoint = |text: &str| match setting.name == names.endpoint[0] {
        true => match names.signal {
            Signal::Spans => Endpoint::Traces(text.to_owned(), insecure),
            Signal::Points => Endpoint::Metrics(text.to_owned(), insecure),
            Signal::Logs => Endpoint::Logs(text.to_owned(), insecure),
        },
        false => Endpoint::AllSignals(text.to_owned(), insecure),
    };
    let check = |text: &str| {
        let config = OtlpConfig::new().protocol(protocol);
        endpoint(text).put_into(config).validate()
    };
    let Err(error) = check(setting.text) else {
        return Some(endpoint(setting.text));
    };
    let mut problem = ConfigProblem::new(setting.name, error.problem());
    if let Some(value) = error.value() {
        let meant = Some(format!("http://{value}")).filter(|meant| check(meant).is_ok());
        problem = problem.with_value(value).with_nearest(meant);
    }
    reader.problems.push(problem);
    None
}

fn headers(reader: &mut Reader<'_>, names: &Names) -> Option<Vec<(String, String)>> {
    let Some(setting) = reader.first(&names.headers) else {
        return Some(Vec::new());
    };
    let reason = match list::entries(setting.text) {
        Ok(entries) => match entries.iter().find_map(wrong_header) {
            None => return Some(distinct(entries)),
            Some(reason) => reason,
        },
        Err(problem) => problem.reason,
    };
    let reason = format!("{reason}; expected `name1=value1,name2=value2`, percent-encoded");
    reader
        .problems
        .push(ConfigProblem::new(setting.name, reason).with_value("***"));
    None
}

/// Names in lower case, as HTTP/2 wants them; a later value replaces an earlier one.
fn distinct(entries: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in entries {
        let name = name.to_ascii_lowercase();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value));
    }
    headers
}

fn wrong_header((name, value): &(String, String)) -> Option<String> {
    let config = OtlpConfig::new().header(name, value);
    Some(config.validate().err()?.problem().to_owned())
}

fn gzip(reader: &mut Reader<'_>, names: &Names) -> Option<bool> {
    let setting = reader.first(&names.compression)?;
    let choices = [
        Choice::Offered("gzip", true),
        Choice::Offered("none", false),
    ];
    reader.choice(setting, setting.text, choices)
}

fn require_pair(reader: &mut Reader<'_>, one: [&'static str; 2], other: [&'static str; 2]) {
    if other.iter().any(|name| reader.is_set(name)) {
        return;
    }
    if let Some(setting) = reader.first(&one) {
        let reason = format!(
            "a client's certificate and key go together; set {} too",
            other[1]
        );
        reader.refuse(setting, reason);
    }
}

impl Endpoint {
    fn put_into(self, config: OtlpConfig) -> OtlpConfig {
        match self {
            Self::Default => config,
            Self::AllSignals(url, insecure) => config.endpoint(url).insecure(insecure),
            Self::Traces(url, insecure) => config.traces_endpoint(url).insecure(insecure),
            Self::Metrics(url, insecure) => config.metrics_endpoint(url).insecure(insecure),
            Self::Logs(url, insecure) => config.logs_endpoint(url).insecure(insecure),
        }
    }
}

impl OtlpSettings {
    /// The exporter's settings; what the environment does not mention stays at its default.
    pub(crate) fn into_config(self) -> OtlpConfig {
        let config = OtlpConfig::new().protocol(self.protocol);
        let mut config = self.endpoint.put_into(config);
        for (name, value) in self.headers {
            config = config.header(name, value);
        }
        if self.gzip == Some(true) {
            config = config.compression(Compression::Gzip);
        }
        if let Some(timeout) = self.timeout {
            config = config.timeout(timeout);
        }
        if let Some(path) = self.certificate {
            config = config.certificate(Pem::Path(path));
        }
        if let Some(path) = self.client_certificate {
            config = config.client_certificate(Pem::Path(path));
        }
        if let Some(path) = self.client_key {
            config = config.client_key(Pem::Path(path));
        }
        config
    }
}

/// Without the values of headers.
impl fmt::Debug for OtlpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| (name, "***")).collect();
        f.debug_struct("OtlpSettings")
            .field("protocol", &self.protocol)
            .field("endpoint", &self.endpoint)
            .field("headers", &headers)
            .field("gzip", &self.gzip)
            .field("timeout", &self.timeout)
            .field("certificate", &self.certificate)
            .field("client_certificate", &self.client_certificate)
            .field("client_key", &self.client_key)
            .finish()
    }
}
