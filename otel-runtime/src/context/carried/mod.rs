//! What travels with a context and is not in it.
//!
//! A context is a `Copy` value of a few words, so that trace state and baggage
//! cannot be parts of it. They lie in a [`Store`], and the context has a
//! [`Ticket`] for them. Most traces carry nothing; then no store is made.

mod store;

pub(crate) use store::Store;

use super::{Baggage, TraceState};

/// What goes along with a context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) trace_state: TraceState,
    pub(crate) baggage: Baggage,
    /// The trace is followed whatever it costs, as B3 and Jaeger can say.
    pub(crate) is_debug: bool,
}

/// A number that is given out once in a process, for one [`Carried`], or none.
///
/// What it was given for can be forgotten, and then it is a ticket for nothing: never for what
/// somebody else has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// A ticket in six bytes, which is all it needs for some years of a million a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PackedTicket([u16; 3]);

/// The bits of a packed ticket.
const BITS: u32 = 48;

/// In a ticket: spans say something of what is carried.
const IS_NOTED: u64 = 1;

impl Carried {
    pub(crate) fn is_empty(&self) -> bool {
        self.trace_state.is_empty() && self.baggage.is_empty() && !self.is_debug
    }

    /// What still holds where another trace begins.
    pub(crate) fn for_new_trace(&self) -> Self {
        Self {
            baggage: self.baggage.clone(),
            ..Self::default()
        }
    }

    /// True if spans have something to say of it; these are the keys of baggage that they say.
    fn is_noted(&self, keys: &[String]) -> bool {
        !self.trace_state.is_empty() || keys.iter().any(|key| self.baggage.value(key).is_some())
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.trace_state.bytes() + self.baggage.bytes()
    }
}

impl Ticket {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn is_noted(self) -> bool {
        self.0 & IS_NOTED != 0
    }

    pub(crate) const fn number(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_number(number: u64) -> Self {
        Self(number)
    }

    pub(crate) const fn packed(self) -> PackedTicket {
        PackedTicket([self.0 as u16, (self.0 >> 16) as u16, (self.0 >> 32) as u16])
    }
}

impl PackedTicket {
    pub(crate) const NONE: Self = Ticket::NONE.packed();

    pub(crate) const fn ticket(self) -> Ticket {
        let [low, middle, high] = self.0;
        Ticket(low as u64 | (middle as u64) << 16 | (high as u64) << 32)
    }
}
