//! Spans of bridges that are entered on a thread.
//!
//! Scopes of the runtime nest, and each knows what was current before it. Those of other APIs are
//! entered and left in any order, also while a scope of the runtime is open above them, which will
//! go back to what it knows. So a bridge's span is marked in the thread's context as long as it
//! is current; whoever comes upon the mark asks here, and all others do without.
//!
//! Entering a span again within itself changes nothing but how often it is to be left, as the registry
//! of `tracing-subscriber` has it: whoever asks `tracing` for the current span and enters it, as
//! `in_current_span` does, stays in what has begun below it meanwhile.
//!
//! Invariants: the list is in the order of entering, and has each span once that is not left. What an
//! entry says was current before is still there: it is corrected when that is left or ends. An entry
//! that was left while a scope of the runtime stood directly above it stays until that scope ends.

use super::Local;
use crate::context::{Current, Meta, Ticket, enter_mirror, leave_mirror};

/// A span of a bridge that was entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entered {
    /// By what the bridge knows it.
    token: u64,
    span: u64,
    /// As it was when it was entered.
    meta: Meta,
    before: Current,
    carried_before: Ticket,
    /// How often it has been entered again and not been left since.
    again: u32,
    has_left: bool,
    /// A mirror has been told.
    is_shown: bool,
}

/// Where there are so many, those are forgotten that were left while another scope was open: of
/// scopes that are no scopes of the runtime, nobody tells us the end.
const MOST_LEFT: usize = 256;

impl Entered {
    /// It has left; says whether somebody to whom it was shown may still say something of it.
    fn has_been_shown(&self) -> bool {
        self.is_shown && leave_mirror(self.span)
    }

    fn is(&self, current: &Current) -> bool {
        current.meta.is_bridged() && current.span == self.span
    }

    fn is_open(&self, token: u64) -> bool {
        self.token == token && !self.has_left
    }
}

impl Local {
    /// Makes the span of a bridge current, which carries this along, until the token is
    /// [left](Self::leave_entered) as often as it was entered. The telemetry's own work stays what
    /// it is, and so does what a span of which nothing `is_own` is no different from.
    pub(crate) fn enter(&self, token: u64, current: Current, carried: Ticket, is_own: bool) {
        let here = self.current();
        let is_here = here.span == current.span && here.meta.is_muted() == current.meta.is_muted();
        let is_left_out = here.is_suppressed() || is_here && !is_own;
        let is_shown = current.meta.is_shown() || here.meta.is_shown();
        let current = current.bridged();
        let entered = Entered {
            token,
            span: current.span,
            meta: current.meta,
            before: here,
            carried_before: self.carried.get(),
            again: 0,
            has_left: false,
            is_shown,
        };
        let is_new = self.with_entered(|all| {
            // A token may have been that of a span that has ended without being left.
            let is_it =
                |entered: &&mut Entered| entered.is_open(token) && entered.span == current.span;
            if let Some(open) = all.iter_mut().rfind(is_it) {
                open.again += 1;
                return false;
            }
            if is_left_out {
                return false;
            }
            if all.len() == MOST_LEFT {
                all.retain(|entered| !entered.has_left);
            }
            all.push(entered);
            true
        });
        if !is_new {
            return;
        }
        self.ensure_seeded();
        self.set_current(current);
        self.replace_carried(carried);
        if is_shown {
            enter_mirror();
        }
    }

