//! The keys of a JSON line: those that every line may have, and those of fields.

use crate::resource::Resource;

/// What a field is called in front if its key is taken.
const PREFIX: &str = "field.";

/// What is said of the service.
pub(super) const SERVICE: [&str; 3] = ["service.name", "service.namespace", "service.version"];

/// The key under which a field stands, as a prefix that comes so often and the key itself.
///
/// A field that is called like something of the line's own, prefixes left aside, gets one prefix
/// more. So no two fields get the same key, and none gets a key of the line.
#[inline]
pub(super) fn prefix(key: &str, resource: &ServiceKeys) -> &'static str {
    // few keys begin as one that is taken, or are as long
    match key.len() {
        4..=18 => prefix_of(key, resource),
        len if len > PREFIX.len() && key.starts_with(PREFIX) => prefix_of(key, resource),
        _ => "",
    }
}

fn prefix_of(key: &str, resource: &ServiceKeys) -> &'static str {
    let bare = key.trim_start_matches(PREFIX);
    match is_taken(bare) || resource.has(bare) {
        true => PREFIX,
        false => "",
    }
}

fn is_taken(key: &str) -> bool {
    matches!(
        key,
        "time"
            | "severity"
            | "message"
            | "event_name"
            | "target"
            | "file"
            | "line"
            | "trace_id"
            | "span_id"
            | "dropped_attributes"
    )
}

/// Which of the service's keys stand in every line.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceKeys([bool; SERVICE.len()]);

impl ServiceKeys {
    pub(super) fn of(resource: &Resource) -> Self {
        Self(SERVICE.map(|key| resource.value(key).is_some()))
    }

    fn has(self, key: &str) -> bool {
        SERVICE
            .iter()
            .zip(self.0)
            .any(|(known, is_there)| is_there && *known == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_is_taken_is_looked_at() {
        let mut resource = Resource::default();
        for key in SERVICE {
            resource.set(key, "x");
        }
        let service = ServiceKeys::of(&resource);
        for key in SERVICE.into_iter().chain([
            "time",
            "severity",
            "message",
            "event_name",
            "target",
            "file",
            "line",
            "trace_id",
            "span_id",
            "dropped_attributes",
        ]) {
            assert_eq!(prefix(key, &service), PREFIX, "{key}");
            let again = format!("{PREFIX}{PREFIX}{key}");
            assert_eq!(prefix(&again, &service), PREFIX, "{again}");
            assert_eq!(prefix(&format!("{key}s"), &service), "", "{key}s");
        }
        let nothing = ServiceKeys::of(&Resource::default());
        assert_eq!(prefix("service.name", &nothing), "");
        assert_eq!(prefix("field.a", &service), "");
        assert_eq!(prefix("", &service), "");
    }
}
