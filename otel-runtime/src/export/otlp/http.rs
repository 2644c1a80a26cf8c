//! OTLP over HTTP: one POST a batch, on a connection that is kept.
//!
//! Follows [OTLP/HTTP]. Redirects are not followed and proxies are not used:
//! headers hold credentials, and they go to the configured receiver or nowhere.
//!
//! [OTLP/HTTP]: https://opentelemetry.io/docs/specs/otlp/#otlphttp

use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime};

use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::config::{Compression, OtlpConfig, Protocol};
use super::error::OtlpConfigError;
use super::headers::headers;
use super::pem;
use super::response::{accepted_json, accepted_protobuf, printable, retry_after, status_message};
use super::transport::{Accepted, Failure, FailureKind, Transport};
use crate::stats::Signal;

pub(super) struct Http {
    agent: Agent,
    url: String,
    content_type: HeaderValue,
    headers: HeaderMap,
    /// Present when requests are compressed; holds the compressed one.
    compressed: Option<Vec<u8>>,
}

/// No more of an answer is read.
const LONGEST_ANSWER_BYTES: u64 = 64 << 10;
/// An idle connection is kept this long: somewhat longer than a usual schedule delay.
const IDLE: Duration = Duration::from_secs(30);

impl Http {
    pub(super) fn new(config: &OtlpConfig, signal: Signal) -> Result<Self, OtlpConfigError> {
        let content_type = match config.protocol {
            Protocol::HttpJson => "application/json",
            _ => "application/x-protobuf",
        };
        let agent = Agent::config_builder()
            .tls_config(tls(config)?)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(super::USER_AGENT)
            .accept(content_type)
            .max_idle_age(IDLE)
            .input_buffer_size(16 << 10)
            .output_buffer_size(64 << 10)
            .build()
            .new_agent();
        Ok(Self {
            agent,
            url: config.target(signal)?.url().to_owned(),
            content_type: HeaderValue::from_static(content_type),
            headers: headers(config)?,
            compressed: (config.compression == Compression::Gzip).then(Vec::new),
        })
    }
}

impl Transport for Http {
    fn send(&mut self, body: &mut Vec<u8>, deadline: Instant) -> Result<Accepted, Failure> {
        // zero would mean no limit at all
        let timeout = deadline
            .saturating_duration_since(Instant::now())
            .max(Duration::from_millis(1));
        let mut request = self
            .agent
            .post(&self.url)
            .config()
            .timeout_global(Some(timeout))
            .build();
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
            headers.insert(CONTENT_TYPE, self.content_type.clone());
        }
        let body = match &mut self.compressed {
            None => &*body,
            Some(compressed) => {
                if let Some(headers) = request.headers_mut() {
                    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                }
                gzip(body, compressed).map_err(|error| {
                    Failure::new(FailureKind::Broken, format!("cannot compress: {error}"))
                })?;
                compressed
            }
        };
        let response = request
            .send(body)
            .map_err(|error| failure_of(&error, timeout))?;
        read(response)
    }
}

fn read(mut response: Response<Body>) -> Result<Accepted, Failure> {
    let body = response
        .body_mut()
        .with_config()
        .limit(LONGEST_ANSWER_BYTES)
        .read_to_vec();
    let status = response.status();
    if status.is_success() {
        // the status has said that all was taken; the rest is detail
        return body.map_or_else(
            |_| Ok(Accepted::default()),
            |body| accepted(status, content_type(&response), &body),
        );
    }
    let reason = reason(&response, &body.unwrap_or_default());
    Err(Failure::new(kind_of(&response), reason))
}

fn accepted(status: StatusCode, content_type: &str, body: &[u8]) -> Result<Accepted, Failure> {
    let accepted = match content_type {
        _ if body.is_empty() => return Ok(Accepted::default()),
        "application/x-protobuf" | "application/protobuf" => accepted_protobuf(body),
        "application/json" => accepted_json(body),
        // says nothing in detail, as several receivers do
        "" | "text/plain" => return Ok(Accepted::default()),
        _ => Err(super::response::Malformed),
    };
    accepted.map_err(|_| {
        let reason = format!(
            "answered {} with something that is no OTLP response (content type `{}`); \
             is this the address of an OTLP/HTTP receiver?",
            status.as_u16(),
            printable(content_type.as_bytes()),
        );
        Failure::new(FailureKind::Broken, reason)
    })
}

fn kind_of(response: &Response<Body>) -> FailureKind {
    match response.status().as_u16() {
        429 | 502 | 503 | 504 => FailureKind::Transient {
            retry_after: header(response, RETRY_AFTER)
                .and_then(|value| retry_after(value, SystemTime::now())),
        },
        300..400 => FailureKind::Broken,
        _ => FailureKind::Refused,
    }
}

fn reason(response: &Response<Body>, body: &[u8]) -> String {
    let status = response.status();
    let mut reason = format!("answered {status}");
    if status.is_redirection() {
        let to = header(response, LOCATION).unwrap_or("nowhere");
        // the query of a redirect may hold a token
        let to = printable(to.split('?').next().unwrap_or_default().as_bytes());
        return format!("{reason}: redirects are not followed (to `{to}`)");
    }
    let said = match content_type(response) {
        "application/x-protobuf" | "application/protobuf" => status_message(body),
        "text/html" => None,
        _ => Some(printable(body)),
    };
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        reason.push_str(": ");
        reason.push_str(&said);
    }
    reason
}

fn header(response: &Response<Body>, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// The media type, without its parameters.
fn content_type(response: &Response<Body>) -> &str {
    let value = header(response, CONTENT_TYPE).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn failure_of(error: &ureq::Error, timeout: Duration) -> Failure {
    use ureq::Error;

    let transient = FailureKind::Transient { retry_after: None };
    let (kind, reason) = match error {
        Error::Timeout(_) => (transient, format!("no answer within {timeout:.1?}")),
        Error::HostNotFound => (FailureKind::Unreachable, "host not found".to_owned()),
        Error::ConnectionFailed => (FailureKind::Unreachable, "cannot connect".to_owned()),
        Error::Io(error) => (FailureKind::of_io(error), error.to_string()),
        Error::Protocol(_) => (
            FailureKind::Broken,
            format!("{error}; is this the address of an OTLP/HTTP receiver?"),
        ),
        error => (FailureKind::Broken, error.to_string()),
    };
    Failure::new(kind, reason)
}

fn gzip(body: &[u8], compressed: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = std::mem::take(compressed);
    buffer.clear();
    let mut encoder = GzEncoder::new(buffer, flate2::Compression::fast());
    encoder.write_all(body)?;
    *compressed = encoder.finish()?;
    Ok(())
}

fn tls(config: &OtlpConfig) -> Result<TlsConfig, OtlpConfigError> {
    let mut tls = TlsConfig::builder();
    if let Some(pem) = &config.certificate {
        tls = tls.root_certs(RootCerts::from(certificates("certificate", pem)?));
    }
    if let (Some(chain), Some(key)) = (&config.client_certificate, &config.client_key) {
        let chain = certificates("client_certificate", chain)?;
        let key = PrivateKey::from_pem(&pem::read("client_key", key)?)
            .map_err(|_| pem::no_such_item("client_key", "private key"))?;
        tls = tls.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
    }
    Ok(tls.build())
}

fn certificates(
    setting: &'static str,
    pem: &super::Pem,
) -> Result<Vec<Certificate<'static>>, OtlpConfigError> {
    let text = pem::read(setting, pem)?;
    let certificates: Vec<_> = ureq::tls::parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(pem::no_such_item(setting, "certificate"));
    }
    Ok(certificates)
}
