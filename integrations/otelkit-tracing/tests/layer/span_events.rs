//! Events that become events of spans.

use otel_runtime::export::ValueData;
use otel_runtime::testing::Capture;
use otel_runtime::traced;
use tracing::subscriber::with_default;
use tracing::{info, info_span, warn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

#[traced(name = "ours")]
fn ours() {
    warn!(left = 3, "running low");
}

fn names(span: &otel_runtime::export::SpanData) -> Vec<&str> {
    span.events
        .iter()
        .map(|event| event.name.as_str())
        .collect()
}

#[test]
fn events_become_events_of_the_span_in_which_they_happen() {
    let layer = otelkit_tracing::layer()
        .with_span_events(true)
        .with_logs(false);
    let capture = Capture::start();
    with_default(registry().with(layer), || {
        let parent = info_span!("parent");
        info_span!("theirs").in_scope(|| {
            ours();
            info!("said");
            info!(parent: &parent, "said of the parent");
            info!(parent: None, "said of nothing");
        });
    });
    assert_eq!(capture.logs(), []);
    let spans = capture.finish();
    assert_eq!(names(spans.named("theirs")), ["said"]);
    assert_eq!(names(spans.named("parent")), ["said of the parent"]);
    let event = &spans.named("ours").events[0];
    let expected = [
        ("level", ValueData::Str("WARN".into())),
        ("target", ValueData::Str("layer::span_events".into())),
        ("left", ValueData::Int(3)),
    ];
    assert_eq!(event.name, "running low");
    assert_eq!(
        event.attributes,
        expected.map(|(key, value)| (key.to_owned(), value))
    );
}

#[test]
fn events_can_become_both() {
    let layer = otelkit_tracing::layer().with_span_events(true);
    let capture = Capture::start();
    with_default(registry().with(layer), ours);
    assert_eq!(capture.logs().len(), 1);
    assert_eq!(names(capture.finish().named("ours")), ["running low"]);
}
