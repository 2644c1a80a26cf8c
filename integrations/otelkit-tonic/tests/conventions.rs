//! Attributes and metrics are called as OpenTelemetry's conventions call them.

mod support;

use opentelemetry_semantic_conventions::{attribute, metric};
use otel_runtime::SpanKind;
use otel_runtime::metric::Points;
use otelkit_observed::Observed;
use otelkit_tonic::GrpcServerLayer;
use support::{observed, serve, text};

const SERVER: &[&str] = &[
    attribute::RPC_SYSTEM_NAME,
    attribute::RPC_METHOD,
    attribute::RPC_RESPONSE_STATUS_CODE,
    attribute::ERROR_TYPE,
];
const CLIENT: &[&str] = &[
    attribute::RPC_SYSTEM_NAME,
    attribute::RPC_METHOD,
    attribute::RPC_RESPONSE_STATUS_CODE,
    attribute::ERROR_TYPE,
    attribute::SERVER_ADDRESS,
    attribute::SERVER_PORT,
];

#[tokio::test(flavor = "multi_thread")]
async fn every_name_is_one_of_the_conventions() {
    let mut seen = Observed::start();
    let mut client = observed(serve(GrpcServerLayer::new()).await);
    client.ready().await.unwrap();
    let steal = "/shop.Orders/Steal".parse().unwrap();
    client
        .unary(text("7"), steal, support::Text)
        .await
        .unwrap_err();
    let spans = seen.spans(2);
    let keys = |kind| -> Vec<&str> {
        let span = spans.iter().find(|span| span.kind == kind).unwrap();
        let keys = span.attributes.iter().map(|(key, _)| key.as_str());
        keys.filter(|key| !key.starts_with("otelkit.")).collect()
    };
    let mut server = SERVER.to_vec();
    server.extend([
        attribute::RPC_METHOD_ORIGINAL,
        attribute::NETWORK_PEER_ADDRESS,
        attribute::NETWORK_PEER_PORT,
    ]);
    for (kind, mut expected) in [
        (SpanKind::Server, server),
        (SpanKind::Client, CLIENT.to_vec()),
    ] {
        let mut keys = keys(kind);
        keys.sort_unstable();
        expected.sort_unstable();
        assert_eq!(keys, expected);
    }
    let metrics = seen.reading();
    for (name, keys) in [
        (metric::RPC_SERVER_CALL_DURATION, SERVER),
        (metric::RPC_CLIENT_CALL_DURATION, CLIENT),
    ] {
        let metric = metrics.metric(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(metric.unit, "s", "{name}");
        let Points::Histogram {
            points, boundaries, ..
        } = &metric.points
        else {
            panic!("{name} is no histogram with boundaries");
        };
        let has: Vec<_> = points[0].attributes.iter().map(|(key, _)| &**key).collect();
        assert_eq!(has, keys, "{name}");
        // https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/
        let advised = [
            0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
        ];
        assert_eq!(**boundaries, advised, "{name}");
    }
}
