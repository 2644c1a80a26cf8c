//! One request of `load` is one trace: client, server, service, validation, each query, cache.

use std::collections::BTreeMap;
use std::time::Duration;

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::{Config, SpanId, install};
use resource_api::command::load::{Doors, Load};

use crate::Service;

/// The names below each other, in the order in which they began.
fn tree(spans: &[&SpanData], parent: Option<SpanId>, depth: usize, text: &mut String) {
    let mut children: Vec<_> = spans
        .iter()
        .filter(|span| span.parent_span_id == parent)
        .collect();
    children.sort_by_key(|span| span.start_unix_ns);
    for span in children {
        text.push_str(&format!("{:depth$}{}\n", "", span.name, depth = depth * 2));
        tree(spans, Some(span.span_id), depth + 1, text);
    }
}

#[tokio::test]
async fn a_request_is_one_trace_from_the_client_to_the_query() {
    let exporter = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(exporter.clone())).unwrap();
    let service = Service::start().await;
    let (http, grpc) = (service.server.http_url(), service.server.grpc_url());
    let doors = Doors::open(&http, &grpc).await.unwrap();
    let load = Load {
        seconds: 1,
        rate: 60,
        seed: 1,
    };
    load.run(&doors).await.unwrap();
    drop(doors);
    service.stop().await;
    telemetry.shutdown(Duration::from_secs(60)).unwrap();
    let spans = exporter.spans();
    let mut traces: BTreeMap<_, Vec<&SpanData>> = BTreeMap::new();
    for span in spans.iter() {
        traces.entry(span.trace_id.get()).or_default().push(span);
    }
    let mut trees: Vec<String> = traces
        .values()
        .map(|spans| {
            let mut text = String::new();
            tree(spans, None, 0, &mut text);
            assert_eq!(
                text.lines().count(),
                spans.len(),
                "a span has no parent:\n{text}"
            );
            text
        })
        .filter(|text| text.starts_with("request\n"))
        .collect();
    // the first twenty, and one a sixtieth of a second
    assert_eq!(trees.len(), 80);
    trees.sort_unstable();
    trees.dedup();
    for (client, server, rest) in [
        ("GET /resources/{id}", "GET /resources/{id}", GET),
        (
            "resources.v1.Resources/Get",
            "resources.v1.Resources/Get",
            GET,
        ),
        ("GET /resources", "GET /resources", SEARCH),
        (
            "resources.v1.Resources/Search",
            "resources.v1.Resources/Search",
            SEARCH,
        ),
    ] {
        let expected = format!("request\n  {client}\n    {server}\n{rest}");
        assert!(
            trees.contains(&expected),
            "{expected}is not among\n{}",
            trees.join("\n")
        );
    }
}

const GET: &str = "      Resources::get\n        Storage::resource\n";
const SEARCH: &str = "      Resources::search\n        validate_search\n        Storage::search\n";
