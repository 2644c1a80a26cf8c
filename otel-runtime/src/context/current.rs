//! The current span, in the form in which threads and futures keep it.

use super::{SpanContext, SpanId, Ticket, TraceFlags, TraceId, announce, mirror};
use crate::record::{self, Header, NoteTally};

/// What the work at hand belongs to. All zero: to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Current {
    /// The trace id, most significant half first.
    pub(crate) trace: [u64; 2],
    pub(crate) span: u64,
    pub(crate) meta: Meta,
}

/// Trace flags (8 bits), the marks below, and what a span header takes over as it is: two of its
/// flags and its upper 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta(u64);

/// A local span of a sampled trace that carries nothing: children are recorded without further
/// thought. Of this, the three like it, and the next, there is one at most.
const PLAIN: u64 = 1 << 8;
/// Children are not recorded, also without further thought.
const MUTED: u64 = 1 << 9;
/// The context came from another process.
const REMOTE: u64 = 1 << 10;
/// As [`PLAIN`], and something is carried along of which spans have nothing to say.
const LOADED: u64 = 1 << 11;
/// As [`PLAIN`], and something is carried along of which every span has something to say.
const NOTED: u64 = 1 << 12;
/// As [`PLAIN`] or [`LOADED`], and each span that begins is looked at: for a mirror, or to announce
/// it.
const WATCHED: u64 = 1 << 14;
/// Any of the four: children are recorded.
const LIVE: u64 = PLAIN | LOADED | NOTED | WATCHED;
/// A mirror is told when this becomes current, and when it no longer is, whatever is recorded.
const SHOWN: u64 = 1 << 15;
/// A span of a bridge that is [entered](crate::thread) here. It can be left in any order, so that
/// whoever goes back to it looks whether it still is. If it is live it is watched as well: what
/// begins below it begins out of line.
const BRIDGED: u64 = 1 << 16;
/// Something is carried along, whatever is recorded.
const CARRIES: u64 = 1 << 13;
/// The span is told in log records.
const TOLD: u64 = Header::flag(record::TOLD);
/// The span is not recorded, but told: its end is written all the same.
const FOR_LOG: u64 = Header::flag(record::FOR_LOG);
/// Somebody holds a handle: notes may come from other threads.
const SHARED: u64 = Header::flag(record::SHARED);
/// The trace id is random; the same as the trace flag, where the header has it.
const RANDOM: u64 = Header::flag(record::RANDOM);
const TALLY_SHIFT: u32 = 32;
const HEADER_BITS: u64 = SHARED | RANDOM | TOLD | FOR_LOG | u64::MAX << TALLY_SHIFT;

impl Current {
    /// Nothing is recorded below this: the telemetry's own work.
    pub(crate) const SUPPRESSED: Self = Self {
        trace: [0; 2],
        span: 0,
        meta: Meta(MUTED),
    };
    /// Work that belongs to no trace.
    pub(crate) const NONE: Self = Self {
        trace: [0; 2],
        span: 0,
        meta: Meta(0),
    };

    /// A span of this process.
    pub(crate) fn local(trace: TraceId, span: SpanId, flags: TraceFlags, capture: u16) -> Self {
        let shown = mirror::is_set();
        let mark = match (flags.is_sampled(), shown) {
            (true, false) if announce::is_on() => WATCHED,
            (true, false) => PLAIN,
            (true, true) => WATCHED | SHOWN,
            (false, false) => MUTED,
            (false, true) => MUTED | SHOWN,
        };
        let random = if flags.is_random() { RANDOM } else { 0 };
        let tally = NoteTally::of_capture(capture).0 << TALLY_SHIFT;
        Self {
            trace: halves(trace),
            span: span.get(),
            meta: Meta(u64::from(flags.bits()) | mark | random | tally),
        }
    }

    /// A context somebody gave us. One of a span of this process keeps its sampling decision,
    /// one from elsewhere leaves it to the sampler.
    pub(crate) fn adopted(context: &SpanContext, capture: u16) -> Self {
        let mut current = Self::local(
            context.trace_id,
            context.span_id,
            context.trace_flags,
            capture,
        );
        if context.is_remote {
            current.meta.0 = current.meta.0 & !(LIVE | MUTED) | REMOTE;
        }
        current
    }

