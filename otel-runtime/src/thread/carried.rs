//! What the work at hand carries along: trace state and baggage.
//!
//! Everything here concerns work that carries something, which most does not;
//! nothing here is on the way of the rest.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::{Local, with};
use crate::context::{Carried, Current, Store, Ticket};
use crate::per_process::PerProcess;
use crate::stats;

static STORE: PerProcess<Store> = PerProcess::new();

/// Holds what a ticket is for, so that it is not forgotten as long as this lives.
#[derive(Debug)]
pub(crate) struct Held(Ticket);

impl Held {
    pub(crate) const NOTHING: Self = Self(Ticket::NONE);

    /// Holds nothing if it has been forgotten already, and counts that.
    pub(crate) fn new(ticket: Ticket) -> Self {
        if ticket.is_none() {
            return Self::NOTHING;
        }
        Self::hold(ticket)
    }

    pub(crate) const fn ticket(&self) -> Ticket {
        self.0
    }

    /// To be [released](release) by hand.
    pub(crate) fn into_ticket(self) -> Ticket {
        let ticket = self.0;
        std::mem::forget(self);
        ticket
    }

    #[cold]
    fn hold(ticket: Ticket) -> Self {
        if in_store(|store| store.hold(ticket)) {
            return Self(ticket);
        }
        stats::forget_carried();
        Self::NOTHING
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        if !self.0.is_none() {
            release(self.0);
        }
    }
}

/// Where a thread keeps what was carried before a span; its guard has no room for that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CarriedBefore(NonZeroU32);

/// What was held is held no more.
#[cold]
pub(crate) fn release(ticket: Ticket) {
    in_store(|store| store.release(ticket));
}

/// Keeps this for a context; [`Ticket::NONE`] if there is nothing, or no room, which is counted.
pub(crate) fn keep(carried: Carried) -> Ticket {
    if carried.is_empty() {
        return Ticket::NONE;
    }
    in_store(|store| store.keep(carried)).unwrap_or_else(|| {
        stats::forget_carried();
        Ticket::NONE
    })
}

/// What the ticket is for; `None` if there is none, or if it has been forgotten, which is counted.
pub(crate) fn find(ticket: Ticket) -> Option<Arc<Carried>> {
    if ticket.is_none() {
        return None;
    }
    let found = in_store(|store| store.find(ticket));
    if found.is_none() {
        stats::forget_carried();
    }
    found
}

/// The keys of baggage that spans say.
pub(crate) fn noted_baggage() -> Arc<[String]> {
    in_store(Store::noted_keys)
}

/// Spans say these keys of baggage from now on.
pub(crate) fn set_noted_baggage(keys: &[String]) {
    if !keys.is_empty() || STORE.known().is_some() {
        in_store(|store| store.set_noted_keys(keys.into()));
    }
}

/// Forgets what the parent's threads have kept, in a forked child. A fork handler may call it.
pub(crate) fn forget_carried() {
    STORE.abandon();
}

impl Local {
    /// What the work at hand carries.
    pub(crate) fn carried(&self) -> Ticket {
        match self.meta.get().carries() {
            true => self.carried.get(),
            false => Ticket::NONE,
        }
    }

    /// Goes on to what a span carries, which is held, until
    /// [`go_back_to_carried`](Self::go_back_to_carried).
    #[cold]
    pub(crate) fn go_on_to_carried(&self, ticket: Ticket) -> CarriedBefore {
        let before = self.carried.replace(ticket);
        let mut below = self.carried_below.take();
        below.push(before);
        let depth = u32::try_from(below.len()).ok().and_then(NonZeroU32::new);
        self.carried_below.set(below);
        CarriedBefore(depth.unwrap_or(NonZeroU32::MAX))
    }

    /// Goes back, and holds what the span carried no more.
    #[cold]
    pub(crate) fn go_back_to_carried(&self, before: CarriedBefore) {
        let mut below = self.carried_below.take();
        let place = before.0.get() as usize - 1;
        let ticket = below.get(place).copied().unwrap_or_default();
        below.truncate(place);
        // The thread's state is not dropped when the thread ends, so nothing is left behind.
        match below.is_empty() {
            true => drop(below),
            false => self.carried_below.set(below),
        }
        release(self.carried.replace(ticket));
    }

    /// Says what the work at hand carries, if its context says that it carries something; returns
    /// the word that stood there, which is to be put back.
    #[inline]
    pub(crate) fn replace_carried(&self, ticket: Ticket) -> Ticket {
        self.carried.replace(ticket)
    }
}

/// The store allocates, and the allocator may be annotated: of a span in there nothing is recorded,
/// or it would want the lock again that is being held.
fn in_store<T>(work: impl FnOnce(&Store) -> T) -> T {
    with(|local| {
        let current = local.replace_current(Current::SUPPRESSED);
        let done = work(STORE.made());
        local.set_current(current);
        done
    })
}
