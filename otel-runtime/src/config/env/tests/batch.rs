use std::time::Duration;

use super::*;

#[test]
fn a_time_with_a_unit_is_refused_and_translated() {
    for (text, nearest) in [
        ("5s", Some("5000")),
        ("100ms", Some("100")),
        ("2 m", Some("120000")),
        ("100000000m", None),
    ] {
        let problem = problem(&[("OTEL_BSP_SCHEDULE_DELAY", text)]);
        assert_eq!(problem.nearest(), nearest, "{text}");
    }
}

#[test]
fn batches_are_configured_in_spans_and_milliseconds() {
    let batch = settings(&[
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "0"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100"),
    ])
    .batch;
    assert_eq!(batch.schedule_delay, Some(Duration::ZERO));
    let never = Duration::from_millis(i32::MAX as u64);
    assert_eq!(batch.export_timeout, Some(never));
    assert_eq!(batch.max_queue_items, Some(100));
    assert_eq!(batch.max_batch_items, Some(100));
}

#[test]
fn a_batch_larger_than_the_queue_is_refused() {
    let problem = problem(&[
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101"),
    ]);
    assert_eq!(problem.key(), "OTEL_BSP_MAX_EXPORT_BATCH_SIZE");
    assert!(
        problem
            .reason()
            .contains("OTEL_BSP_MAX_QUEUE_SIZE, which is 100")
    );
}
