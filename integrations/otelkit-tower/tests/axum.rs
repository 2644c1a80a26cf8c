//! Requests to a real axum server: whole spans, and what is counted.

mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::stream;
use otel_runtime::traced;
use otelkit_observed::{Observed, assert_text};
use otelkit_tower::{HttpServerLayer, Redaction, Route};
use support::{connect, plain, serve, talk, with};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceBuilder;

#[traced]
async fn load(id: u64) -> String {
    format!("order {id}")
}

async fn order(axum::extract::Path(id): axum::extract::Path<u64>) -> Result<String, StatusCode> {
    match id {
        404 => Err(StatusCode::NOT_FOUND),
        500 => Err(StatusCode::INTERNAL_SERVER_ERROR),
        666 => panic!("order {id} is cursed"),
        id => Ok(load(id).await),
    }
}

fn shop() -> Router {
    Router::new()
        .route("/orders/{id}", get(order))
        .route("/orders", post(async |body: Bytes| body.len().to_string()))
        .fallback(async || (StatusCode::NOT_FOUND, "nothing here"))
}

const SERVED: &str = "http.request.method=GET http.route=/orders/{id}";
const PEER: &str = "server.address=shop.example server.port=80 client.address=127.0.0.1 \
                    network.peer.address=127.0.0.1 PORT network.protocol.version=1.1";

