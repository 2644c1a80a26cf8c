//! The load on a service: connections that each send a request as soon as the last is answered.
//!
//! `drive PORT SECONDS`. Seven of ten requests read one item, two search, one creates.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECTIONS: u64 = 16;

/// How long the service may warm up.
const WARM_UP: Duration = Duration::from_millis(300);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(port), Some(seconds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: drive PORT SECONDS".into());
    };
    let (port, seconds) = (port.parse()?, Duration::from_secs_f64(seconds.parse()?));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(drive(port, seconds))
}

async fn drive(port: u16, seconds: Duration) -> Result<(), Box<dyn Error>> {
    let start = Instant::now() + WARM_UP;
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS {
        connections.spawn(async move {
            let sent = connection(port, number, start, start + seconds).await;
            sent.map_err(|error| error.to_string())
        });
    }
    let mut latencies = Vec::new();
    let mut requests = 0;
    while let Some(ended) = connections.join_next().await {
        let (all, measured) = ended??;
        requests += all;
        latencies.extend(measured);
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let place = (latencies.len() as f64 * share) as usize;
        latencies.get(place).map_or(0, Duration::as_nanos)
    };
    println!(
        "requests={requests} per_second={:.1} p50_ns={} p99_ns={}",
        latencies.len() as f64 / seconds.as_secs_f64(),
        at(0.5),
        at(0.99)
    );
    Ok(())
}

/// How many requests it was in all, and how long those took that count.
async fn connection(
    port: u16,
    number: u64,
    start: Instant,
    end: Instant,
) -> Result<(u64, Vec<Duration>), Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut requests, mut latencies) = (0, Vec::new());
    loop {
        let begun = Instant::now();
        if begun >= end {
            return Ok((requests, latencies));
        }
        let request = request(number * 7919 + requests)?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        answer.into_body().collect().await?;
        if !matches!(status, StatusCode::OK | StatusCode::CREATED) {
            return Err(format!("the service answered {status}").into());
        }
        requests += 1;
        if begun >= start {
            latencies.push(begun.elapsed());
        }
    }
}

fn request(number: u64) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let item = number % 1000 + 1;
    let builder = Request::builder().header("host", "bench");
    match number % 10 {
        0 => builder
            .method("POST")
            .uri("/items")
            .header("content-type", "application/json")
            .body(format!(r#"{{"name":"made {item}","price":{item}}}"#).into()),
        1 | 2 => builder
            .uri(format!("/items?text=item+{item}"))
            .body(Full::default()),
        _ => builder.uri(format!("/items/{item}")).body(Full::default()),
    }
}
