//! How a span and what was current before it change places on a thread.

use std::mem::MaybeUninit;

use super::{Previous, State};
use crate::context::{enter_mirror, leave_mirror, settle_mirror, watch};
use crate::thread::Local;

/// Makes the span the thread's current one; says what was.
#[inline(always)]
pub(super) fn exchange(local: &Local, state: &State, previous: &mut MaybeUninit<Previous>) {
    let (span, meta) = local.span();
    let is_elsewhere = local.trace() != state.current.trace || state.current.meta.is_special(meta);
    let previous = previous.write(Previous {
        span,
        trace: MaybeUninit::uninit(),
        carried: MaybeUninit::uninit(),
        meta,
        is_elsewhere,
    });
    // Where the trace stays the same, nothing has to wait for it to be written and read again.
    if is_elsewhere {
        return exchange_elsewhere(local, state, previous);
    }
    local.set_span(state.current.span, state.current.meta);
}

/// The part of an exchange that a child of the current span does without.
#[inline(never)]
fn exchange_elsewhere(local: &Local, state: &State, previous: &mut Previous) {
    previous.trace.write(local.trace());
    local.set_trace(state.current.trace);
    previous
        .carried
        .write(local.replace_carried(state.carried.ticket()));
    local.set_span(state.current.span, state.current.meta);
    if state.current.meta.is_shown() || previous.meta.is_shown() {
        watch(&state.current, |watcher, span| watcher.enter(span));
        enter_mirror();
    }
}

/// Makes what was current the thread's current span again.
#[inline(always)]
pub(super) fn exchange_back(local: &Local, state: &mut State, previous: &Previous) {
    let (_, meta) = local.span();
    if previous.is_elsewhere || meta.is_bridged() {
        return exchange_back_elsewhere(local, state, previous);
    }
    // Notes were counted on the thread while the span was current there.
    state.current.meta = meta;
    local.set_span(previous.span, previous.meta);
}

/// The same of a span that was no child of what was current before, that is shown, or in which
/// spans of bridges are entered: those are left with it.
#[inline(never)]
fn exchange_back_elsewhere(local: &Local, state: &mut State, previous: &Previous) {
    if local.span().1.is_bridged() {
        local.leave_all_entered();
    }
    let is_shown =
        previous.is_elsewhere && (state.current.meta.is_shown() || previous.meta.is_shown());
    if is_shown {
        settle_mirror();
    }
    let (span, meta) = local.span();
    if span == state.current.span {
        state.current.meta = meta;
    }
    local.set_span(previous.span, previous.meta);
    if !previous.is_elsewhere {
        return;
    }
    // SAFETY: where the mark is set, this has been written with it.
    local.set_trace(unsafe { previous.trace.assume_init() });
    // SAFETY: as above.
    local.replace_carried(unsafe { previous.carried.assume_init() });
    if is_shown {
        if leave_mirror(state.current.span) {
            state.current.meta = state.current.meta.shared();
        }
        watch(&state.current, |watcher, span| watcher.leave(span));
    }
    if previous.meta.is_bridged() {
        local.settle();
    }
}
