//! A program that records nothing passes on what others do. Nothing is installed here.

mod support;

use otel_runtime::Context;
use otel_runtime::propagation::{extract, inject};
use otelkit_tonic::{GrpcServerLayer, MetadataInjector};
use support::{PLACE, bare, observed, serve, text};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

fn caller() -> Context {
    let headers = [("traceparent", PARENT), ("baggage", "tenant=acme")];
    let owned = headers.map(|(key, value)| (key.to_owned(), value.to_owned()));
    extract(&std::collections::BTreeMap::from(owned))
}

#[tokio::test]
async fn the_caller_of_a_call_is_the_caller_of_what_it_calls() {
    let server = serve(GrpcServerLayer::new()).await;
    let passed_on = format!(r#"{{"baggage": "tenant=acme", "traceparent": "{PARENT}"}}"#);

    let mut client = bare(server);
    client.ready().await.unwrap();
    let mut order = text("caller");
    caller().run(|| inject(&mut MetadataInjector(order.metadata_mut())));
    let answer = client.unary(order, PLACE, support::Text).await.unwrap();
    assert_eq!(answer.into_inner(), passed_on);

    let mut client = observed(server);
    client.ready().await.unwrap();
    let call = client.unary(text("caller"), PLACE, support::Text);
    let call = otel_runtime::ContextExt::in_context(call, caller());
    assert_eq!(call.await.unwrap().into_inner(), passed_on);
}
