use super::*;

#[test]
fn the_limit_for_spans_wins_over_the_limit_for_all() {
    let limits = settings(&[
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "3"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "4"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "5"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0"),
    ])
    .limits;
    let expected = SpanLimits {
        attribute_count: 1,
        value_length: 2,
        event_count: 3,
        link_count: 4,
        event_attribute_count: 5,
        link_attribute_count: 0,
    };
    assert_eq!(limits, expected);
    let limits = settings(&[
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "10"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2147483647"),
    ])
    .limits;
    assert_eq!(limits.attribute_count, 10);
    assert_eq!(limits.value_length, 2_147_483_647);
}

#[test]
fn a_number_is_whole_and_within_its_bounds() {
    for (name, text) in [
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "-1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1.5"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "2147483648"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "99999999999999999999"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "-5"),
    ] {
        let problem = problem(&[(name, text)]);
        assert_eq!((problem.key(), problem.value()), (name, Some(text)));
        assert!(problem.reason().contains("2147483647"), "{problem}");
    }
}
