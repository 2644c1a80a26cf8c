//! What a program sends along with its requests, for whoever handles them.

use std::fmt;
use std::sync::Arc;

/// Names and values that travel with the work: to the threads and tasks that take the
/// [`Context`](crate::Context) along, and in the header `baggage` to other services.
///
/// ```
/// use otel_runtime::{Baggage, Context};
///
/// let context = Context::current().with_baggage_entry("tenant.id", "acme");
/// context.run(|| {
///     assert_eq!(Baggage::current().value("tenant.id"), Some("acme"));
/// });
/// assert!(Baggage::current().is_empty());
/// ```
///
/// Every service on the way, also one of somebody else, can read it: put no secrets in. What
/// [W3C Baggage] calls the least that has to be passed on is the most here: 64 entries, and 8192
/// bytes in the form of the header.
///
/// Cloning one copies a pointer.
///
/// [W3C Baggage]: https://www.w3.org/TR/baggage/
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baggage(Option<Arc<Entries>>);

/// Why an entry cannot be part of a [`Baggage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidBaggage {
    /// The key is empty or has characters other than ASCII letters, digits and ``!#$%&'*+-.^_`|~``.
    Key,
    /// The metadata are no list of properties.
    Metadata,
    /// There would be more than 64 entries, or more than 8192 bytes.
    Full,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entries {
    list: Vec<Entry>,
    /// Of all in the header, with one separator too many; known, because a stranger's header may
    /// have thousands of entries that do not fit.
    header_bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    key: String,
    value: String,
    /// Properties as the header has them, without the first semicolon.
    metadata: String,
}

const MOST_ENTRIES: usize = 64;
const MOST_BYTES: usize = 8192;

impl Baggage {
    /// None.
    pub const EMPTY: Self = Self(None);

    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|entry| entry.value.as_str())
    }

    /// The properties of a key as the header has them, such as `ttl=30;internal`; empty if it has
    /// none.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|entry| entry.metadata.as_str())
    }

    /// Keys and values, in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries()
            .iter()
            .map(|entry| (entry.key.as_str(), entry.value.as_str()))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// Sets the value of a key, without properties.
    ///
    /// # Errors
    /// If the key is no key, or if there is no room; nothing is changed then.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), InvalidBaggage> {
        self.set_with_metadata(key, value, "")
    }

    /// Sets the value of a key, with properties as the header has them.
    ///
    /// # Errors
    /// As [`set`](Self::set), and if the properties are none.
    pub fn set_with_metadata(
        &mut self,
        key: &str,
        value: &str,
        metadata: &str,
    ) -> Result<(), InvalidBaggage> {
        if !is_key(key) {
            return Err(InvalidBaggage::Key);
        }
        if !is_metadata(metadata) {
            return Err(InvalidBaggage::Metadata);
        }
        let known = self.entries().iter().position(|known| known.key == key);
        let replaced = known.map(|index| self.entries()[index].header_bytes());
        let others = self.len() - usize::from(replaced.is_some());
        let other_bytes = self.header_bytes() - replaced.unwrap_or(0);
        let header_bytes = other_bytes + header_bytes(key, value, metadata);
        if others >= MOST_ENTRIES || header_bytes > MOST_BYTES + 1 {
            return Err(InvalidBaggage::Full);
        }
        let entry = Entry {
            key: key.to_owned(),
            value: value.to_owned(),
            metadata: metadata.to_owned(),
        };
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        match known {
            Some(index) => entries.list[index] = entry,
            None => entries.list.push(entry),
        }
        entries.header_bytes = header_bytes;
        Ok(())
    }

    /// Removes a key; says whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(index) = self.entries().iter().position(|entry| entry.key == key) else {
            return false;
        };
        if self.len() == 1 {
            self.0 = None;
        } else if let Some(entries) = &mut self.0 {
            let entries = Arc::make_mut(entries);
            let removed = entries.list.remove(index);
            entries.header_bytes -= removed.header_bytes();
        }
        true
    }

    /// Writes the header `baggage`.
    pub(crate) fn write(&self, header: &mut String) {
        for entry in self.entries() {
            if !header.is_empty() {
                header.push(',');
            }
            header.push_str(&entry.key);
            header.push('=');
            percent::encode(&entry.value, header);
            if !entry.metadata.is_empty() {
                header.push(';');
                header.push_str(&entry.metadata);
            }
        }
    }

    /// Bytes on the heap, about.
    pub(super) fn bytes(&self) -> usize {
        let of_entry = |entry: &Entry| {
            size_of::<Entry>() + entry.key.len() + entry.value.len() + entry.metadata.len()
        };
        self.entries().iter().map(of_entry).sum()
    }

    fn header_bytes(&self) -> usize {
        self.0.as_ref().map_or(0, |entries| entries.header_bytes)
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    fn entries(&self) -> &[Entry] {
        self.0.as_deref().map_or(&[], |entries| &entries.list)
    }
}

