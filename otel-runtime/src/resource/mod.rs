//! What the spans come from: the service, its host and its process.
//!
//! Stands beside the data's way: built once by `install`, on the installing
//! thread, and handed to every exporter. What the user says replaces what was
//! detected.

mod detect;
mod host;
mod instance;
mod process;

use std::borrow::Cow;

pub(crate) use detect::detect;

/// The version of the semantic conventions the detected attributes follow.
pub const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";

/// The attributes of the program itself, sent once with every batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    attributes: Vec<(Cow<'static, str>, ResourceValue)>,
}

/// A value of a resource attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum ResourceValue {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Str(Cow<'static, str>),
}

impl Resource {
    /// Sets an attribute; a later value replaces an earlier one.
    pub fn set(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<ResourceValue>) {
        let (key, value) = (key.into(), value.into());
        match self.attributes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = value,
            None => self.attributes.push((key, value)),
        }
    }

    /// The value of an attribute.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&ResourceValue> {
        self.iter()
            .find_map(|(known, value)| (known == key).then_some(value))
    }

    /// The attributes, in the order in which they were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ResourceValue)> {
        self.attributes
            .iter()
            .map(|(key, value)| (key.as_ref(), value))
    }

    /// The schema whose names the attributes follow.
    #[must_use]
    pub const fn schema_url(&self) -> &'static str {
        SCHEMA_URL
    }
}

impl From<bool> for ResourceValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for ResourceValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for ResourceValue {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for ResourceValue {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<f64> for ResourceValue {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl From<&'static str> for ResourceValue {
    fn from(value: &'static str) -> Self {
        Self::Str(Cow::Borrowed(value))
    }
}

impl From<String> for ResourceValue {
    fn from(value: String) -> Self {
        Self::Str(Cow::Owned(value))
    }
}

impl From<Cow<'static, str>> for ResourceValue {
    fn from(value: Cow<'static, str>) -> Self {
        Self::Str(value)
    }
}
