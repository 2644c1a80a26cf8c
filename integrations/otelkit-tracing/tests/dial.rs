//! Spans below the level that is recorded, which what is within them does not notice.

use std::thread;
use std::time::Duration;

use otel_runtime::export::MemoryExporter;
use otel_runtime::{Config, Level, install, traced};
use tracing::{debug_span, info_span};
use tracing_subscriber::layer::SubscriberExt;

#[traced]
fn ours() {}

#[test]
fn what_is_within_a_span_that_is_not_recorded_belongs_to_the_one_around_it() {
    let exporter = MemoryExporter::new();
    let config = Config::new()
        .level(Level::Info)
        .with_exporter(exporter.clone());
    let telemetry = install(config).unwrap();
    let subscriber = tracing_subscriber::registry().with(otelkit_tracing::layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    info_span!("request").in_scope(|| {
        let detail = debug_span!("detail");
        detail.in_scope(ours);
        let below = info_span!(parent: &detail, "below");
        thread::spawn(move || detail.in_scope(|| info_span!("task").in_scope(ours)))
            .join()
            .unwrap();
        below.in_scope(ours);
    });
    debug_span!("detail of nothing").in_scope(ours);
    telemetry.flush(Duration::from_secs(10)).unwrap();
    let spans = exporter.spans();
    let parent = |name: &str| {
        let parents = spans.iter().filter(|span| span.name == name).map(|span| {
            let parent = spans
                .iter()
                .find(|other| Some(other.span_id) == span.parent_span_id);
            parent.map(|parent| parent.name.as_str())
        });
        let mut parents: Vec<_> = parents.collect();
        parents.sort_unstable();
        parents
    };
    assert_eq!(
        parent("ours"),
        [None, Some("below"), Some("request"), Some("task")]
    );
    assert_eq!(parent("below"), [Some("request")]);
    assert_eq!(parent("task"), [Some("request")]);
    assert_eq!(spans.len(), 7);
}
