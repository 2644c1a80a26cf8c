//! Settings of the [OTLP exporter](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
//!
//! The variable of the signal wins over the one for all signals, and only the
//! winner is looked at.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::exporters::{self, ENDPOINT, Features};
use super::list;
use super::vars::{Choice, Reader};
use crate::config::error::ConfigProblem;
use crate::export::otlp::{Compression, OtlpConfig, Pem, Protocol};

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
}

const PROTOCOL: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
];
const INSECURE: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    "OTEL_EXPORTER_OTLP_INSECURE",
];
const HEADERS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_HEADERS",
];
const COMPRESSION: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
];
const TIMEOUT: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
];
const CERTIFICATE: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
];
const CLIENT_CERTIFICATE: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
];
const CLIENT_KEY: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
];

pub(super) fn read(reader: &mut Reader<'_>, features: Features) -> Option<OtlpSettings> {
    let protocol = protocol(reader, features);
    // everything else is read even if the protocol is wrong: all problems at once
    let endpoint = endpoint(reader, protocol.unwrap_or(Protocol::HttpProtobuf));
    let headers = headers(reader);
    let gzip = gzip(reader);
    let timeout = reader.timeout(&TIMEOUT);
    let [certificate, client_certificate, client_key] =
        [CERTIFICATE, CLIENT_CERTIFICATE, CLIENT_KEY]
            .map(|names| Some(PathBuf::from(reader.first(&names)?.text)));
    let origins = [
        ("header", HEADERS),
        ("certificate", CERTIFICATE),
        ("client_certificate", CLIENT_CERTIFICATE),
        ("client_key", CLIENT_KEY),
    ];
    let variables = origins
        .into_iter()
        .filter_map(|(setting, names)| Some((setting, reader.first(&names)?.name)))
        .collect();
    require_pair(reader, CLIENT_CERTIFICATE, CLIENT_KEY);
    require_pair(reader, CLIENT_KEY, CLIENT_CERTIFICATE);
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

fn protocol(reader: &mut Reader<'_>, features: Features) -> Option<Protocol> {
    let choices = [
        ("http/protobuf", Protocol::HttpProtobuf, features.otlp_http),
        ("http/json", Protocol::HttpJson, features.otlp_json),
        ("grpc", Protocol::Grpc, features.otlp_grpc),
    ];
    let Some(setting) = reader.first(&PROTOCOL) else {
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
fn endpoint(reader: &mut Reader<'_>, protocol: Protocol) -> Option<Endpoint> {
    let insecure = reader.boolean(&INSECURE).unwrap_or(false);
    let Some(setting) = reader.first(&ENDPOINT) else {
        return Some(Endpoint::Default);
    };
    let endpoint = |text: &str| match setting.name == ENDPOINT[0] {
        true => Endpoint::Traces(text.to_owned(), insecure),
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

fn headers(reader: &mut Reader<'_>) -> Option<Vec<(String, String)>> {
    let Some(setting) = reader.first(&HEADERS) else {
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

fn gzip(reader: &mut Reader<'_>) -> Option<bool> {
    let setting = reader.first(&COMPRESSION)?;
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
