//! Answers scrapers over HTTP, on a thread of its own.
//!
//! hyper speaks the protocol; what is here bounds it: so many connections, so
//! much time for each. When the thread is told to stop it drops them all, so
//! nobody who hangs on a connection holds the end of the program up.

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};

use super::accept::Format;

/// Reads and writes everything in a format.
pub(super) type Answer = dyn Fn(Format) -> Vec<u8> + Send + Sync;

#[derive(Debug)]
pub(super) struct Server {
    stop: oneshot::Sender<()>,
    /// Closed by the thread when it has let go of everything.
    ended: mpsc::Receiver<()>,
}

const MOST_CONNECTIONS: usize = 16;
/// For the request; a scraper sends it at once.
const LONGEST_REQUEST: Duration = Duration::from_secs(5);
/// For request and answer.
const LONGEST_CONNECTION: Duration = Duration::from_secs(30);
const MOST_HEADER_BYTES: usize = 16 << 10;
/// After an error of the listener, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

impl Server {
    pub(super) fn start(listener: TcpListener, answer: Arc<Answer>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = mpsc::channel::<()>();
        std::thread::Builder::new()
            .name("otelkit-scrapes".to_owned())
            .spawn(move || {
                crate::thread::suppress();
                runtime.spawn(listen(listener, answer));
                // an error says that the other end is gone, which is the same wish
                let _ = runtime.block_on(stopped);
                drop(runtime);
                drop(end);
            })?;
        Ok(Self { stop, ended })
    }

    /// Ends the thread; leaves it behind if an answer is still being made at the deadline.
    pub(super) fn stop(self, deadline: Instant) {
        let _ = self.stop.send(());
        let rest = deadline.saturating_duration_since(Instant::now());
        let _ = self.ended.recv_timeout(rest);
    }
}

async fn listen(listener: tokio::net::TcpListener, answer: Arc<Answer>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    // how it ends is the scraper's business
                    let _ = tokio::time::timeout(LONGEST_CONNECTION, serve(stream, answer)).await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, answer: Arc<Answer>) -> hyper::Result<()> {
    let service = service_fn(move |request: Request<_>| {
        let response = respond(&request, &*answer);
        async move { Ok::<_, Infallible>(response) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_REQUEST)
        .max_buf_size(MOST_HEADER_BYTES)
        // an idle scraper must not keep others out
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

fn respond<B>(request: &Request<B>, answer: &Answer) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET\n");
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(ALLOW, allowed);
        return response;
    }
    if request.uri().path() != "/metrics" {
        return plain(StatusCode::NOT_FOUND, "the metrics are at /metrics\n");
    }
    let accepts = request.headers().get_all(ACCEPT).iter();
    let accept: Vec<_> = accepts.filter_map(|value| value.to_str().ok()).collect();
    let format = Format::accepted(&accept.join(","));
    with_type(StatusCode::OK, format.content_type(), answer(format).into())
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    with_type(
        status,
        "text/plain; charset=utf-8",
        Bytes::from_static(text.as_bytes()),
    )
}

fn with_type(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