    /// The same, with what has been noted of its span if that is the one of `here`.
    pub(crate) fn with_notes_of(mut self, here: &Self) -> Self {
        if self.span != 0 && self.span == here.span && self.trace == here.trace {
            self.meta = self.meta.with_tally(here.meta.tally());
            if here.meta.0 & SHARED != 0 {
                self.meta = self.meta.shared();
            }
        }
        self
    }

    /// The same, belonging to this test capture unless it belongs to one already.
    pub(crate) fn captured_by(mut self, capture: u16) -> Self {
        let tally = self.meta.tally();
        if tally.capture() == 0 {
            let tally = NoteTally(tally.0 | NoteTally::of_capture(capture).0);
            self.meta = self.meta.with_tally(tally);
        }
        self
    }

    /// The same, carrying this and nothing else along.
    pub(crate) fn carrying(mut self, ticket: Ticket) -> Self {
        self.meta = self.meta.carrying(ticket);
        self
    }

    /// True of the telemetry's own work.
    #[inline]
    pub(crate) const fn is_suppressed(&self) -> bool {
        self.span == 0 && self.meta.is_muted()
    }

    /// The same, entered by a bridge.
    pub(crate) const fn bridged(mut self) -> Self {
        self.meta = self.meta.bridged();
        self
    }

    /// The same where nobody has entered it, carrying this along.
    pub(crate) fn unbridged(mut self, ticket: Ticket) -> Self {
        if self.meta.is_bridged() {
            self.meta = self.meta.unbridged().carrying(ticket);
        }
        self
    }

    /// The public form; `None` if the work belongs to no trace.
    pub(crate) fn context(&self) -> Option<SpanContext> {
        Some(SpanContext {
            trace_id: self.trace_id()?,
            span_id: SpanId::new(self.span)?,
            trace_flags: self.meta.trace_flags(),
            is_remote: self.meta.is_remote(),
        })
    }

    pub(crate) fn trace_id(&self) -> Option<TraceId> {
        TraceId::new(u128::from(self.trace[0]) << 64 | u128::from(self.trace[1]))
    }

    /// A span below this one, in the same trace, with the same decision.
    #[inline]
    pub(crate) const fn child(&self, span: u64) -> Self {
        Self {
            trace: self.trace,
            span,
            meta: self.meta.for_child(),
        }
    }
}

impl Meta {
    pub(crate) const SHARED_BITS: u64 = SHARED;

    /// As it is kept by those who keep words.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    #[inline]
    pub(crate) const fn is_live(self) -> bool {
        self.0 & LIVE != 0
    }

    /// True if it is live and carries nothing.
    #[inline]
    pub(crate) const fn is_plain(self) -> bool {
        self.0 & PLAIN != 0
    }

    /// True if it is live and needs no note of what it carries.
    #[inline]
    pub(crate) const fn is_live_unnoted(self) -> bool {
        self.0 & (PLAIN | LOADED) != 0
    }

    /// True if it is live and each span notes what it carries.
    pub(crate) const fn is_noted(self) -> bool {
        self.0 & NOTED != 0
    }

    /// True if something is carried along.
    #[inline]
    pub(crate) const fn carries(self) -> bool {
        self.0 & CARRIES != 0
    }

    /// True if a mirror is told of it.
    #[inline]
    pub(crate) const fn is_shown(self) -> bool {
        self.0 & SHOWN != 0
    }

    /// True if it becomes current in two steps: something is carried along, or shown, or `here` is
    /// the span of a bridge.
    #[inline]
    pub(crate) const fn is_special(self, here: Self) -> bool {
        self.0 & (CARRIES | SHOWN) | here.0 & BRIDGED != 0
    }

    /// True if it is live, and its children are plain whatever it is: it carries nothing, and nobody
    /// is told of them.
    #[inline]
    pub(crate) const fn has_plain_children(self) -> bool {
        self.is_live() && self.0 & (CARRIES | SHOWN) == 0
    }

    /// Of a span below this one, which [has plain children](Self::has_plain_children).
    #[inline]
    pub(crate) const fn for_plain_child(self) -> Self {
        Self(self.for_child().0 & !LIVE | PLAIN)
    }

    #[inline]
    pub(crate) const fn is_bridged(self) -> bool {
        self.0 & BRIDGED != 0
    }

    const fn bridged(self) -> Self {
        let watched = if self.is_live() { WATCHED } else { 0 };
        Self(self.0 & !LIVE | watched | BRIDGED)
    }

    const fn unbridged(self) -> Self {
        Self(self.0 & !BRIDGED)
    }

