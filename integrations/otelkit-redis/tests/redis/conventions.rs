//! The names are those of the semantic conventions.

use opentelemetry_semantic_conventions::{attribute, metric};
use otel_runtime::export::SpanData;
use otelkit_observed::Observed;
use otelkit_redis::Traced;
use redis::{RedisResult, pipe};

use super::server;

#[test]
fn keys_units_and_boundaries_are_those_of_the_conventions() {
    let Some((_server, client)) = server() else {
        return;
    };
    let mut observed = Observed::start();
    let connection = client.get_connection().unwrap();
    let mut connection = Traced::new(connection)
        .of(client.get_connection_info())
        .query_text(true);
    let failed: RedisResult<()> = pipe().set("a", "text").lpush("a", 1).query(&mut connection);
    failed.unwrap_err();
    let [span]: [SpanData; 1] = observed.spans(1).try_into().unwrap();
    let mut keys: Vec<_> = span.attributes.iter().map(|(key, _)| &**key).collect();
    keys.retain(|key| !key.starts_with("otelkit."));
    keys.sort_unstable();
    let mut expected = [
        attribute::DB_NAMESPACE,
        attribute::DB_OPERATION_BATCH_SIZE,
        attribute::DB_OPERATION_NAME,
        attribute::DB_QUERY_TEXT,
        attribute::DB_RESPONSE_STATUS_CODE,
        attribute::DB_SYSTEM_NAME,
        attribute::ERROR_TYPE,
        attribute::SERVER_ADDRESS,
        attribute::SERVER_PORT,
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    let metrics = observed.reading();
    let durations = metrics
        .metric(metric::DB_CLIENT_OPERATION_DURATION)
        .unwrap();
    assert_eq!(durations.unit, "s");
    let otel_runtime::metric::Points::Histogram {
        points, boundaries, ..
    } = &durations.points
    else {
        panic!("{durations:?}");
    };
    assert_eq!(
        **boundaries,
        [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0]
    );
    let mut keys: Vec<_> = points[0].attributes.iter().map(|(key, _)| &**key).collect();
    keys.sort_unstable();
    let only_of_spans = [attribute::DB_QUERY_TEXT, attribute::DB_OPERATION_BATCH_SIZE];
    let expected: Vec<_> = expected
        .into_iter()
        .filter(|key| !only_of_spans.contains(key))
        .collect();
    assert_eq!(keys, expected);
    // The span that a duration leads to is the command's own.
    let exemplar = points[0].exemplars[0];
    assert_eq!(exemplar.span, Some((span.trace_id, span.span_id)));
    assert_eq!(observed.undeclared(), 0);
}
