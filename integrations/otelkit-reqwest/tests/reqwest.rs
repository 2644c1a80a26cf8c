//! Requests of reqwest to real servers: whole spans on both sides, and what is counted.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use otel_runtime::{ContextExt, span};
use otelkit_observed::{Observed, assert_text};
use otelkit_reqwest::{Client, counted};
use otelkit_tower::HttpServerLayer;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn shop() -> Router {
    Router::new()
        .route("/orders/{id}", get(async || "an order"))
        .route(
            "/orders",
            post(async |Json(order): Json<Value>| Json(order)),
        )
        .route("/old", get(async || Redirect::temporary("/newer")))
        .route("/newer", get(async || Redirect::permanent("/orders/7")))
        .route(
            "/around",
            get(async || Redirect::temporary("/around?sig=secret")),
        )
        .route("/gone", get(async || StatusCode::GONE))
        .route("/waits", get(std::future::pending::<()>))
}

/// One answer, as it is written, after which the connection is closed.
async fn answering(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    address
}

const SENT: &str = "server.address=127.0.0.1 server.port=OWN";
const PEER: &str =
    "network.peer.address=127.0.0.1 network.peer.port=OWN network.protocol.version=1.1";

#[track_caller]
fn assert_tree(actual: &str, expected: &str) {
    assert_text(
        actual,
        &expected.replace("SENT", SENT).replace("PEER", PEER),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn client_and_server_are_one_trace() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let client = Client::new()
        .request_header("x-tenant")
        .request_header("authorization")
        .response_header("content-type");
    let url = format!("http://user:secret@{server}/orders/7?id=1&sig=2");
    let work = async {
        let response = client
            .get(&url)
            .url_template("/orders/{id}")
            .header("X-Tenant", "acme")
            .send()
            .await
            .unwrap();
        assert_eq!(response.url().path(), "/orders/7");
        assert_eq!(response.content_length(), Some(8));
        assert_eq!(response.remote_addr(), Some(server));
        assert_eq!(response.text().await.unwrap(), "an order");
    };
    work.in_span(span!("work")).await;
    let own = server.port().to_string();
    assert_tree(
        &observed.tree(3, &[(&own, "OWN")]),
        r#"
        internal `work`
          client `GET /orders/{id}` http.request.method=GET url.full=http://127.0.0.1:OWN/orders/7?id=1&sig=REDACTED url.template=/orders/{id} SENT http.request.body.size=0 PEER http.response.status_code=200 http.response.body.size=8 http.request.header.x-tenant=["acme"] http.request.header.authorization=["REDACTED"] http.response.header.content-type=["text/plain; charset=utf-8"]
            server `GET /orders/{id}` http.request.method=GET http.route=/orders/{id} url.path=/orders/7 url.query=id=1&sig=REDACTED url.scheme=http SENT network.protocol.version=1.1 http.response.status_code=200 http.response.body.size=8
        "#,
    );
    assert_text(
        &observed.metrics("http.client", &[(&own, "OWN")]),
        "
        http.client.request.body.size{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1 of 0
        http.client.request.duration{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1
        http.client.response.body.size{http.request.method=GET, server.address=127.0.0.1, server.port=OWN, http.response.status_code=200, network.protocol.version=1.1} 1 of 8
        ",
    );
    assert_eq!(observed.undeclared(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_builder_and_a_request_do_what_reqwests_own_do() {
    let mut observed = Observed::start();
    let server = serve(shop().layer(HttpServerLayer::new())).await;
    let client = Client::from(reqwest::Client::new());
    let order = json!({"id": 7});
    let request = client
        .post(format!("http://{server}/orders"))
        .query(&[("a", "b")])
        .json(&order)
        .bearer_auth("token")
        .timeout(Duration::from_secs(60));
    let again = request.try_clone().unwrap();
    assert_eq!(
        request.send().await.unwrap().json::<Value>().await.unwrap(),
        order
    );
    let built = again.build().unwrap();
    assert_eq!(
        client
            .execute(built)
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap(),
        order
    );
    let names: Vec<_> = observed
        .spans(4)
        .into_iter()
        .map(|span| span.name)
        .collect();
    assert_eq!(names.iter().filter(|name| *name == "POST").count(), 2);
    assert_eq!(
        names.iter().filter(|name| *name == "POST /orders").count(),
        2
    );

    client.get("no url").send().await.unwrap_err();
    assert!(
        observed
            .metrics("http.client.request.duration", &[])
            .ends_with("2\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_status_is_an_error_and_an_unread_body_is_none() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let own = server.port().to_string();
    let client = Client::new();
    for (path, rest) in [
        (
            "/gone",
            "http.response.status_code=410 http.response.body.size=0 error.type=410 [status error]",
        ),
        ("/orders/7", "http.response.status_code=200"),
    ] {
        drop(
            client
                .get(format!("http://{server}{path}"))
                .send()
                .await
                .unwrap(),
        );
        let expected = format!(
            "client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN{path} SENT http.request.body.size=0 PEER {rest}\n"
        );
        assert_tree(&observed.tree(1, &[(&own, "OWN")]), &expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_counted_and_one_too_many_is_an_error_that_shows_no_secret() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let own = server.port().to_string();
    let client = Client::new();
    let response = client
        .get(format!("http://{server}/old"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.url().path(), "/orders/7");
    assert_eq!(response.text().await.unwrap(), "an order");
    assert_tree(
        &observed.tree(1, &[(&own, "OWN")]),
        "client `GET` http.request.method=GET http.request.resend_count=2 url.full=http://127.0.0.1:OWN/old SENT http.request.body.size=0 PEER http.response.status_code=200 http.response.body.size=8\n",
    );
    let client = reqwest::Client::builder()
        .redirect(counted(Policy::limited(2)))
        .build()
        .unwrap();
    let client = Client::from(client);
    let error = client
        .get(format!("http://{server}/around"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_redirect() && error.url().unwrap().query() == Some("sig=secret"));
    assert_tree(
        &observed.tree(1, &[(&own, "OWN")]),
        "
        client `GET` http.request.method=GET http.request.resend_count=3 url.full=http://127.0.0.1:OWN/around SENT http.request.body.size=0 error.type=reqwest::Redirect otelkit.error.class=failed_precondition [status error: error following redirect for url (http://127.0.0.1:OWN/around?sig=REDACTED)] [error]
          * exception: error following redirect for url (http://127.0.0.1:OWN/around?sig=REDACTED)
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_connection_met_is_the_type_of_the_error() {
    let mut observed = Observed::start();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let silent = serve(shop()).await;
    let cut = answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.").await;
    let client = Client::new();

    let error = client
        .get(format!("http://{nobody}/?sig=secret"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_connect());
    let own = nobody.port().to_string();
    assert_tree(
        &observed.tree(1, &[(&own, "OWN")]),
        "
        client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/?sig=REDACTED SENT http.request.body.size=0 error.type=io::ConnectionRefused otelkit.error.class=network [status error: error sending request for url (http://127.0.0.1:OWN/?sig=REDACTED)] [error]
          * exception: error sending request for url (http://127.0.0.1:OWN/?sig=REDACTED)
        ",
    );

    client
        .get("http://nobody.invalid/")
        .send()
        .await
        .unwrap_err();
    let tree = observed.tree(1, &[]);
    assert!(
        tree.contains(" error.type=dns otelkit.error.class=network "),
        "{tree}"
    );

    let slow = client.get(format!("http://{silent}/waits"));
    slow.timeout(Duration::from_millis(30))
        .send()
        .await
        .unwrap_err();
    let tree = observed.tree(1, &[]);
    assert!(
        tree.contains(" error.type=timeout otelkit.error.class=deadline_exceeded "),
        "{tree}"
    );

    let response = client.get(format!("http://{cut}/")).send().await.unwrap();
    let error = response.bytes().await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    let own = cut.port().to_string();
    let tree = observed.tree(1, &[(&own, "OWN")]);
    assert!(
        tree.contains("http.response.status_code=200 error.type=") && tree.contains(" [error]"),
        "{tree}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_gives_up_cancels() {
    let mut observed = Observed::start();
    let server = serve(shop()).await;
    let own = server.port().to_string();
    let request = Client::new().get(format!("http://{server}/waits")).send();
    // As futures do that may go to another thread.
    let given_up = tokio::spawn(tokio::time::timeout(Duration::from_millis(20), request));
    given_up.await.unwrap().unwrap_err();
    assert_tree(
        &observed.tree(1, &[(&own, "OWN")]),
        "client `GET` http.request.method=GET url.full=http://127.0.0.1:OWN/waits SENT http.request.body.size=0 error.type=cancelled otelkit.outcome=cancelled [cancelled]\n",
    );
}
