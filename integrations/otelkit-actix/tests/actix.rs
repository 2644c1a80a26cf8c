//! Requests to a real actix-web server: whole spans, and what is counted.

use std::convert::Infallible;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;

use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{App, HttpResponse, error};
use futures_util::{StreamExt, stream};
use otel_runtime::traced;
use otelkit_actix::HttpTelemetry;
use otelkit_observed::{Observed, assert_text};

#[traced]
async fn load(id: u64) -> String {
    format!("order {id}")
}

async fn order(id: web::Path<u64>) -> Result<String, actix_web::Error> {
    match *id {
        404 => Err(error::ErrorNotFound("no such order")),
        500 => Err(error::ErrorInternalServerError("the store is gone")),
        666 => panic!("order {id} is cursed"),
        id => Ok(load(id).await),
    }
}

#[traced]
fn chunk(number: u64) -> io::Result<Bytes> {
    match number {
        3 => Err(io::ErrorKind::BrokenPipe.into()),
        _ => Ok(Bytes::from_static(b"chunk")),
    }
}

fn shop(app: &mut ServiceConfig) {
    let endless = async || {
        let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![7; 65536])));
        HttpResponse::Ok().streaming(chunks)
    };
    let whole = async || HttpResponse::Ok().streaming(stream::iter((0..3).map(chunk)));
    let broken = async || HttpResponse::Ok().streaming(stream::iter((2..5).map(chunk)));
    let upgraded = async || {
        let greeting = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"hello")) });
        HttpResponse::SwitchingProtocols()
            .upgrade("greetings")
            .streaming(greeting.chain(stream::pending()))
    };
    let refused = web::scope("/refused")
        .wrap_fn(|_, _| {
            std::future::ready(Err::<ServiceResponse, _>(error::ErrorServiceUnavailable(
                "later",
            )))
        })
        .route("/{id}", web::get().to(async || "never"));
    app.service(refused);
    app.route("/upgraded", web::get().to(upgraded));
    app.service(web::scope("/orders").route("/{id}", web::get().to(order)))
        .route("/health", web::get().to(async || "ok"))
        .route("/whole", web::get().to(whole))
        .route("/broken", web::get().to(broken))
        .route("/endless", web::get().to(endless))
        .route("/empty", web::put().to(HttpResponse::NoContent))
        .route("/head", web::head().to(async || "ten bytes."))
        .route(
            "/size",
            web::post().to(async |body: Bytes| body.len().to_string()),
        );
}

/// Serves the shop until the test's process ends.
fn serve(middleware: HttpTelemetry) -> SocketAddr {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let served = async move {
            let app = move || App::new().configure(shop).wrap(middleware.clone());
            let server = actix_web::HttpServer::new(app)
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            tell.send(server.addrs()[0]).unwrap();
            server.run().await
        };
        actix_web::rt::System::new().block_on(served)
    });
    told.recv().unwrap()
}

/// Sends what is written; the connection, and what differs in each run.
fn send(server: SocketAddr, request: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(server).unwrap();
    let port = stream.local_addr().unwrap().port();
    stream.write_all(request.as_bytes()).unwrap();
    (stream, format!("network.peer.port={port}"))
}

/// The same, and reads until the server closes.
fn talk(server: SocketAddr, request: &str) -> (String, String) {
    let (mut stream, port) = send(server, request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), port)
}

fn with(method: &str, target: &str, headers: &str) -> String {
    format!(
        "{method} {target} HTTP/1.1\r\nHost: shop.example\r\n{headers}Connection: close\r\n\r\n"
    )
}

const PEER: &str = "server.address=shop.example server.port=80 client.address=127.0.0.1 \
                    network.peer.address=127.0.0.1 PORT network.protocol.version=1.1";

/// The tree with what is the same in all of them filled in.
#[track_caller]
fn assert_tree(actual: &str, expected: &str) {
    assert_text(actual, &expected.replace("PEER", PEER));
}

