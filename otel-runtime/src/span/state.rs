//! What a [`Span`](super::Span) keeps, whatever the number of its fields, and
//! how it changes hands between the span and the thread.
//!
//! Two calls out of line make a poll: [`enter`] and [`leave`]. The first
//! [`enter`] also begins the span; [`leave_and_end`] also ends it.

mod exchange;

use std::mem::MaybeUninit;

use super::begin::{Begun, Start};
use super::end::Ended;
use super::{announce, panic};
use crate::clock::{at_unix_ns, counter_ticks, moment_of, ticks, told_unix_ns};
use crate::context::{Current, Meta, PackedTicket, Ticket, watch, watch_begin};
use crate::export::Outcome;
use crate::record::RecordKind;
use crate::site::Site;
use crate::thread::{self, Held, Local, Origin};
use crate::value::Slot;
use exchange::{exchange, exchange_back};

/// A span that is not bound to a thread.
///
/// The order is for a span that has just been made: the compiler zeroes everything behind `site`
/// by two wide stores that overlap, and a word that lies in both would have to wait for both when
/// the first poll reads it. The first word, which is read then, lies in one.
#[derive(Debug)]
#[repr(C)]
pub(super) struct State {
    /// Belongs to nothing before the span has begun.
    pub(super) current: Current,
    /// `None`: nothing is recorded and nothing changes.
    pub(super) site: Option<&'static Site>,
    /// Zero before the span has started.
    start_ticks: u64,
    parent: u64,
    /// Zero unless somebody measures. While the span is entered, less the time at which it was.
    busy_ticks: u64,
    pub(super) outcome: Outcome,
    parent_is_remote: bool,
    /// Held; means something where `current` says that something is carried.
    carried: PackedTicket,
}

/// What was current before a span was entered.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Previous {
    span: u64,
    trace: MaybeUninit<[u64; 2]>,
    carried: MaybeUninit<Ticket>,
    meta: Meta,
    /// Only then the trace, and what was carried, have been written.
    is_elsewhere: bool,
}

impl State {
    /// Of no span, or of one that has not begun.
    #[inline(always)]
    pub(super) const fn idle(site: Option<&'static Site>) -> Self {
        Self {
            site,
            current: Current::NONE,
            parent: 0,
            start_ticks: 0,
            busy_ticks: 0,
            outcome: Outcome::Ok,
            parent_is_remote: false,
            carried: PackedTicket::NONE,
        }
    }

    /// True if the span will be written when it ends.
    #[inline]
    pub(super) const fn is_recording(&self) -> bool {
        self.site.is_some() && self.current.meta.is_written()
    }

    #[inline]
    pub(super) const fn has_started(&self) -> bool {
        self.start_ticks != 0
    }

    /// When it started; zero before.
    #[inline(always)]
    pub(super) const fn start_ticks(&self) -> u64 {
        self.start_ticks
    }

    #[inline]
    pub(super) fn start_clock(&mut self) {
        if let Some(site) = self.site
            && self.start_ticks == 0
        {
            self.start_ticks = ticks();
            if site.is_logged() && self.current.meta.is_written() {
                self.current.meta = self.current.meta.told();
                let (current, now) = (self.current, self.start_ticks);
                thread::with(|local| announce::write(local, site, &current, now));
            }
        }
    }

    pub(super) fn start_at(&mut self, unix_ns: u64) {
        if self.site.is_some() && self.start_ticks == 0 {
            self.start_ticks = at_unix_ns(unix_ns);
        }
    }

    /// What stands for this time at the end of the span: a time if one stands at its beginning.
    pub(super) fn moment_of(&self, unix_ns: u64) -> u64 {
        match told_unix_ns(self.start_ticks) {
            Some(_) => at_unix_ns(unix_ns),
            None => moment_of(unix_ns),
        }
    }

    /// What it carries along.
    pub(super) const fn carried(&self) -> Ticket {
        match self.current.meta.carries() {
            true => self.carried.ticket(),
            false => Ticket::NONE,
        }
    }

    /// Has its parent, its ids and its sampling decision.
    #[inline]
    const fn has_begun(&self) -> bool {
        self.current.span != 0
    }

    fn become_begun(&mut self, begun: Begun) {
        self.current = begun.current;
        self.parent = begun.parent;
        self.parent_is_remote = begun.parent_is_remote;
        if begun.current.meta.carries() {
            self.hold(begun);
        }
        if begun.current.meta.is_shown()
            && let Some(site) = self.site
        {
            watch_begin(&begun.current, begun.parent, site);
        }
    }

    #[cold]
    fn hold(&mut self, begun: Begun) {
        let carried = match begun.is_held {
            true => begun.carried,
            false => Held::new(begun.carried).into_ticket(),
        };
        self.carried = carried.packed();
        self.current = self.current.carrying(carried);
    }

    #[cold]
    fn release_carried(&mut self) {
        let carried = std::mem::replace(&mut self.carried, PackedTicket::NONE);
        thread::release_carried(carried.ticket());
        self.current = self.current.carrying(Ticket::NONE);
    }

    fn ended<'a>(&self, site: &'static Site, end_ticks: u64, slots: &'a [Slot]) -> Ended<'a> {
        Ended {
            site,
            trace: self.current.trace,
            span: self.current.span,
            meta: self.current.meta,
            parent: self.parent,
            parent_is_remote: self.parent_is_remote,
            outcome: self.outcome,
            start_ticks: self.start_ticks,
            end_ticks,
            busy_ticks: self.busy_ticks,
            slots,
        }
    }
}

