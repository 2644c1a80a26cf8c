//! Headers that become attributes: those that somebody asked for, and no other.

use otel_runtime::value::Capture;

use crate::head::Headers;

/// Names of headers, each with the key of its attribute.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderList(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    key: String,
}

impl HeaderList {
    /// Adds headers, whose keys begin with `prefix`.
    pub(crate) fn add(&mut self, prefix: &str, name: &str) {
        let name = name.to_ascii_lowercase();
        if !self.0.iter().any(|entry| entry.name == name) {
            let key = format!("{prefix}{name}");
            self.0.push(Entry { name, key });
        }
    }

    /// Shows key and values of each of the headers that is there. Allocates for those.
    pub(crate) fn capture(&self, headers: &impl Headers, mut set: impl FnMut(&str, &dyn Capture)) {
        for entry in &self.0 {
            let mut values: Vec<String> = Vec::new();
            headers.each_value(&entry.name, &mut |value| {
                values.push(String::from_utf8_lossy(value).into_owned());
            });
            if !values.is_empty() {
                set(&entry.key, &values);
            }
        }
    }
}
