//! Where a Prometheus finds the metrics, if somebody asks for that.

use std::net::{SocketAddr, TcpListener};

use otel_runtime::export::prometheus::PrometheusExporter;

/// `HOST:PORT`, or `:PORT` on this machine alone.
///
/// # Errors
/// If it is neither.
pub(crate) fn address(text: &str) -> Result<String, String> {
    let parts = text.rsplit_once(':');
    match parts.map(|(host, port)| (host, port.parse::<u16>())) {
        Some(("", Ok(port))) => Ok(format!("127.0.0.1:{port}")),
        Some((host, Ok(port))) => Ok(format!("{host}:{port}")),
        _ => Err("expected HOST:PORT or :PORT, such as 127.0.0.1:9464".to_owned()),
    }
}

/// A port of our own.
#[derive(Debug)]
pub(crate) struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
}

impl Endpoint {
    /// Takes the port, or any free one if it is 0.
    ///
    /// # Errors
    /// If it is another's, or none of this machine.
    pub(crate) fn listen(address: &str) -> Result<Self, String> {
        let cannot = |error| format!("--metrics {address}: cannot listen: {error}");
        let listener = TcpListener::bind(address).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        Ok(Self { listener, address })
    }

    /// What to give a Prometheus, or a browser.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/metrics", self.address)
    }

    /// Answers whoever asks.
    pub(crate) fn exporter(self) -> PrometheusExporter {
        PrometheusExporter::new().listener(self.listener)
    }
}
