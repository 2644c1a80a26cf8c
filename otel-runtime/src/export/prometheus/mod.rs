//! Metrics for a Prometheus, or whoever else scrapes: an HTTP endpoint.
//!
//! ```text
//!  scrape ─► negotiate ─► scraper ─► metric::Readings ─► family ─► text │ protobuf ─► answer
//! ```
//!
//! A thread of the exporter's own listens, reads the instruments when somebody
//! asks, and answers in the format that the `Accept` header wants: text 0.0.4,
//! OpenMetrics 1.0.0 with exemplars, or protobuf with native histograms. Names
//! and labels follow OpenTelemetry's rules of [compatibility].
//!
//! Histograms with boundaries are the classic ones of Prometheus. Exponential
//! histograms are native histograms in protobuf, and classic ones in the text
//! formats: their boundaries are powers of two, which are boundaries at every
//! scale from 0 upwards, so the set of `le` never changes while values come.
//! With the unit `s` they are all of them from 2^-20 (a microsecond) to 2^10
//! (17 minutes), else every second one from 2^-10 to 2^40.
//!
//! [compatibility]: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/

mod accept;
mod classic;
mod family;
mod labels;
mod name;
mod protobuf;
mod scraper;
mod server;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Instant;

use super::exporter::{Exporter, ExporterError, FlushError};
use super::view::SpanView;
use crate::metric::{Metric, Metrics};
use crate::resource::Resource;
use crate::stats::ExporterStats;
use family::Family;
use server::Server;

pub use accept::Format;
pub use scraper::Scraper;

/// Answers the scrapes of a Prometheus; by default on `127.0.0.1:9464`, under `/metrics`.
///
/// A scrape reads the instruments; it does not wait for the interval at which other exporters get
/// them, and changes nothing for those. At most 16 connections are served at a time, each for half
/// a minute at most; whoever does not ask within five seconds is sent away. There is no TLS and no
/// authentication: whoever reaches the address can read the metrics.
///
/// ```
/// use otel_runtime::export::prometheus::PrometheusExporter;
///
/// let exporter = PrometheusExporter::new().address("127.0.0.1", 9090).prefix("shop");
/// let config = otel_runtime::Config::new().with_exporter(exporter);
/// # let _ = config;
/// ```
pub struct PrometheusExporter {
    host: String,
    port: u16,
    /// Taken by the start.
    listener: Option<TcpListener>,
    has_endpoint: bool,
    prefix: String,
    scraper: Scraper,
    server: Option<Server>,
}

const NAME: &str = "prometheus";

impl PrometheusExporter {
    /// Listens on `127.0.0.1:9464` when the runtime is installed.
    #[must_use]
    pub fn new() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 9464,
            listener: None,
            has_endpoint: true,
            prefix: String::new(),
            scraper: Scraper::default(),
            server: None,
        }
    }

    /// Listens here instead; port 0 is any free one. `OTEL_EXPORTER_PROMETHEUS_HOST` and `_PORT`.
    #[must_use]
    pub fn address(mut self, host: impl Into<String>, port: u16) -> Self {
        self.host = host.into();
        self.port = port;
        self
    }

    /// Answers whoever connects to this listener.
    #[must_use]
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Begins the name of every metric with this and `_`. Default: nothing.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Does not listen anywhere: the program serves what the [`Scraper`] writes.
    #[must_use]
    pub fn without_endpoint(mut self) -> Self {
        self.has_endpoint = false;
        self
    }

    /// What answers scrapes, for a program that has an HTTP server of its own.
    #[must_use]
    pub fn scraper(&self) -> Scraper {
        self.scraper.clone()
    }

    fn listen(&mut self) -> io::Result<TcpListener> {
        if let Some(listener) = self.listener.take() {
            return Ok(listener);
        }
        let refused = |error: io::Error| {
            let (host, port) = (&self.host, self.port);
            io::Error::new(
                error.kind(),
                format!("cannot listen on `{host}:{port}`: {error}"),
            )
        };
        let addresses: Vec<SocketAddr> = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(refused)?
            .collect();
        TcpListener::bind(&*addresses).map_err(refused)
    }
}

impl Default for PrometheusExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl Exporter for PrometheusExporter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn component_type(&self) -> &'static str {
        "prometheus_http_text_metric_exporter"
    }

    fn takes_spans(&self) -> bool {
        false
    }

    fn start(
        &mut self,
        resource: &Resource,
        stats: Arc<ExporterStats>,
    ) -> Result<(), ExporterError> {
        self.scraper.begin(resource, &self.prefix, stats);
        if self.has_endpoint {
            let unusable = |error: io::Error| ExporterError::new(NAME, error);
            let listener = self.listen().map_err(unusable)?;
            let scraper = self.scraper.clone();
            let answer = Arc::new(move |format| scraper.scrape(format));
            self.server = Some(Server::start(listener, answer).map_err(unusable)?);
        }
        Ok(())
    }

    fn export(&mut self, _span: &SpanView<'_>) {}

    fn tick(&mut self, _now: Instant) {}

    fn flush(&mut self, _deadline: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, deadline: Instant) -> Result<(), FlushError> {
        if let Some(server) = self.server.take() {
            server.stop(deadline);
        }
        Ok(())
    }
}

/// Writes metrics as a scraper reads them. `prefix` may be empty.
///
/// ```
/// use otel_runtime::Resource;
/// use otel_runtime::export::prometheus::{Format, render};
/// use otel_runtime::metric::Metrics;
///
/// let mut resource = Resource::default();
/// resource.set("service.name", "checkout");
/// let text = render(&Metrics::default(), &resource, "", Format::Text);
/// assert!(text.ends_with(b"target_info{service_name=\"checkout\"} 1\n"));
/// ```
#[must_use]
pub fn render(metrics: &Metrics, resource: &Resource, prefix: &str, format: Format) -> Vec<u8> {
    let families = family::families(&metrics.list, prefix);
    let mut read = |place| Cow::Borrowed(&metrics.list[place]);
    written(&families.shown, &mut read, resource, format)
}

/// Gives the metric at a place; asked for each place once.
type Read<'a, 'm> = &'a mut dyn FnMut(usize) -> Cow<'m, Metric>;

fn written(
    families: &[Family],
    read: Read<'_, '_>,
    resource: &Resource,
    format: Format,
) -> Vec<u8> {
    match format {
        Format::Text | Format::OpenMetrics => text::render(families, read, resource, format),
        Format::Protobuf => protobuf::render(families, read, resource),
    }
}

impl fmt::Debug for PrometheusExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrometheusExporter")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
