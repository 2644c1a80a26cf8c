//! One request of `load` is one trace: client, server, service, validation, each query, cache.

use std::collections::BTreeMap;
use std::time::Duration;

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::{Config, SpanId, install};
use otelkit_servers::redis::Redis;
use resource_api::cache::Cache;
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

/// The first twenty requests, and one a sixtieth of a second.
const REQUESTS: usize = 80;

async fn load(service: Service) {
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
}

async fn cached(redis: &Redis) -> Service {
    let cache = Cache::connect(&redis.url()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let address = directory.path().join("test.db").into();
    Service::start_with(&address, directory, |it| it.with_cache(cache)).await
}

/// The tree of each request.
fn trees(spans: &[SpanData]) -> Vec<String> {
    let mut traces: BTreeMap<_, Vec<&SpanData>> = BTreeMap::new();
    for span in spans {
        traces.entry(span.trace_id.get()).or_default().push(span);
    }
    let trees = traces.values().map(|spans| {
        let mut text = String::new();
        tree(spans, None, 0, &mut text);
        let lines = text.lines().count();
        assert_eq!(lines, spans.len(), "a span has no parent:\n{text}");
        text
    });
    trees.filter(|text| text.starts_with("request\n")).collect()
}

#[track_caller]
fn assert_among(trees: &[String], request: &str, operation: &str) {
    // the client's span is called as the server's
    let expected = format!("request\n  {request}\n    {request}\n{operation}");
    assert!(
        trees.contains(&expected),
        "{expected}is not among\n{}",
        trees.join("\n")
    );
}

#[tokio::test]
async fn a_request_is_one_trace_from_the_client_to_the_query_and_the_cache() {
    let exporter = MemoryExporter::new();
    let telemetry = install(Config::new().with_exporter(exporter.clone())).unwrap();
    load(Service::start().await).await;
    let redis = Redis::start();
    if let Some(redis) = &redis {
        load(cached(redis).await).await;
    }
    telemetry.shutdown(Duration::from_secs(60)).unwrap();
    let mut trees = trees(&exporter.spans());
    let services = 1 + usize::from(redis.is_some());
    assert_eq!(trees.len(), services * REQUESTS);
    trees.sort_unstable();
    trees.dedup();
    for (request, operation) in [
        ("POST /resources", CREATE),
        ("resources.v1.Resources/Create", CREATE),
        ("GET /resources/{id}", GET),
        ("resources.v1.Resources/Get", GET),
        ("GET /resources", SEARCH),
        ("resources.v1.Resources/Search", SEARCH),
    ] {
        assert_among(&trees, request, operation);
    }
    if redis.is_some() {
        assert_among(&trees, "GET /resources/{id}", MISS);
        assert_among(&trees, "GET /resources/{id}", HIT);
    }
}

const CREATE: &str = "      Resources::create
        validate_description
        validate_dependencies
        validate_dependencies
        BEGIN
        INSERT resource
        COMMIT
";
const GET: &str = "      Resources::get
        SELECT resource
";
const SEARCH: &str = "      Resources::search
        validate_search
        SELECT resource
";
const MISS: &str = "      Resources::get
        Cache::get
          GET 0
        SELECT resource
        Cache::put
          SETEX 0
";
const HIT: &str = "      Resources::get
        Cache::get
          GET 0
";
