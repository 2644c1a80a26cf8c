//! The labels of a series: its scope's, and its attributes under names that Prometheus takes.

use std::borrow::Cow;

use super::name::sanitized;
use crate::metric::{AttributeValue, Attributes, MetricScope};
use crate::resource::{Resource, ResourceValue};

/// The labels of the series of one metric. What the names become is found out once for all series
/// in a row that have the same keys.
pub(super) struct Labels<'a> {
    scope: [(&'static str, &'a str); 2],
    keys: Vec<&'a str>,
    names: Vec<Name<'a>>,
}

/// A label, and where its values come from; more than one if names become one.
struct Name<'a> {
    name: Cow<'a, str>,
    sources: Vec<Source>,
}

/// A place in the scope or among the attributes.
#[derive(Clone, Copy)]
enum Source {
    Scope(usize),
    Attribute(usize),
}

impl<'a> Labels<'a> {
    /// Those of a metric of this scope.
    pub(super) fn new(scope: &'a MetricScope) -> Self {
        let mut labels = Self {
            scope: [
                ("otel_scope_name", &*scope.name),
                ("otel_scope_version", &*scope.version),
            ],
            keys: Vec::new(),
            names: Vec::new(),
        };
        labels.name();
        labels
    }

    /// Those of a series: each name once, the values of attributes whose names become one joined
    /// by `;`.
    pub(super) fn of(
        &mut self,
        attributes: &'a Attributes,
    ) -> impl Iterator<Item = (&str, Cow<'a, str>)> {
        let keys = || attributes.iter().map(|(key, _)| &**key);
        if !self.keys.iter().copied().eq(keys()) {
            self.keys.clear();
            self.keys.extend(keys());
            self.name();
        }
        let scope = self.scope;
        let text = move |source| match source {
            Source::Scope(place) => Cow::Borrowed(scope[place].1),
            Source::Attribute(place) => text(&attributes[place].1),
        };
        self.names.iter().map(move |Name { name, sources }| {
            let value = match **sources {
                [source] => text(source),
                ref all => {
                    let all: Vec<_> = all.iter().map(|source| text(*source)).collect();
                    Cow::Owned(all.join(";"))
                }
            };
            (&**name, value)
        })
    }

    fn name(&mut self) {
        self.names.clear();
        for (place, (name, value)) in self.scope.into_iter().enumerate() {
            if !value.is_empty() {
                add(&mut self.names, name, Source::Scope(place));
            }
        }
        let mut attributes: Vec<_> = self.keys.iter().copied().enumerate().collect();
        // values are joined in the order of their keys
        attributes.sort_by_key(|(_, key)| *key);
        for (place, key) in attributes {
            add(&mut self.names, key, Source::Attribute(place));
        }
    }
}

fn text(value: &AttributeValue) -> Cow<'_, str> {
    match value {
        AttributeValue::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        AttributeValue::Int(value) => Cow::Owned(value.to_string()),
        AttributeValue::Str(text) => Cow::Borrowed(&**text),
    }
}

/// The labels of `target_info`.
pub(super) fn of_resource(resource: &Resource) -> Vec<(String, String)> {
    let mut attributes: Vec<_> = resource.iter().collect();
    attributes.sort_by_key(|(key, _)| *key);
    let mut names = Vec::new();
    for (place, (key, _)) in attributes.iter().enumerate() {
        add(&mut names, key, Source::Attribute(place));
    }
    let text = |source: &Source| match *source {
        Source::Scope(_) => String::new(),
        Source::Attribute(place) => match attributes[place].1 {
            ResourceValue::Bool(value) => value.to_string(),
            ResourceValue::Int(value) => value.to_string(),
            ResourceValue::Double(value) => value.to_string(),
            ResourceValue::Str(text) => text.to_string(),
        },
    };
    let labels = names.into_iter().map(|Name { name, sources }| {
        let values: Vec<_> = sources.iter().map(text).collect();
        (name.into_owned(), values.join(";"))
    });
    labels.collect()
}

fn add<'a>(names: &mut Vec<Name<'a>>, key: &'a str, source: Source) {
    let name = match sanitized(key) {
        // the one is a histogram's own, names that begin so are Prometheus' own
        name if name == "le" => Cow::Borrowed("exported_le"),
        name => match name.strip_prefix("__") {
            Some(rest) => Cow::Owned(format!("_{rest}")),
            None => name,
        },
    };
    match names.iter_mut().find(|known| known.name == name) {
        Some(known) => known.sources.push(source),
        None => names.push(Name {
            name,
            sources: vec![source],
        }),
    }
}