    /// Leaves a span of a bridge, wherever it stands; nothing if it is not entered on this thread.
    /// Says whether something may have been noted of it meanwhile.
    pub(crate) fn leave_entered(&self, token: u64) -> bool {
        let left = self.with_entered(|all| {
            let (span, meta) = self.span();
            if let Some(last) = all.last()
                && last.token == token
                && last.span == span
                && last.again == 0
                && !last.has_left
                && meta.is_bridged()
            {
                // As almost always: the last to be entered is the first to be left.
                self.set_current(last.before);
                self.replace_carried(last.carried_before);
                let is_noted = meta.header_bits() != last.meta.header_bits();
                return all.pop().map(|entered| (entered, is_noted));
            }
            let place = all.iter().rposition(|entered| entered.is_open(token))?;
            if let Some(again) = all[place].again.checked_sub(1) {
                all[place].again = again;
                return None;
            }
            let entered = all[place];
            let above = all.get(place + 1).map(|entered| entered.before);
            let Some(above) = above.filter(|above| entered.is(above)) else {
                all[place].has_left = true;
                return Some((entered, true));
            };
            all[place + 1].before = entered.before;
            all[place + 1].carried_before = entered.carried_before;
            all.remove(place);
            let is_noted = above.meta.header_bits() != entered.meta.header_bits();
            Some((entered, is_noted))
        });
        left.is_some_and(|(entered, is_noted)| entered.has_been_shown() || is_noted)
    }

    /// What `know` knows of those that are entered and have not left, the last first.
    pub(crate) fn find_entered<T>(&self, know: impl FnMut(u64) -> Option<T>) -> Option<T> {
        self.with_entered(|all| {
            let there = all.iter().rev().filter(|entered| !entered.has_left);
            there.map(|entered| entered.token).find_map(know)
        })
    }

    /// Has a scope of the runtime just gone back to a span of a bridge that was left meanwhile,
    /// goes on to what was current before that.
    #[cold]
    pub(crate) fn settle(&self) {
        self.with_entered(|all| {
            loop {
                let current = self.current();
                let Some(place) = all.iter().rposition(|entered| entered.is(&current)) else {
                    return;
                };
                // Those above were entered within the scope that has ended.
                all.truncate(place + 1);
                let entered = all[place];
                if !entered.has_left {
                    return;
                }
                all.pop();
                self.set_current(entered.before);
                self.replace_carried(entered.carried_before);
            }
        });
    }

    /// Leaves all spans of bridges that were entered within the innermost scope of the runtime,
    /// whose span is then the current one.
    #[cold]
    pub(crate) fn leave_all_entered(&self) {
        while let Some(entered) = self.with_entered(Vec::pop) {
            self.set_current(entered.before);
            self.replace_carried(entered.carried_before);
            if !entered.has_left {
                entered.has_been_shown();
            }
            if !entered.before.meta.is_bridged() {
                return;
            }
        }
    }

    /// A guard ends within which spans of bridges were entered that are not left yet: they stay
    /// what they are, above what was current before the guard. `go_back` makes that current.
    /// Returns the guard's own span.
    #[cold]
    pub(crate) fn end_below_entered(&self, go_back: impl FnOnce()) -> Current {
        self.with_entered(|all| {
            let (here, carried_here) = (self.current(), self.carried.get());
            let is_lowest = |entered: &Entered| !entered.before.meta.is_bridged();
            let Some(mut place) = all.iter().rposition(is_lowest) else {
                go_back();
                return here;
            };
            let own = all[place].before;
            self.set_current(own);
            self.replace_carried(all[place].carried_before);
            go_back();
            all[place].before = self.current();
            all[place].carried_before = self.carried.get();
            while let Some(below) = place.checked_sub(1)
                && all[below].has_left
                && all[below].is(&all[place].before)
            {
                all[place].before = all[below].before;
                all[place].carried_before = all[below].carried_before;
                all.remove(below);
                place = below;
            }
            self.set_current(here);
            self.replace_carried(carried_here);
            own
        })
    }

    /// Frees the list when the thread ends.
    pub(super) fn forget_entered(&self) {
        drop(self.entered.take());
    }

    /// Nothing in `work` comes back here: it does not record, and the list is that of its caller
    /// only when it grows, which is before anything is changed.
    #[inline]
    fn with_entered<T>(&self, work: impl FnOnce(&mut Vec<Entered>) -> T) -> T {
        let mut all = self.entered.take();
        let done = work(&mut all);
        self.entered.set(all);
        done
    }
}
