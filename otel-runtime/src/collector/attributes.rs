//! The attributes of a span, event or link, up to their limit.

use super::arrays::Arrays;
use crate::export::{Attribute, Value};
use crate::site::{PerSite, Site};
use crate::value::{Key, Values};

/// The key under which a function's result is recorded.
const RETURN: &str = "return";

/// Attributes up to a limit, each key once.
#[derive(Debug)]
pub(super) struct Attributes<'a> {
    pub(super) list: Vec<Attribute<'a>>,
    /// Where these begin; those before are others'.
    begin: usize,
    limit: usize,
    pub(super) dropped: u32,
}

impl<'a> Attributes<'a> {
    /// None yet, behind those of others in `list`.
    pub(super) fn behind(list: Vec<Attribute<'a>>, limit: u32) -> Self {
        Self {
            begin: list.len(),
            list,
            limit: limit as usize,
            dropped: 0,
        }
    }

    /// Sets an attribute; a later value replaces an earlier one.
    pub(super) fn set(&mut self, key: &'a str, value: Value<'a>) {
        let known = self.list[self.begin..].iter_mut();
        match known.into_iter().find(|known| known.key == key) {
            Some(known) => known.value = value,
            None => self.push(key, value),
        }
    }

    /// Sets an attribute, unless it has a value.
    pub(super) fn set_if_missing(&mut self, key: &'a str, value: Value<'a>) {
        if !self.list[self.begin..].iter().any(|known| known.key == key) {
            self.push(key, value);
        }
    }

    /// Adds an attribute whose key is not there yet.
    pub(super) fn push(&mut self, key: &'a str, value: Value<'a>) {
        if key.is_empty() || self.list.len() - self.begin >= self.limit {
            self.dropped = self.dropped.saturating_add(1);
        } else {
            self.list.push(Attribute { key, value });
        }
    }

    /// Sets those of an event or a link.
    pub(super) fn set_all(&mut self, values: Values<'a>, arrays: &'a Arrays<'a>, site: &Site) {
        for entry in values {
            let key = match entry.key {
                Key::Declared(index) => {
                    let field = site.spec().fields.get(index as usize);
                    field.map_or("", |field| field.key)
                }
                Key::Named(name) => name,
            };
            if let Some(value) = arrays.lend(entry.value) {
                self.set(key, value);
            }
        }
    }
}

/// The attributes of a span while its notes are read, in whatever order they come: those that the
/// annotation declares find their place without a look at a key.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    site: &'static Site,
    has_twins: bool,
    /// By their places in the declaration.
    pub(super) declared: Vec<Option<Value<'a>>>,
    /// How many of those have a value.
    filled: usize,
    others: Attributes<'a>,
    limit: usize,
}

impl<'a> Fields<'a> {
    /// None yet; the lists are empty.
    pub(super) fn new(
        site: &'static Site,
        has_twins: bool,
        mut declared: Vec<Option<Value<'a>>>,
        list: Vec<Attribute<'a>>,
        limit: u32,
    ) -> Self {
        declared.resize(site.spec().fields.len(), None);
        Self {
            site,
            has_twins,
            declared,
            filled: 0,
            others: Attributes::behind(list, limit),
            limit: limit as usize,
        }
    }

    /// Sets an attribute; a later value replaces an earlier one. Says whether its key is declared.
    #[inline]
    pub(super) fn set(&mut self, key: Key<'a>, value: Value<'a>) -> bool {
        self.put(key, value, true)
    }

    /// Sets an attribute, unless it has a value.
    pub(super) fn set_if_missing(&mut self, key: Key<'a>, value: Value<'a>) {
        self.put(key, value, false);
    }

    #[inline(always)]
    fn put(&mut self, key: Key<'a>, value: Value<'a>, replaces: bool) -> bool {
        match key {
            Key::Declared(index) => {
                let place = match self.has_twins {
                    true => self.first_of(index as usize),
                    false => index as usize,
                };
                self.put_declared(place, value, replaces);
                true
            }
            Key::Named(name) => self.put_named(name, value, replaces),
        }
    }

    #[inline(never)]
    fn put_named(&mut self, name: &'a str, value: Value<'a>, replaces: bool) -> bool {
        let fields = self.site.spec().fields;
        if let Some(place) = fields.iter().position(|field| field.key == name) {
            self.put_declared(place, value, replaces);
            return true;
        }
        self.others.limit = self.limit - self.filled;
        match replaces {
            true => self.others.set(name, value),
            false => self.others.set_if_missing(name, value),
        }
        name == RETURN || fields.iter().any(|field| begins_as(field.key, name))
    }

    #[inline]
    fn put_declared(&mut self, place: usize, value: Value<'a>, replaces: bool) {
        let is_full = self.filled + self.others.list.len() >= self.limit;
        match self.declared.get_mut(place) {
            Some(known @ Some(_)) => {
                if replaces {
                    *known = Some(value);
                }
            }
            Some(known) if !is_full => {
                *known = Some(value);
                self.filled += 1;
            }
            _ => self.others.dropped = self.others.dropped.saturating_add(1),
        }
    }

    /// The first field with the key of this one.
    fn first_of(&self, index: usize) -> usize {
        let fields = self.site.spec().fields;
        let twin = fields.get(index).and_then(|field| {
            let mut before = fields[..index].iter();
            before.position(|before| before.key == field.key)
        });
        twin.unwrap_or(index)
    }

    /// The declared ones in their order, then the others in theirs; and the list in which they were.
    pub(super) fn ordered(self) -> (Attributes<'a>, Vec<Option<Value<'a>>>) {
        let mut attributes = self.others;
        attributes.limit = self.limit;
        let others = attributes.list.len();
        let fields = self.site.spec().fields;
        for (field, value) in fields.iter().zip(&self.declared) {
            if let Some(value) = *value {
                attributes.push(field.key, value);
            }
        }
        if others > 0 {
            attributes.list.rotate_left(others);
        }
        (attributes, self.declared)
    }
}

/// Sites of which two fields have one key. Macros refuse that; other APIs have it.
#[derive(Debug, Default)]
pub(super) struct Twins(PerSite<bool>);

impl Twins {
    pub(super) fn are_in(&mut self, site: &'static Site) -> bool {
        let fields = site.spec().fields;
        if fields.len() < 2 {
            return false;
        }
        *self.0.of(site, || {
            let mut keys: Vec<&str> = fields.iter().map(|field| field.key).collect();
            keys.sort_unstable();
            keys.windows(2).any(|two| two[0] == two[1])
        })
    }
}

/// A key that ends in `*` declares all that begin as it does.
fn begins_as(declared: &str, name: &str) -> bool {
    let beginning = declared.strip_suffix('*');
    beginning.is_some_and(|beginning| name.starts_with(beginning))
}
