//! What the program did, as its spans say.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::Received;

/// How a call ended: function, origin of the resource, type and class of the error.
pub(crate) type Call = [String; 4];

/// What was done: how long each call took, in seconds.
pub(crate) struct Truth(pub(crate) BTreeMap<Call, Vec<f64>>);

impl Truth {
    pub(crate) fn new(spans: &[Received], is_metered: impl Fn(&str) -> bool) -> Self {
        let mut calls: BTreeMap<Call, Vec<f64>> = BTreeMap::new();
        for span in spans.iter().filter(|span| is_metered(&span.name)) {
            calls
                .entry(call_of_span(span))
                .or_default()
                .push(span.seconds());
        }
        let mut calls = Self(calls);
        calls
            .0
            .values_mut()
            .for_each(|durations| durations.sort_by(f64::total_cmp));
        calls
    }

    pub(crate) fn counts(&self) -> BTreeMap<Call, f64> {
        let counts = self.0.iter();
        counts
            .map(|(call, durations)| (call.clone(), durations.len() as f64))
            .collect()
    }

    /// All calls of one function, by time.
    pub(crate) fn durations(&self, function: &str) -> Vec<f64> {
        let calls = self.0.iter().filter(|(call, _)| call[0] == function);
        let mut durations: Vec<f64> = calls.flat_map(|(_, it)| it.iter().copied()).collect();
        durations.sort_by(f64::total_cmp);
        durations
    }
}

/// What its span says of a call.
pub(crate) fn call_of_span(span: &Received) -> Call {
    let attribute = |key| span.attribute(key).unwrap_or_default().to_owned();
    [
        span.name.clone(),
        attribute("resource.origin"),
        attribute("error.type"),
        attribute("otelkit.error.class"),
    ]
}

/// What the labels of a series say of it.
pub(crate) fn call_of(labels: &Value) -> Call {
    let label = |key: &str| labels[key].as_str().unwrap_or_default().to_owned();
    let is_error = label("otelkit_outcome") == "error";
    assert_eq!(is_error, !label("error_type").is_empty(), "{labels}");
    [
        label("code_function_name"),
        label("resource_origin"),
        label("error_type"),
        label("otelkit_error_class"),
    ]
}
