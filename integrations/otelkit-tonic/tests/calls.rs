//! Calls between a real client and a real server of tonic: whole spans, and what is counted.

mod support;

use otel_runtime::{Context, ContextExt};
use otelkit_observed::{Observed, assert_text};
use otelkit_tonic::GrpcServerLayer;
use support::{CHAT, PLACE, UPLOAD, WATCH, all, observed, serve, text, texts};
use tonic::Code;

const SERVER: &str =
    "rpc.system.name=grpc rpc.method=METHOD network.peer.address=127.0.0.1 network.peer.port=PEER";
const CLIENT: &str =
    "rpc.system.name=grpc rpc.method=METHOD server.address=127.0.0.1 server.port=PORT";

/// The tree with what is the same in all of them filled in.
#[track_caller]
fn assert_tree(actual: &str, method: &str, expected: &str) {
    let expected = expected
        .replace("SERVER", SERVER)
        .replace("CLIENT", CLIENT)
        .replace("METHOD", method);
    assert_text(&without_ports(actual), &expected);
}

/// The ports differ from run to run.
fn without_ports(tree: &str) -> String {
    let mut shown = String::new();
    for line in tree.lines() {
        let words = line.split(' ').map(|word| match word.split_once('=') {
            Some(("network.peer.port", _)) => "network.peer.port=PEER",
            Some(("server.port", _)) => "server.port=PORT",
            _ => word,
        });
        shown += &words.collect::<Vec<_>>().join(" ");
        shown.push('\n');
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unary_call_is_a_span_on_either_side() {
    let mut seen = Observed::start();
    let server = serve(GrpcServerLayer::new()).await;
    let mut client = observed(server);
    client.ready().await.unwrap();
    let answer = client.unary(text("7"), PLACE, support::Text).await.unwrap();
    assert_eq!(answer.into_inner(), "order 7");
    assert_tree(
        &seen.tree(3, &[]),
        "shop.Orders/Place",
        "
        client `METHOD` CLIENT rpc.response.status_code=OK otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=1
          server `METHOD` SERVER rpc.response.status_code=OK otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=1
            internal `load`
        ",
    );
    let port = server.port().to_string();
    assert_text(
        &seen.metrics("rpc.", &[(&port, "PORT")]),
        "
        rpc.client.call.duration{rpc.system.name=grpc, rpc.method=shop.Orders/Place, rpc.response.status_code=OK, server.address=127.0.0.1, server.port=PORT} 1
        rpc.server.call.duration{rpc.system.name=grpc, rpc.method=shop.Orders/Place, rpc.response.status_code=OK} 1
        ",
    );
    assert_eq!(seen.undeclared(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_streams_are_counted_on_either_side() {
    let mut seen = Observed::start();
    let mut client = observed(serve(GrpcServerLayer::new()).await);
    client.ready().await.unwrap();
    let response = client
        .server_streaming(text("3"), WATCH, support::Text)
        .await
        .unwrap();
    assert_eq!(
        all(response).await,
        (vec!["0".into(), "1".into(), "2".into()], Code::Ok)
    );
    assert_tree(
        &seen.tree(2, &[]),
        "shop.Orders/Watch",
        "
        client `METHOD` CLIENT rpc.response.status_code=OK otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=3
          server `METHOD` SERVER rpc.response.status_code=OK otelkit.rpc.messages.sent=3 otelkit.rpc.messages.received=1
        ",
    );

    client.ready().await.unwrap();
    let response = client
        .client_streaming(texts(&["a", "", "b", "c"]), UPLOAD, support::Text)
        .await;
    assert_eq!(response.unwrap().into_inner(), "order 4");
    assert_tree(
        &seen.tree(3, &[]),
        "shop.Orders/Upload",
        "
        client `METHOD` CLIENT rpc.response.status_code=OK otelkit.rpc.messages.sent=4 otelkit.rpc.messages.received=1
          server `METHOD` SERVER rpc.response.status_code=OK otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=4
            internal `load`
        ",
    );

    client.ready().await.unwrap();
    let response = client
        .streaming(texts(&["a", "b"]), CHAT, support::Text)
        .await
        .unwrap();
    assert_eq!(all(response).await.0, ["you said a", "you said b"]);
    assert_tree(
        &seen.tree(2, &[]),
        "shop.Orders/Chat",
        "
        client `METHOD` CLIENT rpc.response.status_code=OK otelkit.rpc.messages.sent=2 otelkit.rpc.messages.received=2
          server `METHOD` SERVER rpc.response.status_code=OK otelkit.rpc.messages.sent=2 otelkit.rpc.messages.received=2
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_depends_on_who_asks() {
    // as gRPC numbers and names them, and whether it is a failure of the server
    const CODES: [(&str, bool); 17] = [
        ("OK", false),
        ("CANCELLED", false),
        ("UNKNOWN", true),
        ("INVALID_ARGUMENT", false),
        ("DEADLINE_EXCEEDED", true),
        ("NOT_FOUND", false),
        ("ALREADY_EXISTS", false),
        ("PERMISSION_DENIED", false),
        ("RESOURCE_EXHAUSTED", false),
        ("FAILED_PRECONDITION", false),
        ("ABORTED", false),
        ("OUT_OF_RANGE", false),
        ("UNIMPLEMENTED", true),
        ("INTERNAL", true),
        ("UNAVAILABLE", true),
        ("DATA_LOSS", true),
        ("UNAUTHENTICATED", false),
    ];
    let mut seen = Observed::start();
    let methods = ["shop.Orders/Place", "shop.Orders/Watch"];
    let mut client = observed(serve(GrpcServerLayer::new().known_methods(methods)).await);
    for (number, (code, fails_server)) in CODES.into_iter().enumerate().skip(1) {
        // at once, and in the trailers of a stream
        client.ready().await.unwrap();
        let order = text(&format!("fail {number}"));
        let status = client.unary(order, PLACE, support::Text).await.unwrap_err();
        assert_eq!(
            (status.code() as usize, status.message()),
            (number, "refused")
        );
        let error = format!("error.type={code} [status error: refused]");
        let on_server = if fails_server {
            format!(" {error}")
        } else {
            String::new()
        };
        assert_tree(
            &seen.tree(2, &[]),
            "shop.Orders/Place",
            &format!(
                "
                client `METHOD` CLIENT rpc.response.status_code={code} otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=0 {error}
                  server `METHOD` SERVER rpc.response.status_code={code} otelkit.rpc.messages.sent=0 otelkit.rpc.messages.received=1{on_server}
                "
            )
            ,
        );
        client.ready().await.unwrap();
        let order = text(&format!("1 {number}"));
        let response = client
            .server_streaming(order, WATCH, support::Text)
            .await
            .unwrap();
        assert_eq!(all(response).await.1 as usize, number);
        let error = error.replace("refused", "no more");
        let on_server = on_server.replace("refused", "no more");
        assert_tree(
            &seen.tree(2, &[]),
            "shop.Orders/Watch",
            &format!(
                "
                client `METHOD` CLIENT rpc.response.status_code={code} otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=1 {error}
                  server `METHOD` SERVER rpc.response.status_code={code} otelkit.rpc.messages.sent=1 otelkit.rpc.messages.received=1{on_server}
                "
            ),
        );
    }
    let metrics = seen.metrics("rpc.server.call.duration", &[]);
    for (code, fails) in CODES.into_iter().skip(1) {
        let error = if fails {
            format!(", error.type={code}")
        } else {
            String::new()
        };
        let series =
            format!("rpc.method=shop.Orders/Place, rpc.response.status_code={code}{error}}} 1");
        assert!(metrics.contains(&series), "{series}\n{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_does_not_exist_has_no_name_of_its_own() {
    let mut seen = Observed::start();
    let mut client = support::bare(serve(GrpcServerLayer::new()).await);
    for path in ["/shop.Orders/Steal", "/bank.Vault/Open"] {
        client.ready().await.unwrap();
        let status = client
            .unary(text("7"), path.parse().unwrap(), support::Text)
            .await;
        assert_eq!(status.unwrap_err().code(), Code::Unimplemented);
        let spans = seen.spans(1);
        let of = |key| spans[0].attribute(key).cloned();
        assert_eq!(spans[0].name, "grpc");
        assert_eq!(of("rpc.method"), Some("_OTHER".into()));
        assert_eq!(of("rpc.method_original"), Some(path[1..].into()));
    }
    assert_text(
        &seen.metrics("rpc.", &[]),
        "
        rpc.server.call.duration{rpc.system.name=grpc, rpc.method=_OTHER, rpc.response.status_code=UNIMPLEMENTED, error.type=UNIMPLEMENTED} 2
        ",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn context_and_baggage_go_along_in_the_metadata() {
    let mut seen = Observed::with(otel_runtime::Config::new().baggage_attributes(["tenant.id"]));
    let mut client = observed(serve(GrpcServerLayer::new()).await);
    client.ready().await.unwrap();
    let here = Context::current()
        .with_trace_state("rojo=1".parse().unwrap())
        .with_baggage_entry("tenant.id", "acme");
    let call = client
        .unary(text("7"), PLACE, support::Text)
        .in_context(here);
    call.await.unwrap();
    let spans = seen.spans(3);
    for span in &spans {
        assert_eq!(
            span.attribute("tenant.id"),
            Some(&"acme".into()),
            "{}",
            span.name
        );
        assert_eq!(span.trace_id, spans[0].trace_id);
    }
}
