//! Requests of hyper's client to real servers: whole spans on both sides, and what is counted.

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use otel_runtime::{Baggage, Context, ContextExt, span};
use otelkit_observed::{Observed, assert_text};
use otelkit_tower::{HttpClientLayer, HttpServerLayer, ResendsLayer, UrlTemplate};
use support::serve;
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::follow_redirect::FollowRedirectLayer;

type Hyper = Client<HttpConnector, Full<Bytes>>;

fn hyper() -> Hyper {
    Client::builder(TokioExecutor::new()).build_http()
}

fn shop() -> Router {
    Router::new()
        .route("/orders/{id}", get(async || "an order"))
        .route("/orders", post(async |body: Bytes| body))
        .route("/old", get(async || Redirect::temporary("/newer")))
        .route("/newer", get(async || Redirect::permanent("/orders/7")))
        .route("/gone", get(async || StatusCode::GONE))
        .route("/waits", get(std::future::pending::<()>))
}

fn to(server: SocketAddr, path: &str) -> http::request::Builder {
    Request::get(format!("http://{server}{path}"))
}

fn empty(request: http::request::Builder) -> Request<Full<Bytes>> {
    request.body(Full::default()).unwrap()
}

/// The response's status and body.
async fn read<B>(response: Response<B>) -> (u16, Bytes)
where
    B: http_body::Body<Data = Bytes, Error: std::fmt::Debug>,
{
    let status = response.status().as_u16();
    (
        status,
        response.into_body().collect().await.unwrap().to_bytes(),
    )
}

/// What the server saw of hyper's connection is another port in each run.
fn without_ports(tree: &str, server: SocketAddr) -> String {
    let own = server.port().to_string();
    let mut words = Vec::new();
    for word in tree.replace(&own, "OWN").split(' ') {
        match word.strip_prefix("network.peer.port=") {
            Some(port) if port != "OWN" => words.push("network.peer.port=CLIENT".to_owned()),
            _ => words.push(word.to_owned()),
        }
    }
    words.join(" ")
}

const SENT: &str = "server.address=127.0.0.1 server.port=OWN";
const PEER: &str =
    "network.peer.address=127.0.0.1 network.peer.port=OWN network.protocol.version=1.1";
const CAME: &str = "url.scheme=http server.address=127.0.0.1 server.port=OWN \
    client.address=127.0.0.1 network.peer.address=127.0.0.1 network.peer.port=CLIENT \
    network.protocol.version=1.1";