/// The tree with what is the same in all of them filled in.
#[track_caller]
fn assert_tree(actual: &str, expected: &str) {
    let expected = expected.replace("SERVED", SERVED).replace("PEER", PEER);
    assert_text(actual, &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_a_span_with_the_route_below_which_the_handler_works() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let headers = "User-Agent: tests/1\r\nContent-Length: 0\r\n";
    let (answer, port) = talk(server, with("GET", "/orders/7?q=a&sig=secret", headers)).await;
    assert!(answer.ends_with("order 7"), "{answer}");
    assert_tree(
        &observed.tree(2, &[(&port, "PORT")]),
        "
        server `GET /orders/{id}` SERVED url.path=/orders/7 url.query=q=a&sig=REDACTED url.scheme=http PEER user_agent.original=tests/1 http.request.body.size=0 http.response.status_code=200 http.response.body.size=7
          internal `load`
        ",
    );
    assert_text(
        &observed.metrics("http.", &[]),
        "
        http.server.request.body.size{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 1 of 0
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 1
        http.server.response.body.size{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 1 of 7
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_failures_of_the_server_are_errors() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    for (target, expected) in [
        (
            "/orders/404",
            "server `GET /orders/{id}` SERVED url.path=/orders/404 url.scheme=http PEER http.response.status_code=404 http.response.body.size=0\n",
        ),
        (
            "/orders/500",
            "server `GET /orders/{id}` SERVED url.path=/orders/500 url.scheme=http PEER http.response.status_code=500 http.response.body.size=0 error.type=500 [status error]\n",
        ),
        (
            "/nowhere",
            "server `GET` http.request.method=GET url.path=/nowhere url.scheme=http PEER http.response.status_code=404 http.response.body.size=12\n",
        ),
    ] {
        let (_, port) = talk(server, plain("GET", target)).await;
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), expected);
    }
    assert_text(
        &observed.metrics("http.server.request.duration", &[]),
        "
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=404, http.route=/orders/{id}, network.protocol.version=1.1} 1
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=404, network.protocol.version=1.1} 1
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=500, error.type=500, http.route=/orders/{id}, network.protocol.version=1.1} 1
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_caller_is_the_parent_whatever_its_headers_are() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    talk(
        server,
        with("GET", "/orders/7", &format!("traceparent: {parent}\r\n")),
    )
    .await;
    let span = &observed.spans(2)[1];
    assert_eq!(span.name, "GET /orders/{id}");
    assert_eq!(span.trace_id.to_string(), &parent[3..35]);
    assert_eq!(span.parent_span_id.unwrap().to_string(), &parent[36..52]);
    assert!(span.parent_is_remote);

    let long = "x".repeat(9000);
    for hostile in [
        "traceparent: 00-00000000000000000000000000000000-0000000000000000-01\r\n".to_owned(),
        format!("traceparent: {parent}\r\ntraceparent: {parent}\r\n"),
        "traceparent: \u{e4}\u{f6}\r\nUser-Agent: \u{e4}\r\nForwarded: for=\u{e4}\r\n".to_owned(),
        format!("traceparent: {long}\r\nX-Forwarded-For: {long}\r\n"),
        "Content-Length: 0\r\nX-Forwarded-Proto: javascript\r\nForwarded: ,;=\"\r\n".to_owned(),
    ] {
        let (answer, _) = talk(server, with("GET", "/orders/7", &hostile)).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{hostile}: {answer}");
        let span = &observed.spans(2)[1];
        assert_eq!(span.parent_span_id, None, "{hostile}");
        assert_ne!(span.trace_id.to_string(), &parent[3..35]);
    }
    let schemes = observed.metrics("http.server.request.duration", &[]);
    assert!(!schemes.contains("javascript"), "{schemes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_nobody_knows_makes_no_series_of_its_own() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    for method in ["BREW", "get"] {
        let (_, port) = talk(server, plain(method, "/orders/7")).await;
        let expected = format!(
            "server `HTTP /orders/{{id}}` http.request.method=_OTHER http.request.method_original={method} http.route=/orders/{{id}} url.path=/orders/7 url.scheme=http PEER http.response.status_code=405 http.response.body.size=0\n",
        );
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), &expected);
    }
    assert_text(
        &observed.metrics("http.server.request.duration", &[]),
        "http.server.request.duration{http.request.method=_OTHER, url.scheme=http, http.response.status_code=405, http.route=/orders/{id}, network.protocol.version=1.1} 2\n",
    );
}

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
async fn headers_paths_proxies_and_routes_are_as_the_program_says() {
    let mut observed = Observed::start();
    let layer = HttpServerLayer::new()
        .request_header("X-Tenant")
        .response_header("x-answer")
        .redaction(Redaction::of(["token"]))
        .https()
        .leave_out(|path| path == "/health");
    let app = Router::new()
        .route("/health", get(async || "ok"))
        .route(
            "/a",
            get(async || ([("x-answer", "42"), ("x-secret", "s")], "a")),
        )
        .fallback(async |_: Request<Body>| {
            let mut response = "b".into_response();
            response
                .extensions_mut()
                .insert(Route::new(format!("/b/{}", "{id}")));
            response
        });
    let server = serve(app.layer(layer)).await;
    let (answer, _) = talk(server, plain("GET", "/health")).await;
    assert!(answer.ends_with("ok"), "{answer}");
    let headers = "X-Tenant: acme\r\nx-tenant: other\r\nX-Secret: s\r\nForwarded: for=203.0.113.7;host=front.example:8443\r\n";
    let (_, port) = talk(server, with("GET", "/a?sig=1&token=2", headers)).await;
    assert_text(
        &observed.tree(1, &[(&port, "PORT")]),
        r#"
        server `GET /a` http.request.method=GET http.route=/a url.path=/a url.query=sig=[redacted]&token=REDACTED url.scheme=https server.address=front.example server.port=8443 client.address=203.0.113.7 network.peer.address=127.0.0.1 PORT network.protocol.version=1.1 http.response.status_code=200 http.response.body.size=1 http.request.header.x-tenant=["acme", "other"] http.response.header.x-answer=["42"]
        "#,
    );
    let (_, port) = talk(server, plain("GET", "/b/7")).await;
    let tree = observed.tree(1, &[(&port, "PORT")]);
    assert!(tree.starts_with("server `GET /b/{id}` "), "{tree}");
    let metrics = observed.metrics("http.server.request.duration", &[]);
    assert!(
        !metrics.contains("health") && metrics.contains("http.route=/b/{id}"),
        "{metrics}"
    );
    assert_eq!(observed.undeclared(), 0);
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
