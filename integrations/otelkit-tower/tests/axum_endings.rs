//! How requests to a real axum server end: by a body, a panic, a timeout, or because the client goes
//! away.

mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream;
use otel_runtime::traced;
use otelkit_observed::{Observed, assert_text};
use otelkit_tower::HttpServerLayer;
use support::{assert_tree, connect, plain, serve, shop, talk};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceBuilder;

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_goes_on_or_is_answered() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let (answer, port) = talk(server, plain("GET", "/orders/666")).await;
    assert_eq!(
        answer, "",
        "the connection ends as it would without the layer"
    );
    assert_tree(
        &observed.tree(1, &[(&port, "PORT")]),
        "
        server `GET /orders/{id}` SERVED url.path=/orders/666 url.scheme=http PEER error.type=panic [status error: order 666 is cursed] [panicked]
          * exception: order 666 is cursed
        ",
    );

    let server = serve(shop().layer(HttpServerLayer::new().answer_panics())).await;
    let (answer, port) = talk(server, plain("GET", "/orders/666")).await;
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert_tree(
        &observed.tree(1, &[(&port, "PORT")]),
        "
        server `GET /orders/{id}` SERVED url.path=/orders/666 url.scheme=http PEER http.response.status_code=500 http.response.body.size=0 error.type=panic [status error: order 666 is cursed] [panicked]
          * exception: order 666 is cursed
        ",
    );
    assert_text(
        &observed.metrics("http.server.request.duration", &[]),
        "
        http.server.request.duration{http.request.method=GET, url.scheme=http, error.type=panic, http.route=/orders/{id}, network.protocol.version=1.1} 1
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=500, error.type=panic, http.route=/orders/{id}, network.protocol.version=1.1} 1
        ",
    );
}

/// What a handler holds.
struct Held;

impl Drop for Held {
    #[traced]
    fn drop(&mut self) {}
}

/// A body without end, of which the first chunk is sent, and then the client goes away.
async fn leave(server: SocketAddr, path: &str) -> String {
    let (mut stream, port) = connect(server).await;
    stream
        .write_all(plain("GET", path).as_bytes())
        .await
        .unwrap();
    stream.read_exact(&mut [0; 100]).await.unwrap();
    port
}

