//! Contexts for bridges: other libraries that have a current span of their own.

use super::Span;
use super::carry::{Context, HeldContext};
use crate::context::{Baggage, Carried, Current, SpanContext, Ticket, TraceState};
use crate::thread;

impl Context {
    /// Of the telemetry's own work: nothing is recorded in it.
    pub const SUPPRESSED: Self = Self {
        current: Current::SUPPRESSED,
        carried: Ticket::NONE,
    };

    /// Of work that another library says belongs to this, of this process or another one; for
    /// bridges. Allocates if there is trace state or baggage.
    #[must_use]
    pub fn of(span: Option<SpanContext>, trace_state: TraceState, baggage: Baggage) -> Self {
        let carried = Carried {
            trace_state,
            baggage,
            is_debug: false,
        };
        Self::from_elsewhere(span, carried)
    }

    /// Makes this the current context of the thread and returns what was; for bridges, which know
    /// when that is over and [hold](Self::hold) it until then. A [`Mirror`](crate::context::Mirror) is
    /// not told.
    pub fn replace(self) -> Self {
        thread::with(|local| Self {
            carried: local.carried(),
            current: {
                let here = local.current();
                local.ensure_seeded();
                local.set_current(self.current.with_notes_of(&here));
                local.replace_carried(self.carried);
                if self.current.meta.is_bridged() {
                    local.settle();
                }
                here
            },
        })
    }

    /// Keeps its baggage as long as what is returned lives.
    #[must_use]
    pub fn hold(self) -> HeldContext {
        HeldContext::new(self)
    }

    /// True in the telemetry's own work, of which nothing is recorded.
    #[must_use]
    pub fn is_suppressed(&self) -> bool {
        self.current.is_suppressed()
    }
}

impl<const N: usize> Span<N> {
    /// What belongs to the span, with what it carries; [`Context::NONE`] if it is none.
    #[must_use]
    pub fn to_context(&self) -> Context {
        match self.context() {
            Some(_) => Context {
                current: self.state.current,
                carried: self.state.carried(),
            },
            None => Context::NONE,
        }
    }
}

impl HeldContext {
    /// The context.
    #[must_use]
    pub fn context(&self) -> Context {
        Context {
            current: self.current,
            carried: self.held.ticket(),
        }
    }
}