    /// The same, carrying this along.
    fn carrying(self, ticket: Ticket) -> Self {
        let bare = self.0 & !(LIVE | CARRIES);
        let carries = if ticket.is_none() { 0 } else { CARRIES };
        let live = match (self.is_live(), ticket.is_none(), ticket.is_noted()) {
            (false, ..) => 0,
            (true, false, true) => NOTED,
            (true, ..) if self.is_shown() || announce::is_on() => WATCHED,
            (true, true, _) => PLAIN,
            (true, false, false) => LOADED,
        };
        Self(bare | carries | live)
    }

    #[inline]
    pub(crate) const fn is_muted(self) -> bool {
        self.0 & MUTED != 0
    }

    pub(crate) const fn is_remote(self) -> bool {
        self.0 & REMOTE != 0
    }

    #[cfg(test)]
    pub(crate) const fn is_shared(self) -> bool {
        self.0 & SHARED != 0
    }

    pub(crate) const fn shared(self) -> Self {
        Self(self.0 | SHARED)
    }

    /// True if something is written of the span: it is live, or told in log records.
    #[inline]
    pub(crate) const fn is_written(self) -> bool {
        self.0 & (LIVE | FOR_LOG) != 0
    }

    /// True if the span is not recorded, but told in log records.
    pub(crate) const fn is_for_log(self) -> bool {
        self.0 & FOR_LOG != 0
    }

    /// The same, told in log records, whether or not it is recorded.
    pub(crate) const fn told(self) -> Self {
        Self(self.0 | if self.is_live() { TOLD } else { TOLD | FOR_LOG })
    }

    /// The same, with children no longer recorded.
    pub(crate) const fn muted(self) -> Self {
        Self(self.0 & !LIVE | MUTED)
    }

    pub(crate) const fn trace_flags(self) -> TraceFlags {
        TraceFlags::from_bits(self.0 as u8)
    }

    #[inline]
    pub(crate) const fn tally(self) -> NoteTally {
        NoteTally(self.0 >> TALLY_SHIFT)
    }

    pub(crate) const fn with_tally(self, tally: NoteTally) -> Self {
        Self(self.0 & ((1 << TALLY_SHIFT) - 1) | tally.0 << TALLY_SHIFT)
    }

    /// What the header of the span's record takes over.
    #[inline]
    pub(crate) const fn header_bits(self) -> u64 {
        self.0 & HEADER_BITS
    }

    /// Of a span below this one.
    #[inline]
    pub(crate) const fn for_child(self) -> Self {
        let own = SHARED | REMOTE | BRIDGED | TOLD | FOR_LOG;
        let kept = self.0 & !own & ((1 << TALLY_SHIFT) - 1);
        Self(kept | self.tally().fresh().0 << TALLY_SHIFT)
    }
}

fn halves(trace: TraceId) -> [u64; 2] {
    [(trace.get() >> 64) as u64, trace.get() as u64]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(flags: TraceFlags, is_remote: bool) -> SpanContext {
        SpanContext {
            trace_id: TraceId::new(7 << 64 | 9).unwrap(),
            span_id: SpanId::new(5).unwrap(),
            trace_flags: flags,
            is_remote,
        }
    }

    #[test]
    fn a_context_survives_adoption() {
        for flags in [
            TraceFlags::default(),
            TraceFlags::SAMPLED.union(TraceFlags::RANDOM),
        ] {
            for is_remote in [false, true] {
                let given = context(flags, is_remote);
                assert_eq!(Current::adopted(&given, 3).context(), Some(given));
            }
        }
    }

    #[test]
    fn a_child_inherits_trace_decision_and_capture_but_no_notes() {
        let mut parent = Current::adopted(&context(TraceFlags::SAMPLED, false), 3);
        parent.meta = parent
            .meta
            .with_tally(parent.meta.tally().with_note())
            .shared();
        let child = parent.child(6);
        assert!(child.meta.is_live() && !child.meta.is_shared());
        assert_eq!((child.trace, child.span), (parent.trace, 6));
        assert_eq!(
            (child.meta.tally().notes(), child.meta.tally().capture()),
            (0, 3)
        );
    }

    #[test]
    fn the_decision_for_a_remote_parent_is_open() {
        let adopted = Current::adopted(&context(TraceFlags::SAMPLED, true), 0);
        assert!(!adopted.meta.is_live() && !adopted.meta.is_muted());
    }
}
