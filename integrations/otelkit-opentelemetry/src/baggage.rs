//! Baggage, in the words of the API and in ours.

use opentelemetry::baggage as api;

/// As we have it. What has no room, or a key that is none, is left out: the API's limits are a
/// little wider.
pub(crate) fn ours(baggage: &api::Baggage) -> otel_runtime::Baggage {
    let mut ours = otel_runtime::Baggage::default();
    for (key, (value, metadata)) in baggage {
        let _ = ours.set_with_metadata(key.as_str(), value.as_str(), metadata.as_str());
    }
    ours
}

/// As the API has it.
pub(crate) fn theirs(baggage: &otel_runtime::Baggage) -> api::Baggage {
    let mut theirs = api::Baggage::new();
    for (key, value) in baggage.iter() {
        let metadata = baggage.metadata(key).unwrap_or_default().to_owned();
        theirs.insert_with_metadata(key.to_owned(), value.to_owned(), metadata);
    }
    theirs
}
