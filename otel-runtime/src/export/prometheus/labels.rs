//! The labels of a series: its scope's, and its attributes under names that Prometheus takes.

use std::borrow::Cow;

use super::name::sanitized;
use crate::metric::{AttributeValue, Attributes, MetricScope};
use crate::resource::{Resource, ResourceValue};

/// Names and values; each name once.
pub(super) type Labels<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The labels of a series. The values of attributes whose names become one are joined by `;`.
pub(super) fn of_series<'a>(scope: &'a MetricScope, attributes: &'a Attributes) -> Labels<'a> {
    let mut labels = Labels::new();
    for (name, value) in [
        ("otel_scope_name", &scope.name),
        ("otel_scope_version", &scope.version),
    ] {
        if !value.is_empty() {
            labels.push((name.into(), Cow::Borrowed(&**value)));
        }
    }
    let mut attributes: Vec<_> = attributes.iter().collect();
    // values are joined in the order of their keys
    attributes.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (key, value) in attributes {
        let value = match value {
            AttributeValue::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
            AttributeValue::Int(value) => Cow::Owned(value.to_string()),
            AttributeValue::Str(text) => Cow::Borrowed(&**text),
        };
        add(&mut labels, key, value);
    }
    labels
}

/// The labels of `target_info`.
pub(super) fn of_resource(resource: &Resource) -> Labels<'_> {
    let mut attributes: Vec<_> = resource.iter().collect();
    attributes.sort_by_key(|(key, _)| *key);
    let mut labels = Labels::new();
    for (key, value) in attributes {
        let value = match value {
            ResourceValue::Bool(value) => Cow::Owned(value.to_string()),
            ResourceValue::Int(value) => Cow::Owned(value.to_string()),
            ResourceValue::Double(value) => Cow::Owned(value.to_string()),
            ResourceValue::Str(text) => Cow::Borrowed(&**text),
        };
        add(&mut labels, key, value);
    }
    labels
}

fn add<'a>(labels: &mut Labels<'a>, key: &'a str, value: Cow<'a, str>) {
    let name = match sanitized(key) {
        // the one is a histogram's own, names that begin so are Prometheus' own
        name if name == "le" => Cow::Borrowed("exported_le"),
        name => match name.strip_prefix("__") {
            Some(rest) => Cow::Owned(format!("_{rest}")),
            None => name,
        },
    };
    match labels.iter_mut().find(|(known, _)| *known == name) {
        Some((_, joined)) => {
            let joined = joined.to_mut();
            joined.push(';');
            joined.push_str(&value);
        }
        None => labels.push((name, value)),
    }
}