/// The tree without the size of the response, which is known only roughly: at least a chunk.
#[track_caller]
fn without_size(tree: &str) -> String {
    let (before, size) = tree.split_once("http.response.body.size=").unwrap();
    let (bytes, after) = size.split_once(' ').unwrap();
    assert!(bytes.parse::<u64>().unwrap() >= 65536);
    format!("{before}{after}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_cancels_the_request() {
    let mut observed = Observed::start();
    let endless = || {
        Body::from_stream(stream::repeat_with(|| {
            Ok::<_, Infallible>(Bytes::from(vec![7; 65536]))
        }))
    };
    let waits = async || {
        let _held = Held;
        std::future::pending::<()>().await;
    };
    let app = Router::new()
        .route("/waits", get(waits))
        .route("/streams", get(async move || endless()))
        .route(
            "/fails",
            get(async move || (StatusCode::SERVICE_UNAVAILABLE, endless())),
        );
    let server = serve(app.layer(HttpServerLayer::new())).await;

    let (mut stream, port) = connect(server).await;
    stream
        .write_all(plain("GET", "/waits").as_bytes())
        .await
        .unwrap();
    while !observed
        .metrics("http.server.active", &[])
        .contains("http.request.method=GET, url.scheme=http} 1")
    {
        tokio::task::yield_now().await;
    }
    drop(stream);
    assert_tree(
        &observed.tree(2, &[(&port, "PORT")]),
        "
        server `GET /waits` http.request.method=GET http.route=/waits url.path=/waits url.scheme=http PEER error.type=cancelled otelkit.outcome=cancelled [cancelled]
          internal `Held::drop`
        ",
    );

    let port = leave(server, "/streams").await;
    assert_tree(
        &without_size(&observed.tree(1, &[(&port, "PORT")])),
        "server `GET /streams` http.request.method=GET http.route=/streams url.path=/streams url.scheme=http PEER http.response.status_code=200 error.type=cancelled otelkit.outcome=cancelled [cancelled]\n",
    );

    let port = leave(server, "/fails").await;
    assert_tree(
        &without_size(&observed.tree(1, &[(&port, "PORT")])),
        "server `GET /fails` http.request.method=GET http.route=/fails url.path=/fails url.scheme=http PEER http.response.status_code=503 error.type=503 otelkit.outcome=cancelled [status error] [cancelled]\n",
    );
    assert_text(
        &observed.metrics("http.server.active", &[]),
        "http.server.active_requests{http.request.method=GET, url.scheme=http} 0\n",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_span_lasts_as_long_as_the_body_and_fails_with_it() {
    #[traced]
    fn chunk(number: u64) -> Result<Bytes, std::io::Error> {
        match number {
            3 => Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe)),
            _ => Ok(Bytes::from_static(b"chunk")),
        }
    }
    let mut observed = Observed::start();
    let app = Router::new()
        .route(
            "/whole",
            get(async || Body::from_stream(stream::iter((0..3).map(chunk)))),
        )
        .route(
            "/broken",
            get(async || Body::from_stream(stream::iter((2..5).map(chunk)))),
        );
    let server = serve(app.layer(HttpServerLayer::new())).await;

    let (answer, port) = talk(server, plain("GET", "/whole")).await;
    assert!(answer.ends_with("0\r\n\r\n"), "{answer}");
    assert_tree(
        &observed.tree(4, &[(&port, "PORT")]),
        "
        server `GET /whole` http.request.method=GET http.route=/whole url.path=/whole url.scheme=http PEER http.response.status_code=200 http.response.body.size=15
          internal `chunk`
          internal `chunk`
          internal `chunk`
        ",
    );

    let (answer, port) = talk(server, plain("GET", "/broken")).await;
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
    assert_tree(
        &observed.tree(3, &[(&port, "PORT")]),
        "
        server `GET /broken` http.request.method=GET http.route=/broken url.path=/broken url.scheme=http PEER http.response.status_code=200 http.response.body.size=5 error.type=io::BrokenPipe otelkit.error.class=network [status error: broken pipe] [error]
          * exception: broken pipe
          internal `chunk`
          internal `chunk` error.type=io::BrokenPipe otelkit.error.class=network [status error: broken pipe] [error]
            * exception: broken pipe
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_without_a_body_is_over_at_once() {
    let mut observed = Observed::start();
    let app = Router::new().route(
        "/",
        get(async || "ten bytes.").put(async || StatusCode::NO_CONTENT),
    );
    let server = serve(app.layer(HttpServerLayer::new())).await;
    for (method, says) in [("HEAD", "200"), ("PUT", "204")] {
        let (answer, port) = talk(server, plain(method, "/")).await;
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
        let expected = format!(
            "server `{method} /` http.request.method={method} http.route=/ url.path=/ url.scheme=http PEER http.response.status_code={says} http.response.body.size=0\n",
        );
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), &expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_that_is_up_is_a_timeout() {
    let mut observed = Observed::start();
    let slow = Router::new().route("/", get(std::future::pending::<()>));
    let inner = ServiceBuilder::new()
        .layer(HttpServerLayer::new().boxed_errors())
        .layer(tower::timeout::TimeoutLayer::new(Duration::from_millis(20)))
        .service(slow);
    let answers = ServiceBuilder::new()
        .layer(axum::error_handling::HandleErrorLayer::new(
            async |_: tower::BoxError| StatusCode::GATEWAY_TIMEOUT,
        ))
        .service(inner);
    let server = serve(Router::new().fallback_service(answers)).await;
    let (answer, port) = talk(server, plain("GET", "/")).await;
    assert!(answer.starts_with("HTTP/1.1 504"), "{answer}");
    assert_tree(
        &observed.tree(1, &[(&port, "PORT")]),
        "
        server `GET` http.request.method=GET url.path=/ url.scheme=http PEER error.type=timeout otelkit.error.class=deadline_exceeded [status error: request timed out] [error]
          * exception: request timed out
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_works_and_its_span_ends_with_the_handshake() {
    use axum::extract::ws::{Message, WebSocketUpgrade};
    use futures_util::{SinkExt, StreamExt};

    let mut observed = Observed::start();
    let app = Router::new().route(
        "/chat",
        get(async |upgrade: WebSocketUpgrade| {
            upgrade.on_upgrade(async |mut socket| {
                while let Some(Ok(Message::Text(text))) = socket.recv().await {
                    socket.send(Message::Text(text)).await.unwrap();
                }
            })
        }),
    );
    let server = serve(app.layer(HttpServerLayer::new())).await;
    let (stream, port) = connect(server).await;
    let (mut socket, _) = tokio_tungstenite::client_async("ws://shop.example/chat", stream)
        .await
        .unwrap();
    let tree = observed.tree(1, &[(&port, "PORT")]);
    assert_tree(
        &tree,
        "server `GET /chat` http.request.method=GET http.route=/chat url.path=/chat url.scheme=http PEER http.response.status_code=101 http.response.body.size=0\n",
    );
    socket.send("hello".into()).await.unwrap();
    assert_eq!(
        socket.next().await.unwrap().unwrap().into_text().unwrap(),
        "hello"
    );
}