impl Entry {
    fn header_bytes(&self) -> usize {
        header_bytes(&self.key, &self.value, &self.metadata)
    }
}

/// With an equals sign, a separator, and a semicolon if there are properties.
fn header_bytes(key: &str, value: &str, metadata: &str) -> usize {
    let semicolon = usize::from(!metadata.is_empty());
    key.len() + percent::encoded_len(value) + metadata.len() + semicolon + 2
}

/// A token of HTTP.
pub(crate) fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(is_token_byte)
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}

/// Keys, with values or without, between semicolons.
fn is_metadata(metadata: &str) -> bool {
    let is_space = |c| matches!(c, ' ' | '\t');
    let is_property = |property: &str| {
        let (key, value) = property.split_once('=').unwrap_or((property, ""));
        is_key(key.trim_matches(is_space))
            && value.trim_matches(is_space).bytes().all(percent::is_octet)
    };
    metadata.is_empty() || metadata.split(';').all(is_property)
}

pub(crate) mod percent {
    //! Values in a header: UTF-8, with what is no `baggage-octet` as `%` and two digits.

    use std::borrow::Cow;

    /// What the header may hold as it is.
    pub(crate) const fn is_octet(byte: u8) -> bool {
        matches!(byte, b'!'..=b'~') && !matches!(byte, b'"' | b',' | b';' | b'\\')
    }

    const fn is_plain(byte: u8) -> bool {
        is_octet(byte) && byte != b'%'
    }

    pub(crate) fn encoded_len(text: &str) -> usize {
        text.bytes()
            .map(|byte| if is_plain(byte) { 1 } else { 3 })
            .sum()
    }

    pub(crate) fn encode(text: &str, to: &mut String) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        for byte in text.bytes() {
            if is_plain(byte) {
                to.push(char::from(byte));
            } else {
                to.push('%');
                to.push(char::from(DIGITS[usize::from(byte >> 4)]));
                to.push(char::from(DIGITS[usize::from(byte & 15)]));
            }
        }
    }

    /// What is no UTF-8 becomes U+FFFD, and a `%` without two digits stays.
    pub(crate) fn decode(text: &str) -> Cow<'_, str> {
        if !text.contains('%') {
            return Cow::Borrowed(text);
        }
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let Some((&first, after)) = rest.split_first() {
            let digit = |at: usize| {
                after
                    .get(at)
                    .and_then(|byte| char::from(*byte).to_digit(16))
            };
            if first == b'%'
                && let (Some(high), Some(low)) = (digit(0), digit(1))
            {
                bytes.push((high << 4 | low) as u8);
                rest = &after[2..];
            } else {
                bytes.push(first);
                rest = after;
            }
        }
        Cow::Owned(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }
}

impl fmt::Display for InvalidBaggage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "not a key of baggage: expected a token of HTTP",
            Self::Metadata => {
                "not properties of baggage: expected `key` or `key=value` between semicolons"
            }
            Self::Full => "too much baggage: 64 entries and 8192 bytes at most",
        })
    }
}

impl std::error::Error for InvalidBaggage {}

#[cfg(test)]
#[path = "baggage_tests.rs"]
mod tests;
