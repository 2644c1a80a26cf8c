//! What the layers take from the heap of the thread that handles or sends a request.

use std::convert::Infallible;
use std::future::Ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use otelkit_observed::Observed;
use otelkit_tower::{HttpClientLayer, HttpServerLayer, ResendsLayer, Route};
use tower::{Service, ServiceBuilder, service_fn};

fn poll<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

async fn drain(body: impl Body) {
    let mut body = pin!(body);
    while std::future::poll_fn(|cx| body.as_mut().poll_frame(cx))
        .await
        .is_some()
    {}
}

/// How often one request allocates, from the call to the end of the body.
fn allocations<S, P>(service: &mut S, request: Request<Full<Bytes>>) -> u64
where
    S: Service<Request<Full<Bytes>>, Response = Response<P>, Error = Infallible>,
    P: Body,
{
    let before = otelkit_counted::allocations();
    let Ok(response) = poll(service.call(request));
    poll(drain(response.into_body()));
    otelkit_counted::allocations() - before
}

fn answer(_: Request<Full<Bytes>>) -> Ready<Result<Response<Full<Bytes>>, Infallible>> {
    std::future::ready(Ok(Response::new(Full::new(Bytes::from_static(
        b"an order",
    )))))
}

fn request() -> Request<Full<Bytes>> {
    Request::get("http://shop.example/orders/7?sig=secret")
        .header("user-agent", "tests")
        .header("host", "shop.example")
        .header("content-length", "0")
        .extension(Route::new("/orders/{id}"))
        .body(Full::default())
        .unwrap()
}

/// The most that a request allocates once the thread has what it needs.
fn in_the_steady_state<S, P>(mut service: S, request: impl Fn() -> Request<Full<Bytes>>) -> u64
where
    S: Service<Request<Full<Bytes>>, Response = Response<P>, Error = Infallible>,
    P: Body,
{
    (0..200).for_each(|_| {
        allocations(&mut service, request());
    });
    (0..200)
        .map(|_| allocations(&mut service, request()))
        .max()
        .unwrap_or_default()
}

#[test]
fn a_recorded_and_counted_request_allocates_next_to_nothing() {
    let observed = Observed::start();
    let bare = in_the_steady_state(service_fn(answer), request);
    assert_eq!(bare, 0, "what is measured beside the layers");

    let server = ServiceBuilder::new()
        .layer(HttpServerLayer::new())
        .service(service_fn(answer));
    assert_eq!(in_the_steady_state(server.clone(), request), 0);

    let called = || {
        let mut request = request();
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let headers = request.headers_mut();
        headers.insert("traceparent", parent.parse().unwrap());
        request
    };
    assert_eq!(in_the_steady_state(server, called), 0);

    let client = ServiceBuilder::new()
        .layer(ResendsLayer)
        .layer(HttpClientLayer::new())
        .service(service_fn(answer));
    let sent = in_the_steady_state(client, request);
    assert_eq!(sent, 4, "the host, and the header that it sets");
    drop(observed);
}
