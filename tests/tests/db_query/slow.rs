//! Calls that take long.

use otel_runtime::db_query;
use otel_runtime::export::SpanData;
use otel_runtime::testing::Capture;

#[db_query("SELECT 1", system = "sqlite", slow = "0ms")]
fn slow() {}

#[db_query("SELECT 1", system = "sqlite", slow = "1h")]
fn quick() {}

#[test]
fn a_slow_call_says_so() {
    let events = |span: &SpanData| {
        let events = span
            .events
            .iter()
            .map(|event| (event.name.to_string(), format!("{:?}", event.attributes)));
        events.collect::<Vec<_>>()
    };
    let capture = Capture::start();
    slow();
    quick();
    let spans = capture.finish();
    let told: Vec<_> = spans.iter().map(events).collect();
    assert_eq!(told[0].len(), 1);
    assert_eq!(told[0][0].0, "otelkit.db.slow_query");
    assert!(
        told[0][0].1.contains("otelkit.db.slow_query.threshold"),
        "{told:?}"
    );
    assert_eq!(told[1], []);
}
