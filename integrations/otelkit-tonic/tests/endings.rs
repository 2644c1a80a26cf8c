//! Calls that do not end as they should: panics, deadlines, clients and servers that go away.

mod support;

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::rt::TokioExecutor;
use otel_runtime::export::{Outcome, SpanData, StatusData, ValueData};
use otelkit_observed::{Observed, assert_text};
use otelkit_tonic::GrpcServerLayer;
use support::{PLACE, WATCH, all, bare, observed, serve, serve_apart, text};
use tonic::Code;

/// What a span says of the end of its call.
fn ending(span: &SpanData) -> (&str, Option<&str>, &StatusData, Outcome) {
    let text = |key| match span.attribute(key)? {
        ValueData::Str(text) => Some(text.as_str()),
        other => panic!("{other:?}"),
    };
    let code = text("rpc.response.status_code").unwrap_or_default();
    (code, text("error.type"), &span.status, span.outcome)
}

fn failed(message: &str) -> StatusData {
    StatusData::Error(message.to_owned())
}

fn sent(span: &SpanData) -> Option<&ValueData> {
    span.attribute("otelkit.rpc.messages.sent")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_of_a_handler_is_answered_with_internal() {
    let mut seen = Observed::start();
    let mut client = bare(serve(GrpcServerLayer::new()).await);
    client.ready().await.unwrap();
    let status = client
        .unary(text("panic"), PLACE, support::Text)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    let spans = seen.spans(2);
    let call = spans
        .iter()
        .find(|span| span.name == "shop.Orders/Place")
        .unwrap();
    let load = spans.iter().find(|span| span.name == "load").unwrap();
    assert_eq!(
        ending(call),
        (
            "INTERNAL",
            Some("panic"),
            &failed("order is cursed"),
            Outcome::Panicked
        )
    );
    assert_eq!(
        (load.outcome, load.parent_span_id),
        (Outcome::Panicked, Some(call.span_id))
    );

    // in the midst of a stream, whose messages have been sent
    client.ready().await.unwrap();
    let response = client
        .server_streaming(text("2 panic"), WATCH, support::Text)
        .await
        .unwrap();
    assert_eq!(
        all(response).await,
        (vec!["0".to_owned(), "1".to_owned()], Code::Internal)
    );
    let stream = &seen.spans(1)[0];
    assert_eq!(
        ending(stream),
        (
            "INTERNAL",
            Some("panic"),
            &failed("stream is cursed"),
            Outcome::Panicked
        )
    );
    assert_eq!(sent(stream), Some(&2.into()));

    // and the connection is as good as before
    client.ready().await.unwrap();
    client.unary(text("7"), PLACE, support::Text).await.unwrap();
    seen.spans(2);
    assert_text(
        &seen.metrics("rpc.", &[]),
        "
        rpc.server.call.duration{rpc.system.name=grpc, rpc.method=shop.Orders/Place, rpc.response.status_code=INTERNAL, error.type=panic} 1
        rpc.server.call.duration{rpc.system.name=grpc, rpc.method=shop.Orders/Place, rpc.response.status_code=OK} 1
        rpc.server.call.duration{rpc.system.name=grpc, rpc.method=shop.Orders/Watch, rpc.response.status_code=INTERNAL, error.type=panic} 1
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_goes_on_where_it_shall() {
    let mut seen = Observed::start();
    let mut client = bare(serve(GrpcServerLayer::new().let_panics_go_on()).await);
    for (order, path) in [("panic", PLACE), ("0 panic", WATCH)] {
        client.ready().await.unwrap();
        let response = client
            .server_streaming(text(order), path, support::Text)
            .await;
        let code = match response {
            Ok(response) => all(response).await.1,
            Err(status) => status.code(),
        };
        assert_ne!(code, Code::Ok);
        let spans = seen.spans(if order == "panic" { 2 } else { 1 });
        let call = spans
            .iter()
            .find(|span| span.name.starts_with("shop"))
            .unwrap();
        assert_eq!(
            (call.outcome, ending(call).0),
            (Outcome::Panicked, "INTERNAL")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_the_client_drops_is_cancelled_on_both_sides() {
    let mut seen = Observed::start();
    let server = serve(GrpcServerLayer::new()).await;
    let mut client = observed(server);
    client.ready().await.unwrap();
    let response = client
        .server_streaming(text("1 wait"), WATCH, support::Text)
        .await
        .unwrap();
    let mut messages = response.into_inner();
    assert_eq!(messages.message().await.unwrap().as_deref(), Some("0"));
    drop(messages);
    let spans = seen.spans(2);
    let of = |kind| spans.iter().find(|span| span.kind == kind).unwrap();
    let (client_span, server_span) = (
        of(otel_runtime::SpanKind::Client),
        of(otel_runtime::SpanKind::Server),
    );
    assert_eq!(
        ending(client_span),
        (
            "CANCELLED",
            Some("CANCELLED"),
            &failed(""),
            Outcome::Cancelled
        )
    );
    // which is no failure of the server
    assert_eq!(ending(server_span).0, "CANCELLED");
    assert_eq!(
        (&server_span.status, server_span.outcome),
        (&StatusData::Unset, Outcome::Cancelled)
    );
    assert_eq!(server_span.parent_span_id, Some(client_span.span_id));
    let metrics = seen.metrics("rpc.server", &[]);
    assert!(
        metrics.contains("rpc.response.status_code=CANCELLED} 1"),
        "{metrics}"
    );

    // before there is any response
    client.ready().await.unwrap();
    let call = tokio::spawn(async move { client.unary(text("wait"), PLACE, support::Text).await });
    support::WAITING.notified().await;
    call.abort();
    let spans = seen.spans(2);
    assert!(
        spans.iter().all(|span| span.outcome == Outcome::Cancelled),
        "{spans:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_gives_up_has_met_its_deadline() {
    let mut seen = Observed::start();
    // nobody answers, and nobody but the client looks at the time
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = observed(listener.local_addr().unwrap());
    client.ready().await.unwrap();
    let mut order = text("7");
    order.set_timeout(Duration::from_millis(20));
    let status = client.unary(order, PLACE, support::Text).await.unwrap_err();
    // as tonic calls it
    assert_eq!(status.code(), Code::Cancelled);
    let span = &seen.spans(1)[0];
    let expected = (
        "DEADLINE_EXCEEDED",
        Some("DEADLINE_EXCEEDED"),
        &failed("Timeout expired"),
        Outcome::Ok,
    );
    assert_eq!(ending(span), expected);
}

/// A request of a client that does not look at the time itself.
async fn ask(server: std::net::SocketAddr, timeout: &str, order: &str) -> http::HeaderMap {
    let client = HttpClient::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let mut message = BytesMut::new();
    message.put_u8(0);
    message.put_u32(order.len() as u32);
    message.put_slice(order.as_bytes());
    let request = http::Request::post(format!("http://{server}{PLACE}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-timeout", timeout)
        .body(Full::<Bytes>::from(message.freeze()))
        .unwrap();
    let response = client.request(request).await.unwrap();
    let head = response.headers().clone();
    let trailers = response
        .into_body()
        .collect()
        .await
        .unwrap()
        .trailers()
        .cloned();
    trailers.unwrap_or(head)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_gives_up_has_met_the_deadline() {
    let mut seen = Observed::start();
    let server = serve(GrpcServerLayer::new()).await;
    let answer = ask(server, "20m", "wait").await;
    // as tonic calls it
    assert_eq!(answer["grpc-status"], "1");
    // That of the handler has been dropped before, if it had begun by then.
    let call = loop {
        let mut spans = seen.spans(1);
        spans.retain(|span| span.name == "shop.Orders/Place");
        if let Some(call) = spans.pop() {
            break call;
        }
    };
    let message = failed("the deadline has passed");
    assert_eq!(
        ending(&call),
        (
            "DEADLINE_EXCEEDED",
            Some("DEADLINE_EXCEEDED"),
            &message,
            Outcome::Ok
        )
    );

    // one that is far away changes nothing
    let answer = ask(server, "1H", "7").await;
    assert_eq!(answer["grpc-status"], "0");
    let spans = seen.spans(2);
    let call = spans
        .iter()
        .find(|span| span.name == "shop.Orders/Place")
        .unwrap();
    assert_eq!(ending(call), ("OK", None, &StatusData::Unset, Outcome::Ok));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_nobody_finds_is_unavailable() {
    let mut seen = Observed::start();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nowhere = listener.local_addr().unwrap();
    drop(listener);
    let mut client = observed(nowhere);
    client.ready().await.unwrap();
    let status = client
        .unary(text("7"), PLACE, support::Text)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    let span = &seen.spans(1)[0];
    assert_eq!(
        ending(span),
        (
            "UNAVAILABLE",
            Some("UNAVAILABLE"),
            &failed(status.message()),
            Outcome::Ok
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_in_the_midst_of_a_stream_is_a_failure() {
    let mut seen = Observed::start();
    let (address, server) = serve_apart();
    let mut client = observed(address);
    client.ready().await.unwrap();
    let response = client
        .server_streaming(text("2 wait"), WATCH, support::Text)
        .await
        .unwrap();
    let mut messages = response.into_inner();
    for expected in ["0", "1"] {
        assert_eq!(messages.message().await.unwrap().as_deref(), Some(expected));
    }
    server.shutdown_background();
    let status = messages.message().await.unwrap_err();
    drop(messages);
    let span = &seen.spans(1)[0];
    let code = ending(span).1.unwrap().to_owned();
    assert_eq!(
        ending(span),
        (&*code, Some(&*code), &failed(status.message()), Outcome::Ok)
    );
    assert_eq!(code, format!("{:?}", status.code()).to_uppercase());
    assert_eq!(
        span.attribute("otelkit.rpc.messages.received"),
        Some(&2.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_speaks_no_grpc_is_translated() {
    let mut seen = Observed::start();
    for (status, code) in [
        (400, "INTERNAL"),
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (404, "UNIMPLEMENTED"),
        (503, "UNAVAILABLE"),
        (500, "UNKNOWN"),
    ] {
        let web_server = tower::service_fn(move |_: http::Request<tonic::body::Body>| async move {
            let response = http::Response::builder().status(status);
            Ok::<_, std::convert::Infallible>(response.body(Full::<Bytes>::default()).unwrap())
        });
        let mut client = tower::ServiceBuilder::new()
            .layer(otelkit_tonic::GrpcClientLayer::new())
            .service(web_server);
        let request = http::Request::post(PLACE)
            .body(tonic::body::Body::empty())
            .unwrap();
        let response = tower_service::Service::call(&mut client, request)
            .await
            .unwrap();
        response.into_body().collect().await.unwrap();
        let span = &seen.spans(1)[0];
        assert_eq!(ending(span).0, code, "{status}");
    }
}
