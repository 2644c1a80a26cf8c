//! The cost on the caller's thread of a request that a server handles: its head, its handler, and the
//! response's body to its end.
//!
//! One binary per library implements [`Requests`] and calls [`main`]. The handler answers at once, so
//! that what is left above the bare service is the library's. Requests are made before the clock runs.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::pin;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tower_service::Service;

use crate::Clock;
use crate::micro::{Size, bursts, print};

/// The route of every request, as a router would have found it.
pub const ROUTE: &str = "/orders/{id}";

/// Whom every request comes from.
pub const PEER: ([u8; 4], u16) = ([192, 0, 2, 17], 40123);

/// A measured situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A request with the headers of a plain client.
    Request,
    /// The same from a client that is observed itself.
    CalledRequest,
}

/// A library under measurement.
pub trait Requests: Sync + Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// Sets the library up to observe every request.
    fn install() -> Self;

    /// What a router and a server have found out, as the library wants to find it in a request.
    fn prepare(&self, request: &mut Request<Full<Bytes>>);

    /// Serves these requests, one after the other, under `clock`.
    fn run(&self, requests: Vec<Request<Full<Bytes>>>, clock: &mut Clock);

    /// Waits until nothing is in a buffer.
    fn flush(&self);

    /// How many requests have reached the exporter.
    fn received(&self) -> u64;
}

/// The service that is observed: answers at once.
#[derive(Clone, Copy, Debug)]
pub struct Orders;

impl Service<Request<Full<Bytes>>> for Orders {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
        ready(Ok(Response::new(Full::new(Bytes::from_static(
            b"an order",
        )))))
    }
}

/// Serves the requests one after the other, each to the end of the body, as a server would.
pub fn serve<S, B>(service: &mut S, mut requests: Vec<Request<Full<Bytes>>>, clock: &mut Clock)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible>,
    B: Body,
{
    let calls = u32::try_from(requests.len()).unwrap_or(u32::MAX);
    clock.time(calls, |_| {
        let request = requests.pop().expect("there are as many as calls");
        let mut cx = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(response)) = pin!(service.call(request)).poll(&mut cx) else {
            panic!("the handler answers at once");
        };
        let mut body = pin!(response.into_body());
        let mut frames = 0;
        while let Poll::Ready(Some(_)) = body.as_mut().poll_frame(&mut cx) {
            frames += 1;
        }
        frames
    });
}

/// What a library's binary does: `micro CASE`.
pub fn main<L: Requests>() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["micro", case, rest @ ..] => measure::<L>(case, rest),
        _ => Err("usage: micro CASE ..".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}: {message}", L::NAME);
            ExitCode::FAILURE
        }
    }
}

fn measure<L: Requests>(name: &str, args: &[&str]) -> Result<(), String> {
    let case = match name {
        "request" => Case::Request,
        "called_request" => Case::CalledRequest,
        _ => return Err(format!("no case `{name}`")),
    };
    let mut size = Size {
        calls: 512,
        units_per_call: 1,
        warm_up_calls: 512,
        bursts: 200,
        warm_up: 20,
        threads: 1,
    };
    for arg in args {
        let (key, value) = arg
            .split_once('=')
            .ok_or_else(|| format!("no value: `{arg}`"))?;
        let number = || {
            value
                .parse::<u32>()
                .map_err(|error| format!("`{arg}`: {error}"))
        };
        match key {
            "calls" => size.calls = number()?,
            "bursts" => size.bursts = number()?,
            "warm_up" => size.warm_up = number()?,
            "threads" => size.threads = number()?,
            "endpoint" => {}
            _ => return Err(format!("no option `{key}`")),
        }
    }
    let library = L::install();
    let figures = bursts(
        &size,
        |calls, clock| {
            let requests = (0..calls).map(|call| {
                let mut request = request(case, call);
                library.prepare(&mut request);
                request
            });
            library.run(requests.collect(), clock);
        },
        || library.flush(),
    );
    let per_thread = u64::from(size.bursts) * u64::from(size.calls)
        + u64::from(size.warm_up) * u64::from(size.warm_up_calls);
    let expected = u64::from(size.threads) * per_thread;
    print(figures, expected, library.received());
    Ok(())
}

fn request(case: Case, call: u32) -> Request<Full<Bytes>> {
    let request = Request::get(format!("/orders/{}?page=2", call % 100))
        .header("host", "shop.example:8080")
        .header("user-agent", "curl/8.14.1")
        .header("accept", "application/json");
    let request = match case {
        Case::Request => request,
        Case::CalledRequest => request.header(
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
    };
    let request = request.body(Full::default());
    request.expect("the request is valid")
}
