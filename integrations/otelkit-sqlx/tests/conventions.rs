//! Every name that is recorded is one of the conventions', or one of ours.

use std::collections::BTreeSet;

use opentelemetry_semantic_conventions::{attribute, metric};

const ATTRIBUTES: &[&str] = &[
    attribute::DB_CLIENT_CONNECTION_POOL_NAME,
    attribute::DB_CLIENT_CONNECTION_STATE,
    attribute::DB_COLLECTION_NAME,
    attribute::DB_NAMESPACE,
    attribute::DB_OPERATION_NAME,
    attribute::DB_QUERY_SUMMARY,
    attribute::DB_QUERY_TEXT,
    attribute::DB_RESPONSE_RETURNED_ROWS,
    attribute::DB_RESPONSE_STATUS_CODE,
    attribute::DB_SYSTEM_NAME,
    attribute::ERROR_TYPE,
    attribute::SERVER_ADDRESS,
    attribute::SERVER_PORT,
];

const METRICS: &[&str] = &[
    metric::DB_CLIENT_CONNECTION_COUNT,
    metric::DB_CLIENT_CONNECTION_IDLE_MAX,
    metric::DB_CLIENT_CONNECTION_IDLE_MIN,
    metric::DB_CLIENT_CONNECTION_MAX,
    metric::DB_CLIENT_CONNECTION_PENDING_REQUESTS,
    metric::DB_CLIENT_CONNECTION_TIMEOUTS,
    metric::DB_CLIENT_CONNECTION_USE_TIME,
    metric::DB_CLIENT_CONNECTION_WAIT_TIME,
    metric::DB_CLIENT_OPERATION_DURATION,
];

/// What the tests with real servers have accepted.
const ACCEPTED: &[&str] = &[
    include_str!("servers/exhausted_metrics.txt"),
    include_str!("servers/postgres.txt"),
    include_str!("servers/postgres_metrics.txt"),
];

fn words(ends: char) -> BTreeSet<&'static str> {
    let words = ACCEPTED
        .iter()
        .flat_map(|text| text.split([' ', '\n', '{', ',', '}']));
    let named = words.filter_map(|word| word.split_once(ends).map(|(name, _)| name));
    named
        .filter(|name| name.starts_with("db.") || name.starts_with("server."))
        .collect()
}

#[test]
fn every_attribute_and_metric_is_one_of_the_conventions() {
    let known: BTreeSet<&str> = ATTRIBUTES
        .iter()
        .copied()
        .filter(|name| *name != "error.type")
        .collect();
    assert_eq!(words('='), known);
    let lines = ACCEPTED.iter().flat_map(|text| text.lines());
    let metrics: BTreeSet<&str> = lines
        .filter_map(|line| line.split_once('{'))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("db."))
        .collect();
    assert_eq!(metrics, METRICS.iter().copied().collect());
}
