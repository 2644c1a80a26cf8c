//! How a span comes to its parent, its ids and its sampling decision.

use super::{Context, carry, note};
use crate::context::{Current, SpanContext, Ticket, TraceFlags, TraceState};
use crate::sample::{ParentKind, SampleGate};
use crate::site::Site;
use crate::thread::{Held, Local, Origin};

/// Decides about traces that enter the process; `install` sets it.
pub(crate) static GATE: SampleGate = SampleGate::open();

/// Where a span belongs, if not below the current one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start(Parent);

#[derive(Clone, Copy, Debug, Default)]
enum Parent {
    #[default]
    Current,
    None,
    Given(Context),
}

/// A reference to a span that is related but not the parent.
///
/// A batch of messages is handled in one span with a link to each sender:
///
/// ```
/// use std::collections::HashMap;
///
/// use otel_runtime::{Link, propagation, traced};
///
/// type Message = HashMap<String, String>;
///
/// #[traced(links = messages.iter().filter_map(|message| Link::to(propagation::extract(message))))]
/// fn handle(messages: &[Message]) {}
/// # handle(&[]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link {
    /// The other span.
    pub context: SpanContext,
    carried: Ticket,
}

/// A span that is about to be: who it is, and below whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub(super) current: Current,
    pub(super) parent: u64,
    pub(super) parent_is_remote: bool,
    pub(super) carried: Ticket,
    /// It is not what was carried before, and has been held; whoever ends the span releases it.
    pub(super) is_held: bool,
}

impl Start {
    /// Below the current span; the root of a new trace if there is none.
    pub const CHILD: Self = Self(Parent::Current);
    /// As the root of a new trace.
    pub const ROOT: Self = Self(Parent::None);

    /// True if it is below the current span.
    #[inline]
    pub(super) const fn is_child(&self) -> bool {
        matches!(self.0, Parent::Current)
    }

    /// Below this span: a [`Context`], such as [`extract`](crate::propagation::extract) finds, a
    /// [`SpanContext`], a [`SpanHandle`](super::SpanHandle), or an `Option` of these; as the root of
    /// a new trace if there is none in it.
    #[must_use]
    pub fn child_of(parent: impl Into<Context>) -> Self {
        Self(Parent::Given(parent.into()))
    }
}

impl Start {
    /// What a span that begins here belongs to, and what it carries.
    pub(super) fn parent(self, here: Current, carried_here: Ticket) -> (Current, Ticket) {
        match self.0 {
            Parent::Current => (here, carried_here),
            Parent::None => (Current::NONE, carry::for_new_trace(carried_here)),
            Parent::Given(context) => (context.current_span(), context.ticket()),
        }
    }
}

impl From<SpanContext> for Link {
    fn from(context: SpanContext) -> Self {
        Self {
            context,
            carried: Ticket::NONE,
        }
    }
}

impl Link {
    /// To the span of a context, with its trace state; `None` if there is no span in it.
    #[must_use]
    pub fn to(context: Context) -> Option<Self> {
        Some(Self {
            context: context.span()?,
            carried: context.ticket(),
        })
    }

    pub(super) fn trace_state(&self) -> TraceState {
        carry::trace_state(self.carried)
    }
}

impl Begun {
    /// Decides everything that is decided when a span begins. `None`: nothing is recorded and
    /// the current span stays as it is.
    pub(super) fn new(local: &Local, site: &Site, start: Start) -> Option<Self> {
        let here = local.current();
        if here.is_suppressed() {
            return None;
        }
        let carried_here = local.carried();
        let (parent, carried) = start.parent(here, carried_here);
        let parent = parent.captured_by(here.meta.tally().capture());
        if parent.meta.is_muted() {
            local.count_start(Origin::Local, false);
            if parent == here && carried == carried_here && !site.is_logged() {
                return None;
            }
        }
        let held = match carried == carried_here {
            true => Held::NOTHING,
            false => Held::new(carried),
        };
        let is_held = !held.ticket().is_none();
        let carried = match carried == carried_here {
            true => carried,
            false => held.into_ticket(),
        };
        let parent = parent.unbridged(carried).carrying(carried);
        let mut begun = match parent.meta.is_muted() {
            true => Self::unrecorded(parent),
            false => Self::recorded(local, parent),
        };
        begun.current = begun.current.carrying(carried);
        (begun.carried, begun.is_held) = (carried, is_held);
        if site.is_logged() {
            begun.become_told(local, &parent);
        }
        if begun.current.meta.is_noted() {
            note::carried(local, &mut begun.current, carried);
        }
        Some(begun)
    }

    /// True if the span will be written when it ends.
    pub(super) fn is_recorded(&self) -> bool {
        self.current.meta.is_written()
    }

    fn recorded(local: &Local, parent: Current) -> Self {
        local.ensure_seeded();
        if !parent.meta.is_live() {
            return Self::entry(local, parent);
        }
        local.count_start(Origin::Local, true);
        Self {
            current: parent.child(local.next_span_bits()),
            parent: parent.span,
            ..Self::unrecorded(parent)
        }
    }

    /// A span with which a trace begins in this process.
    fn entry(local: &Local, parent: Current) -> Self {
        let capture = parent.meta.tally().capture();
        let (trace_id, inherited, kind) = match parent.trace_id() {
            None => (local.next_trace_id(), TraceFlags::RANDOM, None),
            Some(id) => {
                let flags = parent.meta.trace_flags();
                let kind = ParentKind {
                    sampled: flags.is_sampled(),
                    remote: true,
                };
                (id, flags, Some(kind))
            }
        };
        let is_sampled = capture != 0 || GATE.decide(trace_id, kind);
        let origin = kind.map_or(Origin::None, |_| Origin::Remote);
        local.count_start(origin, is_sampled);
        let flags = inherited.with_sampled(is_sampled);
        Self {
            current: Current::local(trace_id, local.next_span_id(), flags, capture),
            parent: parent.span,
            parent_is_remote: parent.meta.is_remote(),
            ..Self::unrecorded(parent)
        }
    }

    /// Goes on as a span that is told in log records, and written for that if it is not recorded.
    #[cold]
    fn become_told(&mut self, local: &Local, parent: &Current) {
        local.ensure_seeded();
        if self.current.span == parent.span {
            self.current = parent.child(local.next_span_bits());
            self.parent = parent.span;
        }
        self.current.meta = self.current.meta.told();
    }

    fn unrecorded(current: Current) -> Self {
        Self {
            current,
            parent: 0,
            parent_is_remote: false,
            carried: Ticket::NONE,
            is_held: false,
        }
    }
}
