//! Items on their way to one request, by their instrumentation scope.
//!
//! The collector thread encodes each item into the buffer of its scope; when
//! the request is due, the buffers are joined into its body. Buffers keep their
//! memory from one request to the next.

use super::Encoding;
use super::envelope::{self, Enclosed, Envelope, Names};
use crate::export::view::Scope;
use crate::resource::Resource;

/// Encoded items, by their scope.
#[derive(Debug)]
pub(super) struct ByScope<M> {
    envelope: Envelope,
    scopes: Vec<ScopeItems<M>>,
    /// Index of the scope of the item before; the next one is usually of the same.
    recent: usize,
    items: u64,
    bytes: usize,
}

/// The items of one instrumentation scope.
#[derive(Debug)]
pub(super) struct ScopeItems<M> {
    name: String,
    version: String,
    /// The encoded scope: a protobuf field, or a JSON object.
    scope: Vec<u8>,
    /// The encoded items: protobuf fields, or JSON objects with a comma after each.
    pub(super) encoded: Vec<u8>,
    /// What is remembered of some or all of them.
    pub(super) marks: Vec<M>,
}

/// Scopes without items are forgotten when there are more than this many.
const IDLE_SCOPES: usize = 64;

impl<M> ByScope<M> {
    pub(super) fn new(encoding: Encoding, names: &'static Names, resource: &Resource) -> Self {
        Self {
            envelope: Envelope::new(encoding, names, resource),
            scopes: Vec::new(),
            recent: 0,
            items: 0,
            bytes: 0,
        }
    }

    pub(super) const fn encoding(&self) -> Encoding {
        self.envelope.encoding()
    }

    /// Adds an item, which `put` appends to what its scope has.
    #[inline]
    pub(super) fn push(&mut self, scope: Scope<'_>, put: impl FnOnce(&mut ScopeItems<M>)) {
        let scope = self.scope_of(scope);
        let before = scope.encoded.len();
        put(scope);
        let grown = scope.encoded.len() - before;
        self.bytes += grown;
        self.items += 1;
    }

    pub(super) const fn items(&self) -> u64 {
        self.items
    }

    /// How many bytes the items take, encoded and not compressed.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Replaces `body` by the request with all the items, forgets them, and returns how many they were.
    pub(super) fn finish_into(&mut self, body: &mut Vec<u8>) -> u64 {
        body.clear();
        let filled = self.scopes.iter().filter(|scope| !scope.encoded.is_empty());
        let scopes = filled.map(|scope| Enclosed {
            scope: &scope.scope,
            items: &scope.encoded,
        });
        self.envelope.put(body, scopes);
        self.clear()
    }

    /// Forgets all items, and returns how many they were.
    pub(super) fn clear(&mut self) -> u64 {
        if self.scopes.len() > IDLE_SCOPES {
            self.scopes.retain(|scope| !scope.encoded.is_empty());
            self.recent = 0;
        }
        for scope in &mut self.scopes {
            scope.encoded.clear();
            scope.marks.clear();
        }
        self.bytes = 0;
        std::mem::take(&mut self.items)
    }

    /// Takes items out again, by a function that says how many it took of a scope; returns how
    /// many that were.
    pub(super) fn remove(&mut self, mut from: impl FnMut(&mut ScopeItems<M>) -> u64) -> u64 {
        let removed = self.scopes.iter_mut().map(&mut from).sum();
        self.bytes = self.scopes.iter().map(|scope| scope.encoded.len()).sum();
        self.items -= removed;
        removed
    }

    #[inline]
    fn scope_of(&mut self, scope: Scope<'_>) -> &mut ScopeItems<M> {
        let is_recent = self
            .scopes
            .get(self.recent)
            .is_some_and(|recent| recent.is(scope));
        if !is_recent {
            let found = self.scopes.iter().position(|known| known.is(scope));
            self.recent = found.unwrap_or_else(|| self.add_scope(scope));
        }
        &mut self.scopes[self.recent]
    }

    #[cold]
    fn add_scope(&mut self, scope: Scope<'_>) -> usize {
        let encoded = envelope::scope(self.envelope.encoding(), scope.name, scope.version);
        self.scopes.push(ScopeItems {
            name: scope.name.to_owned(),
            version: scope.version.to_owned(),
            scope: encoded,
            encoded: Vec::new(),
            marks: Vec::new(),
        });
        self.scopes.len() - 1
    }
}

impl<M> ScopeItems<M> {
    #[inline]
    fn is(&self, scope: Scope<'_>) -> bool {
        self.name == scope.name && self.version == scope.version
    }
}