/// Begins a span where `start` says.
#[inline(never)]
pub(super) fn begin(state: &mut State, site: &'static Site, start: Start) {
    if let Some(begun) = thread::with(|local| Begun::new(local, site, start)) {
        state.site = Some(site);
        state.become_begun(begun);
    }
}

/// Makes the span the thread's current one, having begun and started it if need be; says whether
/// it has, and then `previous` is what was current.
#[inline(never)]
pub(super) fn enter(state: &mut State, previous: &mut MaybeUninit<Previous>) -> bool {
    thread::with(|local| {
        let Some(site) = state.site else {
            return false;
        };
        if state.start_ticks == 0 || site.measures_busy() || !local.is_seeded() {
            return enter_first(local, state, site, previous);
        }
        exchange(local, state, previous);
        true
    })
}

/// Makes the previous span the thread's current one again.
#[inline(never)]
pub(super) fn leave(state: &mut State, previous: &Previous) {
    thread::with(|local| {
        exchange_back(local, state, previous);
        if state.busy_ticks != 0 {
            stop_busy(state);
        }
    });
}

/// The same, and ends the span: at this tick, or now if it is zero.
#[inline(never)]
pub(super) fn leave_and_end(
    state: &mut State,
    slots: &[Slot],
    previous: &Previous,
    end_ticks: u64,
) {
    thread::with(|local| {
        exchange_back(local, state, previous);
        if state.busy_ticks == 0
            && state.start_ticks != 0
            && state.current.meta.is_plain()
            && let Some(site) = state.site
            && let Some(end_ticks) = known(end_ticks).or_else(counter_ticks)
            && state.ended(site, end_ticks, slots).try_write(local)
        {
            state.site = None;
            return;
        }
        if state.busy_ticks != 0 {
            stop_busy(state);
        }
        end(state, slots, end_ticks);
    });
}

/// Ends the span as it stands, at this tick or now; a second call does nothing.
#[inline(never)]
pub(super) fn end(state: &mut State, slots: &[Slot], end_ticks: u64) {
    let Some(site) = state.site.take() else {
        return;
    };
    if state.carried != PackedTicket::NONE {
        state.release_carried();
    }
    if !state.current.meta.is_written() {
        return;
    }
    if state.current.meta.is_shown()
        && watch(&state.current, |watcher, span| {
            watcher.end(span, site, slots)
        })
    {
        state.current.meta = state.current.meta.shared();
    }
    thread::with(|local| {
        if state.start_ticks != 0 {
            let end_ticks = known(end_ticks).unwrap_or_else(ticks);
            return state.ended(site, end_ticks, slots).write(local);
        }
        if state.current.meta.tally().notes() > 0 {
            // Without this the collector would keep the values of a span that never was.
            let _ = thread::note(local, RecordKind::Discard, state.current.span, &[], &[]);
        }
        local.count_never_started();
    });
}

/// The tick, if it is one.
#[inline(always)]
const fn known(ticks: u64) -> Option<u64> {
    match ticks {
        0 => None,
        known => Some(known),
    }
}

/// Notes the panic that unwinds through the span, and ends it.
#[cold]
pub(super) fn end_in_panic(state: &mut State, slots: &[Slot]) {
    note_panic(state);
    state.outcome = Outcome::Panicked;
    end(state, slots, 0);
}

/// Notes what the last panic of this thread said.
#[cold]
pub(super) fn note_panic(state: &mut State) {
    if state.is_recording() {
        thread::with(|local| {
            let previous = local.attach(state.current);
            panic::note_in(local);
            state.current = local.current();
            local.set_current(previous);
        });
    }
}

/// Enters for the first time, on a new thread, or with a look at the clock.
#[inline(never)]
fn enter_first(
    local: &Local,
    state: &mut State,
    site: &'static Site,
    previous: &mut MaybeUninit<Previous>,
) -> bool {
    local.ensure_seeded();
    if !state.has_begun() {
        let (span, meta) = local.span();
        if meta.is_plain() {
            state.current = Current {
                trace: local.trace(),
                span: local.next_span_bits(),
                meta: meta.for_child(),
            };
            state.parent = span;
            local.count_start(Origin::Local, true);
        } else if meta.is_muted() && !site.is_logged() || !begin_elsewhere(local, state, site) {
            if meta.is_muted() && span != 0 {
                local.count_start(Origin::Local, false);
            }
            state.site = None;
            return false;
        }
    }
    let now = ticks();
    let is_first = state.start_ticks == 0;
    if is_first {
        state.start_ticks = now;
    }
    if site.is_unusual() {
        enter_unusually(local, state, site, is_first, now);
    }
    exchange(local, state, previous);
    true
}

/// What few Sites ask for when a span is entered.
#[cold]
#[inline(never)]
fn enter_unusually(
    local: &Local,
    state: &mut State,
    site: &'static Site,
    is_first: bool,
    now: u64,
) {
    if site.measures_busy() {
        state.busy_ticks = state.busy_ticks.wrapping_sub(now);
    }
    if is_first && site.is_logged() && state.current.meta.is_written() {
        state.current.meta = state.current.meta.told();
        announce::write(local, site, &state.current, now);
    }
}

#[cold]
#[inline(never)]
fn begin_elsewhere(local: &Local, state: &mut State, site: &'static Site) -> bool {
    let Some(begun) = Begun::new(local, site, Start::CHILD) else {
        return false;
    };
    state.become_begun(begun);
    true
}

#[cold]
#[inline(never)]
fn stop_busy(state: &mut State) {
    state.busy_ticks = state.busy_ticks.wrapping_add(ticks());
}
