//! Which formats are read and written, and what spans say of baggage: one process, one runtime.

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Poll, Waker};
use std::time::Duration;

use otel_runtime::export::{MemoryExporter, SpanData};
use otel_runtime::propagation::{Propagator, extract, inject};
use otel_runtime::{Config, Context, Sampler, Telemetry, install, traced};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TIMEOUT: Duration = Duration::from_secs(30);

type Headers = BTreeMap<String, String>;

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// What a caller sends that uses everything.
fn caller() -> Headers {
    headers(&[
        ("traceparent", PARENT),
        ("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("baggage", "tenant.id=acme,shard=7"),
    ])
}

fn sent() -> Headers {
    let mut headers = Headers::new();
    inject(&mut headers);
    headers
}

#[traced(parent = caller)]
fn handle(caller: Context) -> Headers {
    store()
}

#[traced]
fn store() -> Headers {
    sent()
}

#[traced(parent = caller)]
async fn serve(caller: Context) -> Headers {
    fetch().await
}

#[traced]
async fn fetch() -> Headers {
    sent()
}

fn served(caller: Context) -> Headers {
    let mut context = std::task::Context::from_waker(Waker::noop());
    match pin!(serve(caller)).poll(&mut context) {
        Poll::Ready(sent) => sent,
        Poll::Pending => panic!("nothing is waited for"),
    }
}

fn installed(config: Config) -> (MemoryExporter, Telemetry) {
    let memory = MemoryExporter::new();
    let telemetry = install(config.with_exporter(memory.clone())).unwrap();
    (memory, telemetry)
}

fn finished(memory: &MemoryExporter, telemetry: &Telemetry) -> Vec<SpanData> {
    telemetry.flush(TIMEOUT).unwrap();
    memory.spans()
}

#[test]
fn the_configuration_says_what_is_read_written_and_noted() {
    let (memory, telemetry) = installed(
        Config::new()
            .propagators([
                Propagator::TraceContext,
                Propagator::Baggage,
                Propagator::B3,
            ])
            .baggage_attributes(["tenant.id", "missing"]),
    );
    let mut request = caller();
    let plain = handle(extract(&headers(&[("traceparent", PARENT)])));
    assert!(
        plain["b3"].starts_with("0af7651916cd43dd8448eb211c80319c-"),
        "{plain:?}"
    );
    handle(extract(&request));
    // the last one that names a parent wins, and a trace state belongs to its parent
    request.insert(
        "b3".to_owned(),
        "463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-d".to_owned(),
    );
    let both = served(extract(&request));
    assert!(
        both["b3"].ends_with("-d") && !both.contains_key("tracestate"),
        "{both:?}"
    );
    let spans = finished(&memory, &telemetry);
    assert_eq!(spans.len(), 6);
    let tenants: Vec<_> = spans
        .iter()
        .map(|span| {
            (
                span.name.as_str(),
                span.attributes.len(),
                span.attribute("tenant.id").is_some(),
                span.trace_state.len(),
            )
        })
        .collect();
    assert_eq!(
        tenants,
        [
            ("store", 0, false, 0),
            ("handle", 0, false, 0),
            ("store", 1, true, 39),
            ("handle", 1, true, 39),
            ("fetch", 1, true, 0),
            ("serve", 1, true, 0),
        ]
    );
    assert_eq!(telemetry.stats().forgotten_baggage, 0);
    let first = Context::NONE.with_baggage_entry("first", "1");
    // more than the store holds
    for index in 0..4000 {
        let _ = Context::NONE.with_baggage_entry("key", &format!("{index:01000}"));
    }
    assert_eq!(telemetry.stats().forgotten_baggage, 0);
    assert!(first.baggage().is_empty());
    let _ = Context::NONE.with_baggage_entry("no key", "1");
    let stats = telemetry.shutdown(TIMEOUT).unwrap();
    assert_eq!(
        (stats.undeclared_attributes, stats.forgotten_baggage),
        (0, 2)
    );

    // nothing is recorded, and contexts are passed on all the same
    let (_, telemetry) = installed(
        Config::new()
            .propagators([Propagator::Jaeger])
            .disabled(true),
    );
    let span = extract(&headers(&[("uber-trace-id", "abc:d:0:1")]));
    let sent = span.run(store);
    assert_eq!(
        sent["uber-trace-id"],
        format!("{:032x}:{:016x}:0:1", 0xabc, 0xd)
    );
    telemetry.shutdown(TIMEOUT).unwrap();

    // not recorded is said, too
    let (memory, telemetry) = installed(Config::new().sampler(Sampler::AlwaysOff));
    let sent = handle(extract(&caller()));
    assert!(sent["traceparent"].ends_with("-00"), "{sent:?}");
    assert!(!sent["traceparent"].contains("b7ad6b7169203331"));
    assert_eq!(sent["baggage"], "tenant.id=acme,shard=7");
    assert!(finished(&memory, &telemetry).is_empty());
    telemetry.shutdown(TIMEOUT).unwrap();
}
