//! What contexts are read from and written to.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Where a context is read from: the headers of a request, the properties of a message.
///
/// Keys are ASCII and asked for in lower case; a carrier whose keys have no case, such as headers
/// of HTTP, finds them however they were written.
///
/// ```
/// use otel_runtime::propagation::{self, Extractor};
///
/// struct Message(Vec<(&'static str, &'static str)>);
///
/// impl Extractor for Message {
///     fn get(&self, key: &str) -> Option<&str> {
///         self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
///     }
///
///     fn keys(&self) -> Vec<&str> {
///         self.0.iter().map(|(key, _)| *key).collect()
///     }
/// }
///
/// let parent = propagation::extract(&Message(Vec::new()));
/// assert_eq!(parent, otel_runtime::Context::NONE);
/// ```
pub trait Extractor {
    /// The first value of this key. One that is no text is not a missing one: it is given as a
    /// text that is no valid header, such as `"\u{fffd}"`.
    fn get(&self, key: &str) -> Option<&str>;

    /// All values of this key, in their order.
    fn get_all(&self, key: &str) -> Vec<&str> {
        self.get(key).into_iter().collect()
    }

    /// The value of this key if there is exactly one: of several nobody could say which is meant.
    fn get_only(&self, key: &str) -> Option<&str> {
        match self.get_all(key)[..] {
            [value] => Some(value),
            _ => None,
        }
    }

    /// All keys, in lower case where they have none.
    fn keys(&self) -> Vec<&str>;
}

/// Where a context is written to.
///
/// ```
/// use otel_runtime::propagation::{self, Injector};
///
/// struct Lines(String);
///
/// impl Injector for Lines {
///     fn set(&mut self, key: &str, value: String) {
///         self.0 += &format!("{key}: {value}\r\n");
///     }
/// }
///
/// propagation::inject(&mut Lines(String::new()));
/// ```
pub trait Injector {
    /// Sets the value of this key, in place of others.
    fn set(&mut self, key: &str, value: String);

    /// Removes what an earlier context has left under this key, where that can be.
    fn remove(&mut self, _key: &str) {}
}

impl<S: BuildHasher> Extractor for HashMap<String, String, S> {
    fn get(&self, key: &str) -> Option<&str> {
        value_of(self.get(key), self, key)
    }

    fn get_only(&self, key: &str) -> Option<&str> {
        Extractor::get(self, key)
    }

    fn keys(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl<S: BuildHasher> Injector for HashMap<String, String, S> {
    fn set(&mut self, key: &str, value: String) {
        self.insert(key.to_owned(), value);
    }

    fn remove(&mut self, key: &str) {
        self.remove(key);
    }
}

impl Extractor for BTreeMap<String, String> {
    fn get(&self, key: &str) -> Option<&str> {
        value_of(self.get(key), self, key)
    }

    fn get_only(&self, key: &str) -> Option<&str> {
        Extractor::get(self, key)
    }

    fn keys(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl Injector for BTreeMap<String, String> {
    fn set(&mut self, key: &str, value: String) {
        self.insert(key.to_owned(), value);
    }

    fn remove(&mut self, key: &str) {
        self.remove(key);
    }
}

/// Who filled the map may have written the key as headers often are: `Traceparent`.
fn value_of<'a>(
    exact: Option<&'a String>,
    map: impl IntoIterator<Item = (&'a String, &'a String)>,
    key: &str,
) -> Option<&'a str> {
    let in_other_case = || {
        let mut entries = map.into_iter();
        entries.find_map(|(known, value)| known.eq_ignore_ascii_case(key).then_some(value))
    };
    exact.or_else(in_other_case).map(String::as_str)
}
