//! Settings of the [OTLP exporter](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
//!
//! The variable of the signal wins over the one for all signals, and only the
//! winner is looked at.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Features;
use super::list;
use super::vars::{Choice, Reader, Setting};
use crate::config::error::ConfigProblem;

/// How to export over OTLP, as far as the environment says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OtlpSettings {
    pub(crate) protocol: Protocol,
    /// The whole URL for traces; for gRPC, the receiver's.
    pub(crate) endpoint: String,
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

/// What carries the spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    HttpProtobuf,
    HttpJson,
    Grpc,
}

const ENDPOINT: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];
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

/// True if the environment says where to export to.
pub(super) fn is_asked_for(reader: &Reader<'_>) -> bool {
    ENDPOINT.iter().any(|name| reader.is_set(name))
}

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
        ("traces_endpoint", ENDPOINT),
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
    let choices = choices.map(|(word, protocol, built)| match built {
        true => Choice::Offered(word, protocol),
        false => Choice::Refused(word, without_feature(protocol.feature())),
    });
    reader.choice(setting, setting.text, choices)
}

pub(super) fn without_feature(feature: &str) -> String {
    format!("needs the feature `{feature}` of otel-runtime, which this program was built without")
}

fn endpoint(reader: &mut Reader<'_>, protocol: Protocol) -> Option<String> {
    let insecure = reader.boolean(&INSECURE).unwrap_or(false);
    let Some(setting) = reader.first(&ENDPOINT) else {
        return Some(protocol.default_endpoint().to_owned());
    };
    match complete(setting, protocol, insecure) {
        Ok(url) => Some(url),
        Err((reason, nearest)) => {
            let mut problem = ConfigProblem::new(setting.name, reason).with_nearest(nearest);
            // between `//` and `@` stands a password
            if !setting.text.contains('@') {
                problem = problem.with_value(setting.text);
            }
            reader.problems.push(problem);
            None
        }
    }
}

type EndpointProblem = (&'static str, Option<String>);

/// The URL to send traces to.
fn complete(
    setting: Setting<'_>,
    protocol: Protocol,
    insecure: bool,
) -> Result<String, EndpointProblem> {
    const EXPECTED: &str =
        "expected a URL with scheme `http` or `https` and a host, such as `http://localhost:4318`";
    let text = setting.text;
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None if protocol == Protocol::Grpc => {
            let scheme = if insecure { "http" } else { "https" };
            (scheme.to_owned(), text)
        }
        None => {
            let meant = format!("http://{text}");
            let is_url = complete(
                Setting {
                    text: &meant,
                    ..setting
                },
                protocol,
                insecure,
            )
            .is_ok();
            return Err((EXPECTED, is_url.then_some(meant)));
        }
    };
    if scheme != "http" && scheme != "https" {
        return Err((EXPECTED, None));
    }
    if text.bytes().any(|byte| byte <= b' ' || byte >= 0x7f) {
        return Err((
            "a URL has no white space and only ASCII; percent-encode the rest",
            None,
        ));
    }
    if text.contains('#') {
        return Err(("a URL to send to has no fragment (`#`)", None));
    }
    let (host_and_port, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if host_and_port.contains('@') {
        return Err((
            "a user and password do not belong into the URL; \
             put them into OTEL_EXPORTER_OTLP_HEADERS, as `authorization=Basic ..`",
            None,
        ));
    }
    check_authority(host_and_port)?;
    let is_for_all_signals = setting.name == ENDPOINT[1];
    let path = match is_for_all_signals && protocol != Protocol::Grpc {
        true => {
            let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
            format!("{}/v1/traces{query}", path.trim_end_matches('/'))
        }
        false if path.starts_with('/') || protocol == Protocol::Grpc => path.to_owned(),
        false => format!("/{path}"),
    };
    Ok(format!("{scheme}://{host_and_port}{path}"))
}

fn check_authority(text: &str) -> Result<(), EndpointProblem> {
    // an IPv6 address stands in brackets
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(("the host in brackets is no IPv6 address", None));
            }
            (address, rest)
        }
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if host.is_empty() || !(text.starts_with('[') || host.bytes().all(is_name)) {
        return Err(("the URL has no valid host", None));
    }
    let number = match port.strip_prefix(':') {
        None if port.is_empty() => return Ok(()),
        None => None,
        // an empty port is the scheme's own
        Some("") => return Ok(()),
        Some(number) => Some(number),
    };
    let digits = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|number| number.parse::<u16>().ok()) {
        Some(1..) => Ok(()),
        _ => Err(("the port must be a number from 1 to 65535", None)),
    }
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
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.bytes().all(is_token) {
        return Some(format!("`{}` is no header name", name.escape_debug()));
    }
    let is_text = |byte: u8| matches!(byte, b'\t' | b' '..=b'~');
    if !value.bytes().all(is_text) {
        return Some(format!(
            "the value of `{name}` has bytes that no header can carry"
        ));
    }
    None
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

impl Protocol {
    pub(crate) const fn feature(self) -> &'static str {
        match self {
            Self::HttpProtobuf => "otlp-http",
            Self::HttpJson => "otlp-json",
            Self::Grpc => "otlp-grpc",
        }
    }

    const fn default_endpoint(self) -> &'static str {
        match self {
            Self::HttpProtobuf | Self::HttpJson => "http://localhost:4318/v1/traces",
            Self::Grpc => "http://localhost:4317",
        }
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
