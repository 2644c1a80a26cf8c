//! The attributes of a span, event or link, up to their limit.

use super::notes::Field;
use crate::export::{Attribute, Value};
use crate::site::Site;
use crate::value::Key;

/// The key under which a function's result is recorded.
const RETURN: &str = "return";

/// Attributes up to a limit, each key once.
pub(super) struct Attributes<'a> {
    pub(super) list: Vec<Attribute<'a>>,
    pub(super) limit: u32,
    pub(super) dropped: u32,
}

impl<'a> Attributes<'a> {
    pub(super) fn up_to(limit: u32) -> Self {
        Self {
            list: Vec::new(),
            limit,
            dropped: 0,
        }
    }

    /// Sets an attribute; a later value replaces an earlier one.
    pub(super) fn set(&mut self, key: &'a str, value: Value<'a>) {
        match self.list.iter_mut().find(|known| known.key == key) {
            Some(known) => known.value = value,
            None => self.push(key, value),
        }
    }

    /// Sets an attribute, unless it has a value.
    pub(super) fn set_if_missing(&mut self, key: &'a str, value: Value<'a>) {
        if !self.list.iter().any(|known| known.key == key) {
            self.push(key, value);
        }
    }

    /// Adds an attribute whose key is not there yet.
    pub(super) fn push(&mut self, key: &'a str, value: Value<'a>) {
        if key.is_empty() || self.list.len() >= self.limit as usize {
            self.dropped = self.dropped.saturating_add(1);
        } else {
            self.list.push(Attribute { key, value });
        }
    }

    pub(super) fn of(fields: &'a [Field<'a>], site: &Site, limit: u32) -> Self {
        let mut attributes = Self::up_to(limit);
        for field in fields {
            attributes.set(declared_key(site, field.key).0, field.value());
        }
        attributes
    }
}

/// A key that ends in `*` declares all that begin as it does.
fn declares(declared: &str, name: &str) -> bool {
    match declared.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => declared == name,
    }
}

/// The text of a key, and whether the annotation declares it.
pub(super) fn declared_key<'a>(site: &Site, key: Key<'a>) -> (&'a str, bool) {
    let fields = site.spec().fields;
    match key {
        Key::Declared(index) => (
            fields.get(index as usize).map_or("", |field| field.key),
            true,
        ),
        Key::Named(name) => (
            name,
            name == RETURN || fields.iter().any(|field| declares(field.key, name)),
        ),
    }
}
