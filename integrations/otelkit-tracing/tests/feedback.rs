//! Exporters that speak `tracing` while they export: what they say is not exported again.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use otel_runtime::export::otlp::{OtlpConfig, OtlpExporter, Protocol};
use otel_runtime::export::{
    Exporter, ExporterError, ExporterStats, FlushError, LogView, MemoryExporter, SpanView,
};
use otel_runtime::{Config, Level, Resource, install};
use tracing::{Event, Subscriber, info, info_span, trace};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

const PATIENCE: Duration = Duration::from_secs(10);

/// What the clients under the exporter have said, and the requests they have sent.
static HEARD: AtomicU64 = AtomicU64::new(0);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// Counts what is said by the exporters.
struct Ear;

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("h2") {
            HEARD.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Says something whenever it is called.
struct Talkative;

impl Talkative {
    fn talk(&self, about: &str) {
        info_span!("exporting", about).in_scope(|| {
            info!("about to export {about}");
            otel_runtime::add_event("exporting", &[]);
        });
        // Work that is handed over to another thread is still its own.
        let handed_over = info_span!("handed over");
        let work = move || handed_over.in_scope(|| info!("still exporting"));
        std::thread::spawn(work).join().unwrap();
    }
}

impl Exporter for Talkative {
    fn name(&self) -> &'static str {
        "talkative"
    }

    fn start(&mut self, _: &Resource, _: Arc<ExporterStats>) -> Result<(), ExporterError> {
        Ok(())
    }

    fn takes_logs(&self) -> bool {
        true
    }

    fn log(&mut self, _: &LogView<'_>) {
        self.talk("a record");
    }

    fn export(&mut self, _: &SpanView<'_>) {
        self.talk("a span");
    }

    fn tick(&mut self, _: Instant) {
        self.talk("nothing");
    }

    fn flush(&mut self, _: Instant) -> Result<(), FlushError> {
        self.talk("the rest");
        Ok(())
    }

    fn shutdown(&mut self, _: Instant) -> Result<(), FlushError> {
        Ok(())
    }
}

/// A collector of gRPC that accepts everything, and is not listened to itself.
fn collector() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let silent = tracing::subscriber::NoSubscriber::new();
        let _deaf = tracing::subscriber::set_default(silent);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let local = tokio::task::LocalSet::new();
            local
                .run_until(async move {
                    loop {
                        let (stream, _) = listener.accept().await.unwrap();
                        tokio::task::spawn_local(
                            hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                                .serve_connection(TokioIo::new(stream), service_fn(accept)),
                        );
                    }
                })
                .await
        })
    });
    told.recv().unwrap()
}

async fn accept(
    request: Request<Incoming>,
) -> Result<Response<impl hyper::body::Body<Data = Bytes, Error = Infallible>>, hyper::Error> {
    request.into_body().collect().await?;
    REQUESTS.fetch_add(1, Ordering::Relaxed);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", "0".parse().unwrap());
    let empty_message = Full::new(Bytes::from_static(&[0; 5]));
    let body = empty_message.with_trailers(async move { Some(Ok(trailers)) });
    let response = Response::builder().header("content-type", "application/grpc");
    Ok(response.body(body).unwrap())
}

#[test]
fn what_exporters_say_is_neither_exported_nor_in_their_way() {
    let memory = MemoryExporter::new();
    let endpoint = format!("http://{}", collector());
    let otlp = OtlpConfig::new()
        .protocol(Protocol::Grpc)
        .endpoint(&endpoint);
    let config = Config::new()
        .level(Level::Trace)
        .log_filter("trace".parse().unwrap())
        .with_exporter(memory.clone())
        .with_exporter(Talkative)
        .with_exporter(OtlpExporter::new(otlp).unwrap());
    let telemetry = install(config).unwrap();
    let subscriber = tracing_subscriber::registry()
        .with(Ear)
        .with(otelkit_tracing::layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    for round in 0..5 {
        info_span!("work", round).in_scope(|| trace!("working"));
        telemetry.flush(PATIENCE).unwrap();
    }
    let spans: Vec<_> = memory.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(spans, ["work"; 5]);
    assert_eq!(memory.logs().len(), 5);
    telemetry.shutdown(PATIENCE).unwrap();
    let requests = REQUESTS.load(Ordering::Relaxed);
    assert!(requests >= 5, "{requests}");
    assert!(HEARD.load(Ordering::Relaxed) > 0);
}
