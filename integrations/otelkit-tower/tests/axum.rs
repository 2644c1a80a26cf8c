//! Requests to a real axum server: whole spans, and what is counted.

mod support;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::IntoResponse;
use axum::routing::get;
use otelkit_observed::{Observed, assert_text};
use otelkit_tower::{HttpServerLayer, Redaction, Route};
use support::{assert_tree, plain, serve, shop, talk, with};

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