#[test]
fn a_request_is_a_span_with_the_route_below_which_the_handler_works() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let headers = format!("User-Agent: tests/1\r\nContent-Length: 0\r\ntraceparent: {parent}\r\n");
    let (answer, port) = talk(server, &with("GET", "/orders/7?q=a&sig=secret", &headers));
    assert!(answer.ends_with("order 7"), "{answer}");
    let spans = observed.spans(2);
    let served = spans
        .iter()
        .find(|span| span.name == "GET /orders/{id}")
        .unwrap();
    assert_eq!(served.trace_id.to_string(), &parent[3..35]);
    assert_eq!(served.parent_span_id.unwrap().to_string(), &parent[36..52]);
    drop(port);

    let (_, port) = talk(
        server,
        &with("GET", "/orders/7?q=a&sig=secret", "User-Agent: tests/1\r\n"),
    );
    assert_tree(
        &observed.tree(2, &[(&port, "PORT")]),
        "
        server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/7 url.query=q=a&sig=REDACTED url.scheme=http PEER user_agent.original=tests/1 http.response.status_code=200 http.response.body.size=7
          internal `load`
        ",
    );
    assert_text(
        &observed.metrics("http.", &[]),
        "
        http.server.request.body.size{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 1 of 0
        http.server.request.duration{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 2
        http.server.response.body.size{http.request.method=GET, url.scheme=http, http.response.status_code=200, http.route=/orders/{id}, network.protocol.version=1.1} 2 of 14
        ",
    );
}

#[test]
fn only_failures_of_the_server_are_errors_and_those_say_why() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    for (target, expected) in [
        (
            "/orders/404",
            "server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/404 url.scheme=http PEER http.response.status_code=404 http.response.body.size=13\n",
        ),
        (
            "/orders/500",
            "server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/500 url.scheme=http PEER http.response.status_code=500 http.response.body.size=17 error.type=500 [status error]\n  * exception: the store is gone\n",
        ),
        (
            "/refused/7",
            "server `GET /refused/{id}` http.request.method=GET http.route=/refused/{id} url.path=/refused/7 url.scheme=http PEER http.response.status_code=503 http.response.body.size=0 error.type=503 [status error]\n  * exception: later\n",
        ),
        (
            "/nowhere",
            "server `GET` http.request.method=GET url.path=/nowhere url.scheme=http PEER http.response.status_code=404 http.response.body.size=0\n",
        ),
    ] {
        let (_, port) = talk(server, &with("GET", target, ""));
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), expected);
    }
}

#[test]
fn a_panic_goes_on_or_is_answered() {
    let mut observed = Observed::start();
    for (middleware, answered, status) in [
        (HttpTelemetry::new(), "", ""),
        (
            HttpTelemetry::new().answer_panics(),
            "HTTP/1.1 500",
            " http.response.status_code=500 http.response.body.size=0",
        ),
    ] {
        let server = serve(middleware);
        let (answer, port) = talk(server, &with("GET", "/orders/666", ""));
        assert_eq!(&answer[..answered.len()], answered);
        assert_eq!(answer.is_empty(), answered.is_empty());
        let expected = format!(
            "server `GET /orders/{{id}}` http.request.method=GET http.route=/orders/{{id}} url.path=/orders/666 url.scheme=http PEER{status} error.type=panic [status error: order 666 is cursed] [panicked]\n  * exception: order 666 is cursed\n"
        );
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), &expected);
        assert!(
            talk(server, &with("GET", "/orders/7", ""))
                .0
                .ends_with("order 7")
        );
        observed.spans(2);
    }
}

#[test]
fn the_span_lasts_as_long_as_the_body_and_fails_with_it() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    let (answer, port) = talk(server, &with("GET", "/whole", ""));
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
    let (_, port) = talk(server, &with("GET", "/broken", ""));
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

#[test]
fn a_client_that_goes_away_cancels_the_request() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    let (mut stream, port) = send(server, &with("GET", "/endless", ""));
    stream.read_exact(&mut [0; 100]).unwrap();
    drop(stream);
    let tree = observed.tree(1, &[(&port, "PORT")]);
    let (before, size) = tree.split_once("http.response.body.size=").unwrap();
    let (bytes, after) = size.split_once(' ').unwrap();
    assert!(bytes.parse::<u64>().unwrap() >= 65536);
    assert_tree(
        &format!("{before}{after}"),
        "server `GET /endless` http.request.method=GET http.route=/endless url.path=/endless url.scheme=http PEER http.response.status_code=200 error.type=cancelled otelkit.outcome=cancelled [cancelled]\n",
    );
}

