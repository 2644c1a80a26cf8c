//! The service as it is.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use otelkit_benches::Clock;
use otelkit_benches::requests::{self, Orders, PEER, ROUTE, Requests, serve};

struct Bare(AtomicU64);

impl Requests for Bare {
    const NAME: &'static str = "bare";

    fn install() -> Self {
        Self(AtomicU64::new(0))
    }

    /// As large as what routers and servers leave there for everybody.
    fn prepare(&self, request: &mut Request<Full<Bytes>>) {
        let extensions = request.extensions_mut();
        extensions.insert(ROUTE);
        extensions.insert(SocketAddr::from(PEER));
    }

    fn run(&self, requests: Vec<Request<Full<Bytes>>>, clock: &mut Clock) {
        self.0.fetch_add(requests.len() as u64, Ordering::Relaxed);
        serve(&mut Orders, requests, clock);
    }

    fn flush(&self) {}

    fn received(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

fn main() -> ExitCode {
    requests::main::<Bare>()
}
