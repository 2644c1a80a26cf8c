//! What the spans come from: the service, its host and its process.

use std::borrow::Cow;

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
    pub fn set(&mut self, key: impl Into<Cow<'static, str>>, value: ResourceValue) {
        let key = key.into();
        match self.attributes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, slot)) => *slot = value,
            None => self.attributes.push((key, value)),
        }
    }

    /// The attributes, in the order in which they were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ResourceValue)> {
        self.attributes
            .iter()
            .map(|(key, value)| (key.as_ref(), value))
    }
}
