//! Another library's idea of the current span, kept in step with ours.
//!
//! A bridge to a library that has a current span of its own sets a mirror. From
//! then on traces that begin, or are adopted, are marked, and the spans of a
//! marked trace go the slow way whenever they become current and no longer are.
//! Without a mirror there is no mark, and nobody asks.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::SpanId;

/// Shows the current span to another library; for bridges.
///
/// It is told on the thread whose current span changes, and it must neither block nor panic. What it
/// calls may begin and end spans; of those it is told as well.
pub trait Mirror: Sync {
    /// Another context is current now: [`Context::current`](crate::Context::current) says which.
    fn enter(&self);

    /// The span that entered last is about to leave. If something else has been left current in its
    /// place, it is to be put right.
    fn settle(&self);

    /// The span that entered last, `None` if that was no span, has left, and what was current before
    /// is current again. Says whether somebody still holds what was shown of it, and may say
    /// something about it later.
    fn leave(&self, span: Option<SpanId>) -> bool;
}

static MIRROR: OnceLock<&'static dyn Mirror> = OnceLock::new();
/// The same, for those who ask first.
static IS_SET: AtomicBool = AtomicBool::new(false);

/// Sets the program's mirror; false if there is one already, which stays.
///
/// Traces that are under way stay unseen, the spans that begin in them included.
pub fn set_mirror(mirror: &'static dyn Mirror) -> bool {
    let is_first = MIRROR.set(mirror).is_ok();
    mark();
    is_first
}

/// From now on traces that begin are marked.
pub(super) fn mark() {
    IS_SET.store(true, Ordering::Release);
}

/// True if there is a mirror or a watcher.
#[inline]
pub(crate) fn is_set() -> bool {
    // Pairs with the store of `set_mirror`; a trace that begins meanwhile may miss it.
    IS_SET.load(Ordering::Acquire)
}

/// Something that is shown has become current, or has made way for what has.
#[cold]
#[inline(never)]
pub(crate) fn enter() {
    if let Some(mirror) = MIRROR.get() {
        mirror.enter();
    }
}

/// What entered last is about to leave.
#[cold]
#[inline(never)]
pub(crate) fn settle() {
    if let Some(mirror) = MIRROR.get() {
        mirror.settle();
    }
}

/// It has left; says whether somebody may still say something about it.
#[cold]
#[inline(never)]
pub(crate) fn leave(span: u64) -> bool {
    MIRROR
        .get()
        .is_some_and(|mirror| mirror.leave(SpanId::new(span)))
}
