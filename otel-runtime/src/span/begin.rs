//! How a span comes to its parent, its ids and its sampling decision.

use super::Context;
use crate::context::{Current, SpanContext, TraceFlags};
use crate::sample::{ParentKind, SampleGate};
use crate::thread::{Local, Origin};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The other span.
    pub context: SpanContext,
}

/// A span that is about to be: who it is, and below whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub(super) current: Current,
    pub(super) parent: u64,
    pub(super) parent_is_remote: bool,
}

impl Start {
    /// Below the current span; the root of a new trace if there is none.
    pub const CHILD: Self = Self(Parent::Current);
    /// As the root of a new trace.
    pub const ROOT: Self = Self(Parent::None);

    /// Below this span: a [`Context`], such as [`extract`](crate::propagation::extract) finds, a
    /// [`SpanContext`], a [`SpanHandle`](super::SpanHandle), or an `Option` of these; as the root of
    /// a new trace if there is none in it.
    #[must_use]
    pub fn child_of(parent: impl Into<Context>) -> Self {
        Self(Parent::Given(parent.into()))
    }
}

impl From<SpanContext> for Link {
    fn from(context: SpanContext) -> Self {
        Self { context }
    }
}

impl Begun {
    /// Decides everything that is decided when a span begins. `None`: nothing is recorded and
    /// the current span stays as it is.
    pub(super) fn new(local: &Local, start: Start) -> Option<Self> {
        let here = local.current();
        if here == Current::SUPPRESSED {
            return None;
        }
        let parent = match start.0 {
            Parent::Current => here,
            Parent::None => Current::NONE,
            Parent::Given(context) => context.as_current(),
        };
        let parent = parent.captured_by(here.meta.tally().capture());
        if parent.meta.is_muted() {
            local.count_start(Origin::Local, false);
            let is_new_here = parent != here;
            return is_new_here.then_some(Self::unrecorded(parent));
        }
        local.ensure_seeded();
        if parent.meta.is_live() {
            local.count_start(Origin::Local, true);
            let current = parent.child(local.next_span_bits());
            return Some(Self {
                current,
                parent: parent.span,
                parent_is_remote: false,
            });
        }
        Some(Self::entry(local, parent))
    }

    /// True if the span will be written when it ends.
    pub(super) fn is_recorded(&self) -> bool {
        self.current.meta.is_live()
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
        }
    }

    fn unrecorded(current: Current) -> Self {
        Self {
            current,
            parent: 0,
            parent_is_remote: false,
        }
    }
}
