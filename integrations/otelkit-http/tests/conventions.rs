//! Attributes and metrics are called as OpenTelemetry's conventions call them.

use std::sync::Arc;

use http::{HeaderMap, Request};
use opentelemetry_semantic_conventions::{attribute, metric};
use otel_runtime::export::SpanData;
use otel_runtime::{Context, SpanKind};
use otelkit_http::{ClientConfig, ClientRequest, Exchange, ServerConfig, UrlParts};
use otelkit_observed::Observed;

/// One attribute or more of each that a span of a server or client can have.
const SPANS: &[&str] = &[
    attribute::CLIENT_ADDRESS,
    attribute::ERROR_TYPE,
    attribute::HTTP_REQUEST_BODY_SIZE,
    attribute::HTTP_REQUEST_METHOD,
    attribute::HTTP_REQUEST_METHOD_ORIGINAL,
    attribute::HTTP_REQUEST_RESEND_COUNT,
    attribute::HTTP_RESPONSE_BODY_SIZE,
    attribute::HTTP_RESPONSE_STATUS_CODE,
    attribute::HTTP_ROUTE,
    attribute::NETWORK_PEER_ADDRESS,
    attribute::NETWORK_PEER_PORT,
    attribute::NETWORK_PROTOCOL_VERSION,
    attribute::SERVER_ADDRESS,
    attribute::SERVER_PORT,
    attribute::URL_FULL,
    attribute::URL_PATH,
    attribute::URL_QUERY,
    attribute::URL_SCHEME,
    attribute::URL_TEMPLATE,
    attribute::USER_AGENT_ORIGINAL,
];
const HISTOGRAMS: [(&str, &str, &[&str]); 6] = [
    (metric::HTTP_CLIENT_REQUEST_BODY_SIZE, "By", CLIENT),
    (metric::HTTP_CLIENT_REQUEST_DURATION, "s", CLIENT),
    (metric::HTTP_CLIENT_RESPONSE_BODY_SIZE, "By", CLIENT),
    (metric::HTTP_SERVER_REQUEST_BODY_SIZE, "By", SERVER),
    (metric::HTTP_SERVER_REQUEST_DURATION, "s", SERVER),
    (metric::HTTP_SERVER_RESPONSE_BODY_SIZE, "By", SERVER),
];
const SERVER: &[&str] = &[
    attribute::HTTP_REQUEST_METHOD,
    attribute::URL_SCHEME,
    attribute::HTTP_RESPONSE_STATUS_CODE,
    attribute::ERROR_TYPE,
    attribute::HTTP_ROUTE,
    attribute::NETWORK_PROTOCOL_VERSION,
];
const CLIENT: &[&str] = &[
    attribute::HTTP_REQUEST_METHOD,
    attribute::SERVER_ADDRESS,
    attribute::SERVER_PORT,
    attribute::HTTP_RESPONSE_STATUS_CODE,
    attribute::ERROR_TYPE,
    attribute::NETWORK_PROTOCOL_VERSION,
];

/// A request of either kind of which everything is known, and which failed.
fn requests() {
    let (head, ()) = Request::builder()
        .method("BREW")
        .uri("http://shop.example/orders/7?a=b")
        .header("user-agent", "tests")
        .header("content-length", "3")
        .header("x-tenant", "acme")
        .body(())
        .unwrap()
        .into_parts();
    let config = ServerConfig::new()
        .request_header("x-tenant")
        .response_header("x-tenant");
    let peer = Some(([127, 0, 0, 1], 4711).into());
    let mut served = Arc::new(config).begin(&head, peer, Context::NONE, Some("/orders/{id}"));
    served.respond(503, &head.headers);
    served.complete();

    let request = ClientRequest {
        method: "BREW",
        url: UrlParts {
            scheme: "http",
            authority: "shop.example",
            path: "/orders/7",
            ..UrlParts::default()
        },
        template: Some("/orders/{id}"),
        resends: 1,
        body_bytes: Some(3),
    };
    let mut sent = Arc::new(ClientConfig::new()).begin(&request, &mut HeaderMap::new());
    sent.respond(503, Some("1.1"), &head.headers, peer);
    sent.complete();
}

#[test]
fn every_name_is_one_of_the_conventions() {
    let mut observed = Observed::start();
    requests();
    let spans = observed.spans(2);
    let keys = |span: &SpanData| -> Vec<String> {
        let keys = span.attributes.iter().map(|(key, _)| key.clone());
        keys.filter(|key| !key.contains(".header.")).collect()
    };
    for key in spans.iter().flat_map(keys) {
        assert!(SPANS.contains(&&*key), "{key}");
    }
    let named = |kind| spans.iter().find(|span| span.kind == kind).unwrap();
    let (served, sent) = (named(SpanKind::Server), named(SpanKind::Client));
    for key in SPANS {
        assert!(
            served.attribute(key).is_some() || sent.attribute(key).is_some(),
            "{key}"
        );
    }
    for header in [
        attribute::HTTP_REQUEST_HEADER,
        attribute::HTTP_RESPONSE_HEADER,
    ] {
        let key = format!("{header}.x-tenant");
        assert!(served.attribute(&key).is_some(), "{key}");
    }

    let metrics = observed.reading();
    for (name, unit, keys) in HISTOGRAMS {
        let metric = metrics.metric(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(metric.unit, unit, "{name}");
        let otel_runtime::metric::Points::Histogram {
            points, boundaries, ..
        } = &metric.points
        else {
            panic!("{name} is no histogram with boundaries");
        };
        let has: Vec<_> = points[0].attributes.iter().map(|(key, _)| &**key).collect();
        let known = keys.iter().copied().filter(|key| has.contains(key));
        assert_eq!(has, known.collect::<Vec<_>>(), "{name}");
        if unit == "s" {
            // https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
            let advised = [
                0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
            ];
            assert_eq!(**boundaries, advised);
        }
    }
}