#[test]
fn an_upgrade_works_and_its_span_ends_with_the_handshake() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    let request = "GET /upgraded HTTP/1.1\r\nHost: shop.example\r\nConnection: upgrade\r\nUpgrade: greetings\r\n\r\n";
    let (mut stream, port) = send(server, request);
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"));
    assert_tree(
        &observed.tree(1, &[(&port, "PORT")]),
        "server `GET /upgraded` http.request.method=GET http.route=/upgraded url.path=/upgraded url.scheme=http PEER http.response.status_code=101 http.response.body.size=0\n",
    );
}

#[test]
fn a_response_without_a_body_is_over_at_once_and_a_request_with_one_has_its_size() {
    let mut observed = Observed::start();
    let server = serve(HttpTelemetry::new());
    let body = "Content-Length: 4\r\n";
    for (request, status, sizes) in [
        (with("HEAD", "/head", ""), 200, " http.response.body.size=0"),
        (with("PUT", "/empty", ""), 204, " http.response.body.size=0"),
        (
            with("POST", "/size", body) + "four",
            200,
            " http.response.body.size=1",
        ),
    ] {
        let (_, port) = talk(server, &request);
        let (method, rest) = request.split_once(' ').unwrap();
        let path = rest.split(' ').next().unwrap();
        let sent = if method == "POST" {
            " http.request.body.size=4"
        } else {
            ""
        };
        let expected = format!(
            "server `{method} {path}` http.request.method={method} http.route={path} url.path={path} url.scheme=http PEER{sent} http.response.status_code={status}{sizes}\n"
        );
        assert_tree(&observed.tree(1, &[(&port, "PORT")]), &expected);
    }
}

#[test]
fn headers_and_paths_are_as_the_program_says_whatever_a_client_sends() {
    let mut observed = Observed::start();
    let middleware = HttpTelemetry::new()
        .request_header("X-Tenant")
        .response_header("content-type")
        .leave_out(|path| path == "/health");
    let server = serve(middleware);
    assert!(talk(server, &with("GET", "/health", "")).0.ends_with("ok"));
    let headers = "X-Tenant: acme\r\nx-tenant: other\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n";
    let (_, port) = talk(server, &with("GET", "/orders/7", headers));
    assert_text(
        &observed.tree(2, &[(&port, "PORT")]),
        r#"
        server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/7 url.scheme=https server.address=shop.example server.port=443 client.address=203.0.113.7 network.peer.address=127.0.0.1 PORT network.protocol.version=1.1 http.response.status_code=200 http.response.body.size=7 http.request.header.x-tenant=["acme", "other"] http.response.header.content-type=["text/plain; charset=utf-8"]
          internal `load`
        "#,
    );
    let long = "x".repeat(9000);
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for hostile in [
        format!("traceparent: {parent}\r\ntraceparent: {parent}\r\n"),
        "traceparent: \u{e4}\u{f6}\r\nUser-Agent: \u{e4}\r\nForwarded: for=\u{e4}\r\n".to_owned(),
        format!("traceparent: {long}\r\nX-Forwarded-For: {long}\r\n"),
    ] {
        let (answer, _) = talk(server, &with("GET", "/orders/7", &hostile));
        assert!(answer.starts_with("HTTP/1.1 200"), "{hostile}: {answer}");
        let spans = observed.spans(2);
        assert!(
            spans
                .iter()
                .all(|span| span.trace_id.to_string() != parent[3..35])
        );
    }
    assert_eq!(observed.undeclared(), 0);
    let metrics = observed.metrics("http.", &[]);
    assert!(!metrics.contains("health"), "{metrics}");
    let status = StatusCode::OK.as_str();
    assert!(metrics.contains(status), "{metrics}");
}
