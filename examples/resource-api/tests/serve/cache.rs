//! Reads through a Redis, and without it when it is gone.

use std::future::Future;

use otel_runtime::export::SpanData;
use otel_runtime::testing::Capture;
use otelkit_servers::redis::Redis;
use resource_api::cache::Cache;
use resource_api::service::{Cascade, Resources, Update};

use crate::Service;
use crate::support::{describe, new};

/// What `work` records: the names of its spans, in the order in which they began.
async fn recorded<T>(work: impl Future<Output = T>) -> (T, Vec<String>, Vec<SpanData>) {
    let capture = Capture::start();
    let done = work.await;
    let mut spans: Vec<SpanData> = capture.finish().iter().cloned().collect();
    spans.sort_by_key(|span| span.start_unix_ns);
    let names = spans.iter().map(|span| span.name.to_string()).collect();
    (done, names, spans)
}

async fn cached(service: &Service, redis: &Redis) -> Resources {
    let cache = Cache::connect(&redis.url()).await.unwrap();
    Resources::new(service.storage.clone()).with_cache(cache)
}

const MISS: [&str; 6] = [
    "Resources::get",
    "Cache::get",
    "GET 0",
    "SELECT resource",
    "Cache::put",
    "SETEX 0",
];

#[tokio::test]
async fn a_resource_is_read_once_and_forgotten_when_it_changes() {
    let Some(redis) = Redis::start() else { return };
    let service = Service::start().await;
    let resources = cached(&service, &redis).await;
    let id = resources.create(new("a", &[])).await.unwrap().id;

    let (first, names, _) = recorded(resources.get(id)).await;
    assert_eq!(names, MISS);
    let (second, names, _) = recorded(resources.get(id)).await;
    assert_eq!(names, MISS[..3]);
    assert_eq!(first.unwrap(), second.unwrap());

    let update = Update {
        description: describe("b"),
        dependencies: Vec::new(),
    };
    resources.update(id, &update).await.unwrap();
    let (found, names, _) = recorded(resources.get(id)).await;
    assert_eq!(names, MISS);
    assert_eq!(found.unwrap().description, update.description);
    resources.delete(id, Cascade::Refuse).await.unwrap();
    resources.get(id).await.unwrap_err();
    service.stop().await;
}

#[tokio::test]
async fn without_the_cache_the_database_is_asked_and_the_error_recorded() {
    let Some(mut redis) = Redis::start() else {
        return;
    };
    let service = Service::start().await;
    let resources = cached(&service, &redis).await;
    let id = resources.create(new("a", &[])).await.unwrap().id;
    redis.kill();
    let (found, names, spans) = recorded(resources.get(id)).await;
    assert_eq!(found.unwrap().id, id);
    assert!(names.contains(&"SELECT resource".to_owned()), "{names:?}");
    let cache = spans.iter().find(|span| span.name == "Cache::get").unwrap();
    let events: Vec<&str> = cache.events.iter().map(|event| &*event.name).collect();
    assert_eq!(events, ["exception"]);
    service.stop().await;
}
