//! What the API's stack of contexts looks like to us, on each thread.
//!
//! ```text
//!   the API's stack          ours
//!   ───────────────          ────
//!   cx of our span b         Level: shown, by the mirror
//!   cx that a library        Level: attached, seen by the observer
//!     attached
//!   cx of our span a         Level: shown
//!   the thread's first
//! ```
//!
//! The API tells when a context comes on top and when another one is on top
//! again; contexts whose guards were dropped in another order go together with
//! the one above them. A level says what was current before it, and that is
//! current again when it goes, unless something else is by then: our own
//! spans restore what was before them by themselves.
//!
//! Invariants: nothing here is borrowed while the API is called, or calls; a
//! level that cannot be seen, since the thread is ending or busy with another
//! one, is left out, and so is its end.

use std::cell::{Cell, RefCell};

use opentelemetry::ContextGuard;
use otel_runtime::{Context, HeldContext, SpanId};

use crate::context::Identity;

thread_local! {
    static LEVELS: Levels = const { Levels::new() };
    /// The API's stack has been made on this thread, before our levels, so that they go first.
    static HAS_STACK: Cell<bool> = const { Cell::new(false) };
}

/// The levels of one thread.
#[derive(Debug)]
pub(crate) struct Levels {
    list: RefCell<Vec<Level>>,
    /// A context is being attached on our own behalf.
    is_showing: Cell<bool>,
    /// The span that was shown and is no longer, and whether something was said of it.
    gone: Cell<Option<(SpanId, bool)>>,
}

/// A context that was attached.
#[derive(Debug)]
struct Level {
    /// What was on top before.
    below: Identity,
    /// What was current before.
    before: Context,
    /// What has been since.
    here: HeldContext,
    shown: Option<Shown>,
}

/// A context that we attached.
#[derive(Debug)]
struct Shown {
    /// `None` once the span has left.
    guard: Option<ContextGuard>,
    /// There is a span in it that was made for it.
    has_own_span: bool,
}

/// Makes the API's stack on this thread; not to be called by the API itself.
pub(crate) fn make_stack() {
    HAS_STACK.with(|has_stack| {
        if !has_stack.get() {
            opentelemetry::Context::map_current(|_| ());
            has_stack.set(true);
        }
    });
}

/// Works on the thread's levels; `None` if the thread is about to end.
pub(crate) fn with<T>(work: impl FnOnce(&Levels) -> T) -> Option<T> {
    LEVELS.try_with(work).ok()
}

impl Levels {
    const fn new() -> Self {
        Self {
            list: RefCell::new(Vec::new()),
            is_showing: Cell::new(false),
            gone: Cell::new(None),
        }
    }

    /// True while a context is being attached on our own behalf.
    pub(crate) fn is_showing(&self) -> bool {
        self.is_showing.get()
    }

    /// Runs `work`, in which nothing is shown and nothing that is attached is seen.
    pub(crate) fn showing<T>(&self, work: impl FnOnce() -> T) -> T {
        struct Restore<'a>(&'a Cell<bool>, bool);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }
        let _restore = Restore(&self.is_showing, self.is_showing.replace(true));
        work()
    }

    /// A library has attached a context, which is `here` in our words.
    pub(crate) fn attached(&self, below: Identity, here: Context) {
        let Ok(mut list) = self.list.try_borrow_mut() else {
            return;
        };
        let here = here.hold();
        list.push(Level {
            below,
            before: here.context().replace(),
            here,
            shown: None,
        });
    }

    /// We have attached one that shows what is current.
    pub(crate) fn shown(&self, below: Identity, guard: ContextGuard, has_own_span: bool) {
        let Ok(mut list) = self.list.try_borrow_mut() else {
            return;
        };
        let before = list.last().map_or(Context::NONE, |top| top.here.context());
        list.push(Level {
            below,
            before,
            here: Context::current().hold(),
            shown: Some(Shown {
                guard: Some(guard),
                has_own_span,
            }),
        });
    }

    /// What was `top` before one or more levels is on top again.
    pub(crate) fn detached(&self, top: Identity) {
        let Ok(mut list) = self.list.try_borrow_mut() else {
            return;
        };
        // Of one that was not seen when it came there is nothing to undo.
        let Some(first) = list.iter().rposition(|level| level.below == top) else {
            return;
        };
        while list.len() > first {
            if let Some(level) = list.pop()
                && is_same(Context::current(), level.here.context())
            {
                level.before.replace();
            }
        }
    }

    /// The innermost span that is shown is about to leave. Contexts that were attached within it and
    /// are still there have outlived it.
    pub(crate) fn settle(&self) {
        let Ok(list) = self.list.try_borrow() else {
            return;
        };
        let Some(shown) = list.iter().rposition(Level::is_shown) else {
            return;
        };
        let outliving = list[shown + 1..].iter().find(|level| level.shown.is_none());
        if let Some(outliving) = outliving
            && !is_same(Context::current(), list[shown].here.context())
        {
            outliving.before.replace();
        }
    }

    /// The span has left: what showed it goes. Says whether somebody still holds that, or has said
    /// something of the span through it.
    pub(crate) fn leave(&self, span: Option<SpanId>) -> bool {
        let shown = {
            let Ok(mut list) = self.list.try_borrow_mut() else {
                return false;
            };
            let of_span = |level: &&mut Level| level.is_shown() && level.span_id() == span;
            let level = list.iter_mut().rev().find(of_span);
            level.and_then(|level| {
                let shown = level.shown.as_mut()?;
                Some((shown.guard.take()?, shown.has_own_span))
            })
        };
        let Some((guard, has_own_span)) = shown else {
            return false;
        };
        self.gone.set(None);
        // The API tells that it goes, and the level goes by that.
        drop(guard);
        match self.gone.take() {
            _ if !has_own_span => false,
            Some((gone, is_noted)) if Some(gone) == span => is_noted,
            _ => true,
        }
    }

    /// A span that was made to be shown is dropped.
    pub(crate) fn gone(&self, span: SpanId, is_noted: bool) {
        self.gone.set(Some((span, is_noted)));
    }
}

impl Level {
    fn is_shown(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| shown.guard.is_some())
    }

    fn span_id(&self) -> Option<SpanId> {
        self.here.context().span().map(|span| span.span_id)
    }
}

fn is_same(one: Context, other: Context) -> bool {
    one.span() == other.span() && one.is_suppressed() == other.is_suppressed()
}
