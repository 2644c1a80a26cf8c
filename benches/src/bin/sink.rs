//! A receiver that counts: OTLP over gRPC and over HTTP/protobuf on one port.
//!
//! Decodes no more than it takes to count spans; takes metrics and logs as well. Prints its port when it is
//! ready, answers `GET /spans`, and prints what it received and leaves when
//! its standard input ends.

use std::convert::Infallible;
use std::error::Error;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;

static SPANS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

type Body = BoxBody<Bytes, Infallible>;

fn main() -> Result<(), Box<dyn Error>> {
    std::thread::spawn(leave_with_parent);
    tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?
        .block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let mut server = auto::Builder::new(TokioExecutor::new());
            // A receiver that is never what one waits for.
            server
                .http2()
                .initial_stream_window_size(4 << 20)
                .initial_connection_window_size(8 << 20);
            // A client that goes away is no concern of ours.
            let _ = server
                .serve_connection(TokioIo::new(stream), service_fn(answer))
                .await;
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    // Metrics and logs are taken as well, and not counted.
    let (grpc, has_spans) = match request.uri().path() {
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => (true, true),
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
        | "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => (true, false),
        "/v1/traces" => (false, true),
        "/v1/metrics" | "/v1/logs" => (false, false),
        "/spans" => {
            return Ok(text(
                StatusCode::OK,
                SPANS.load(Ordering::Relaxed).to_string(),
            ));
        }
        path => return Ok(text(StatusCode::NOT_FOUND, format!("nothing at {path}"))),
    };
    let Ok(body) = request.into_body().collect().await else {
        return Ok(text(
            StatusCode::BAD_REQUEST,
            "the body broke off".to_owned(),
        ));
    };
    let body = body.to_bytes();
    BYTES.fetch_add(body.len() as u64, Ordering::Relaxed);
    REQUESTS.fetch_add(1, Ordering::Relaxed);
    // A gRPC message is preceded by its compression flag and its length.
    let message = if grpc {
        body.get(5..).filter(|_| body[0] == 0)
    } else {
        Some(&body[..])
    };
    let count = |message| match has_spans {
        true => count_spans(message),
        false => Some(0),
    };
    let Some(spans) = message.and_then(count) else {
        return Ok(text(
            StatusCode::BAD_REQUEST,
            "not an uncompressed OTLP request".to_owned(),
        ));
    };
    SPANS.fetch_add(spans, Ordering::Relaxed);
    Ok(if grpc {
        accepted_grpc()
    } else {
        accepted_http()
    })
}

fn accepted_grpc() -> Response<Body> {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let body = Full::new(Bytes::from_static(&[0; 5]))
        .with_trailers(async move { Some(Ok(trailers)) })
        .boxed();
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

fn accepted_http() -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::new()).boxed());
    let protobuf = HeaderValue::from_static("application/x-protobuf");
    response.headers_mut().insert(CONTENT_TYPE, protobuf);
    response
}

fn text(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(text)).boxed());
    *response.status_mut() = status;
    response
}

/// Spans of an `ExportTraceServiceRequest`: in its field 1 (resource spans),
/// there in field 2 (scope spans), there each field 2.
fn count_spans(request: &[u8]) -> Option<u64> {
    let mut spans = 0;
    for_each_field(request, 1, &mut |resource_spans| {
        for_each_field(resource_spans, 2, &mut |scope_spans| {
            for_each_field(scope_spans, 2, &mut |_span| {
                spans += 1;
                Some(())
            })
        })
    })?;
    Some(spans)
}

fn for_each_field(
    mut message: &[u8],
    wanted: u64,
    found: &mut dyn FnMut(&[u8]) -> Option<()>,
) -> Option<()> {
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        match tag & 7 {
            0 => drop(varint(&mut message)?),
            1 => message = message.get(8..)?,
            5 => message = message.get(4..)?,
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                let (field, rest) = message.split_at_checked(length)?;
                if tag >> 3 == wanted {
                    found(field)?;
                }
                message = rest;
            }
            _ => return None,
        }
    }
    Some(())
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn leave_with_parent() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    println!(
        "spans={} bytes={} requests={}",
        SPANS.load(Ordering::Relaxed),
        BYTES.load(Ordering::Relaxed),
        REQUESTS.load(Ordering::Relaxed),
    );
    std::process::exit(0);
}
