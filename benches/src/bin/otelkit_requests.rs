//! The service behind OtelKit's layer: a span for each request, and the four metrics of servers. The
//! exporter runs on the collector's thread and discards.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use otel_runtime::export::{Exporter, ExporterError, ExporterStats, FlushError, SpanView};
use otel_runtime::{Config, Resource, Telemetry, install};
use otelkit_benches::Clock;
use otelkit_benches::requests::{self, Orders, PEER, ROUTE, Requests, serve};
use otelkit_tower::{HttpServerLayer, PeerAddr, Route};
use tower_layer::Layer;

const PATIENCE: Duration = Duration::from_secs(30);

struct OtelKit {
    telemetry: Telemetry,
    spans: Arc<AtomicU64>,
    layer: HttpServerLayer,
}

impl Requests for OtelKit {
    const NAME: &'static str = "otelkit";

    fn install() -> Self {
        let spans = Arc::new(AtomicU64::new(0));
        let config = Config::new()
            .service_name("bench")
            .own_metrics(false)
            .with_exporter(Discard(Arc::clone(&spans)));
        Self {
            telemetry: install(config).expect("nothing is installed yet"),
            spans,
            layer: HttpServerLayer::new(),
        }
    }

    fn prepare(&self, request: &mut Request<Full<Bytes>>) {
        let extensions = request.extensions_mut();
        extensions.insert(Route::new(ROUTE));
        extensions.insert(PeerAddr(PEER.into()));
    }

    fn run(&self, requests: Vec<Request<Full<Bytes>>>, clock: &mut Clock) {
        serve(&mut self.layer.layer(Orders), requests, clock);
    }

    fn flush(&self) {
        let _ = self.telemetry.flush(PATIENCE);
    }

    fn received(&self) -> u64 {
        self.spans.load(Ordering::Relaxed)
    }
}

struct Discard(Arc<AtomicU64>);

impl Exporter for Discard {
    fn name(&self) -> &'static str {
        "discard"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn export(&mut self, span: &SpanView<'_>) {
        std::hint::black_box(span);
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn tick(&mut self, _: Instant) {}

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

fn main() -> ExitCode {
    requests::main::<OtelKit>()
}
