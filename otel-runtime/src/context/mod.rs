//! Who a span is: ids, flags and the context that travels with the work.

mod announce;
mod baggage;
mod carried;
mod current;
mod id;
mod mirror;
mod trace_state;
mod watcher;

pub(crate) use announce::set as set_announcing;
pub use baggage::{Baggage, InvalidBaggage};
pub(crate) use baggage::{is_key as is_baggage_key, percent};
pub(crate) use carried::{Carried, PackedTicket, Store, Ticket};
pub(crate) use current::{Current, Meta};
pub use id::{InvalidId, SpanId, TraceId};
pub use mirror::{Mirror, set_mirror};
pub(crate) use mirror::{
    enter as enter_mirror, is_set as has_mirror, leave as leave_mirror, settle as settle_mirror,
};
pub use trace_state::{InvalidTraceState, TraceState};
pub use watcher::{Watcher, set_watcher};
pub(crate) use watcher::{watch, watch_begin};

/// The identity of a span as other spans, threads and services refer to it.
///
/// A `Copy` value: it can be kept, sent to another thread and handed to
/// [`Start::child_of`](crate::Start::child_of) long after the span has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanContext {
    /// The trace the span belongs to.
    pub trace_id: TraceId,
    /// The span itself.
    pub span_id: SpanId,
    /// Whether the trace is sampled, and whether its id is random.
    pub trace_flags: TraceFlags,
    /// True if the context came from another process.
    pub is_remote: bool,
}

impl SpanContext {
    /// True if spans of this trace are recorded.
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.trace_flags.is_sampled()
    }
}

/// The flags of a trace, as [W3C Trace Context level 2] defines them.
///
/// [W3C Trace Context level 2]: https://www.w3.org/TR/trace-context-2/#trace-flags
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// Spans of the trace are recorded.
    pub const SAMPLED: Self = Self(1);
    /// The rightmost seven bytes of the trace id are random.
    pub const RANDOM: Self = Self(2);

    /// Flags from their wire form; unknown bits are kept.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The wire form.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Both sets of flags.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The same flags with this sampling decision.
    #[must_use]
    pub const fn with_sampled(self, is_sampled: bool) -> Self {
        Self(self.0 & !Self::SAMPLED.0 | is_sampled as u8)
    }

    /// True if the trace is sampled.
    #[must_use]
    pub const fn is_sampled(self) -> bool {
        self.0 & Self::SAMPLED.0 != 0
    }

    /// True if the trace id is known to be random.
    #[must_use]
    pub const fn is_random(self) -> bool {
        self.0 & Self::RANDOM.0 != 0
    }
}
