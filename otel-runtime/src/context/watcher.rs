//! Somebody who follows the program's own spans while they last.
//!
//! Set once. From then on traces that begin are marked, as for a [mirror](super::mirror), and their
//! spans go the slow way, where the watcher is told of them. Without one nobody asks.

use std::sync::OnceLock;

use super::{Current, SpanContext, SpanId, mirror};
use crate::site::Site;
use crate::value::Slot;

/// Follows spans of annotated functions while they last; for bridges to whatever shows them.
///
/// It is told on the thread on which it happens, also on several at once, and must neither block
/// nor panic. Only spans that are recorded are told, and what it does itself is not.
pub trait Watcher: Sync {
    /// A span begins, below this one.
    fn begin(&self, span: SpanContext, parent: Option<SpanId>, site: &'static Site);

    /// It becomes current on this thread.
    fn enter(&self, span: SpanId);

    /// It is no longer current on this thread.
    fn leave(&self, span: SpanId);

    /// Values of fields, as [`Values`](crate::value::Values) reads them.
    fn fields(&self, span: SpanId, bytes: &[u8]);

    /// It ends, with these scalars. Says whether something may have been said of it on other threads,
    /// through what was shown of it, or may still be.
    fn end(&self, span: SpanId, site: &'static Site, scalars: &[Slot]) -> bool;
}

static WATCHER: OnceLock<&'static dyn Watcher> = OnceLock::new();

/// Sets the program's watcher; false if there is one already, which stays.
///
/// Traces that are under way stay unwatched, the spans that begin in them included.
pub fn set_watcher(watcher: &'static dyn Watcher) -> bool {
    let is_first = WATCHER.set(watcher).is_ok();
    mirror::mark();
    is_first
}

/// Tells the watcher of a span, if there is one.
#[cold]
#[inline(never)]
pub(crate) fn watch<T: Default>(
    current: &Current,
    tell: impl FnOnce(&dyn Watcher, SpanId) -> T,
) -> T {
    if current.meta.is_live()
        && let Some(span) = SpanId::new(current.span)
        && let Some(watcher) = WATCHER.get()
    {
        return tell(*watcher, span);
    }
    T::default()
}

/// Tells the watcher of a span that begins.
pub(crate) fn watch_begin(current: &Current, parent: u64, site: &'static Site) {
    watch(current, |watcher, _| {
        if let Some(span) = current.context() {
            watcher.begin(span, SpanId::new(parent), site);
        }
    });
}