#[track_caller]
fn assert_tree(actual: &str, server: SocketAddr, expected: &str) {
    let expected = expected
        .replace("SENT", SENT)
        .replace("PEER", PEER)
        .replace("CAME", CAME);
    assert_text(&without_ports(actual, server), &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn client_and_server_are_one_trace() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let layer = HttpClientLayer::new()
        .request_header("x-tenant")
        .response_header("content-type");
    let client = layer_on(layer, hyper());
    let request = to(server, "/orders/7?id=1&sig=2")
        .extension(UrlTemplate("/orders/{id}".into()))
        .header("x-tenant", "acme");
    let work = async {
        let (status, body) = read(client.oneshot(empty(request)).await.unwrap()).await;
        assert_eq!((status, &*body), (200, &b"an order"[..]));
    };
    work.in_span(span!("work")).await;
    assert_tree(
        &observed.tree(3, &[]),
        server,
        r#"
        internal `work`
          client `GET /orders/{id}` http.request.method=GET url.full=http://127.0.0.1:OWN/orders/7?id=1&sig=REDACTED url.template=/orders/{id} SENT http.request.body.size=0 PEER http.response.status_code=200 http.response.body.size=8 http.request.header.x-tenant=["acme"] http.response.header.content-type=["text/plain; charset=utf-8"]
            server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/7 url.query=id=1&sig=REDACTED CAME http.response.status_code=200 http.response.body.size=8
        "#,
    );
    let hidden = server.port().to_string();
    assert_text(
        &observed.metrics("http.client", &[(&hidden, "OWN")]),
        "
        http.client.request.body.size{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1 of 0
        http.client.request.duration{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1
        http.client.response.body.size{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1 of 8
        ",
    );
    assert_eq!(observed.undeclared(), 0);
}

fn layer_on<S>(layer: HttpClientLayer, service: S) -> otelkit_tower::HttpClient<S> {
    tower::Layer::layer(&layer, service)
}

#[tokio::test(flavor = "multi_thread")]
async fn baggage_goes_along_with_a_span_and_without_one() {
    let observed = Observed::start();
    let said = async || {
        let baggage = Baggage::current();
        baggage.value("tenant").unwrap_or_default().to_owned()
    };
    let app = Router::new().route("/", get(said));
    let server = serve(app.layer(HttpServerLayer::new())).await;
    let mut client = layer_on(HttpClientLayer::new(), hyper());
    let context = Context::current().with_baggage_entry("tenant", "acme");
    let sent = async { client.call(empty(to(server, "/"))).await.unwrap() };
    assert_eq!(read(sent.in_context(context).await).await.1, "acme");
    let alone = to(server, "/").header("baggage", "tenant=other");
    let sent = hyper().request(empty(alone)).await.unwrap();
    assert_eq!(read(sent).await.1, "other");
    drop(observed);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failed_status_is_an_error_of_the_client() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let mut client = layer_on(HttpClientLayer::new(), hyper());
    for (path, status) in [("/gone", 410), ("/nowhere", 404)] {
        let response = client.call(empty(to(server, path))).await.unwrap();
        assert_eq!(response.status(), status);
        drop(response);
        let expected = format!(
            "client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN{path} SENT http.request.body.size=0 PEER http.response.status_code={status} http.response.body.size=0 error.type={status} [status error]\n"
        );
        assert_tree(&observed.tree(1, &[]), server, &expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_connection_met_is_the_type_of_the_error() {
    let mut observed = Observed::start();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let mut client = layer_on(HttpClientLayer::new(), hyper());
    client.call(empty(to(address, "/"))).await.unwrap_err();
    assert_tree(
        &observed.tree(1, &[]),
        address,
        "
        client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/ SENT http.request.body.size=0 error.type=io::ConnectionRefused otelkit.error.class=network [status error: client error (Connect)] [error]
          * exception: client error (Connect)
        ",
    );
    client
        .call(empty(Request::get("http://nobody.invalid/")))
        .await
        .unwrap_err();
    assert_text(
        &observed.tree(1, &[]),
        "
        client `GET` http.request.method=GET url.full=http://nobody.invalid/ server.address=nobody.invalid server.port=80 http.request.body.size=0 error.type=dns otelkit.error.class=network [status error: client error (Connect)] [error]
          * exception: client error (Connect)
        ",
    );
    let hidden = address.port().to_string();
    assert_text(
        &observed.metrics("http.client.request.duration", &[(&hidden, "OWN")]),
        "
        http.client.request.duration{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, error.type=io::ConnectionRefused} 1
        http.client.request.duration{http.request.method=GET, server.address=nobody.invalid, server.port=80, error.type=dns} 1
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_redirect_is_a_request_of_its_own_and_counted() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let client = ServiceBuilder::new()
        .layer(ResendsLayer)
        .layer(FollowRedirectLayer::new())
        .layer(HttpClientLayer::new())
        .service(hyper());
    let response = client.oneshot(empty(to(server, "/old"))).await.unwrap();
    assert_eq!(read(response).await.0, 200);
    assert_tree(
        &observed.tree(3, &[]),
        server,
        "
        client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/old SENT http.request.body.size=0 PEER http.response.status_code=307 http.response.body.size=0
        client `GET` http.request.method=GET http.request.resend_count=1 url.full=http://127.0.0.1:OWN/newer SENT http.request.body.size=0 PEER http.response.status_code=308 http.response.body.size=0
        client `GET` http.request.method=GET http.request.resend_count=2 url.full=http://127.0.0.1:OWN/orders/7 SENT http.request.body.size=0 PEER http.response.status_code=200 http.response.body.size=8
        ",
    );
}

/// Tries again, so many times.
#[derive(Clone)]
struct Again(u32);

impl<T, E> tower::retry::Policy<Request<Full<Bytes>>, Response<T>, E> for Again {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<Response<T>, E>,
    ) -> Option<Self::Future> {
        let failed = !matches!(result, Ok(response) if response.status().is_success());
        self.0 = self.0.checked_sub(1)?;
        failed.then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_retry_is_a_request_of_its_own_and_counted() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let client = ServiceBuilder::new()
        .layer(ResendsLayer)
        .layer(tower::retry::RetryLayer::new(Again(2)))
        .layer(HttpClientLayer::new())
        .service(hyper());
    let request = empty(to(server, "/gone"));
    let work = async { client.oneshot(request).await.unwrap().status() };
    assert_eq!(work.in_span(span!("work")).await, 410);
    let counts: Vec<_> = observed
        .spans(4)
        .iter()
        .filter(|span| span.name == "GET")
        .map(|span| span.attribute("http.request.resend_count").cloned())
        .collect();
    assert_eq!(counts, [None, Some(1.into()), Some(2.into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_gives_up_cancels_and_one_that_has_read_enough_does_not() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let mut client = layer_on(HttpClientLayer::new(), hyper());
    let request = client.call(empty(to(server, "/waits")));
    tokio::time::timeout(Duration::from_millis(20), request)
        .await
        .unwrap_err();
    assert_tree(
        &observed.tree(1, &[]),
        server,
        "client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/waits SENT http.request.body.size=0 error.type=cancelled otelkit.outcome=cancelled [cancelled]\n",
    );
    drop(client.call(empty(to(server, "/orders/7"))).await.unwrap());
    assert_tree(
        &observed.tree(1, &[]),
        server,
        "client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/orders/7 SENT http.request.body.size=0 PEER http.response.status_code=200\n",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeout_inside_of_the_layer_is_one() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let client = ServiceBuilder::new()
        .layer(HttpClientLayer::new().boxed_errors())
        .timeout(Duration::from_millis(20))
        .service(hyper());
    client
        .oneshot(empty(to(server, "/waits")))
        .await
        .unwrap_err();
    assert_tree(
        &observed.tree(1, &[]),
        server,
        "
        client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/waits SENT http.request.body.size=0 error.type=timeout otelkit.error.class=deadline_exceeded [status error: request timed out] [error]
          * exception: request timed out
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_collector_is_called_all_the_same() {
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let mut client = layer_on(HttpClientLayer::new(), hyper());
    let body = Full::from("a body");
    let request = Request::post(format!("http://{server}/orders"))
        .body(body)
        .unwrap();
    let (status, body) = read(client.call(request).await.unwrap()).await;
    assert_eq!((status, &*body), (200, &b"a body"[..]));
}
