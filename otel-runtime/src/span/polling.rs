//! One poll of a future or stream in a span, and its end in mid-way.

use std::mem::MaybeUninit;

use super::manual::Span;
use super::meter::{GivingUp, Meter};
use super::observer::Observer;
use super::state::{Previous, end, end_in_panic, enter, leave, leave_and_end};
use crate::export::Outcome;

/// A poll under way. Dropped only if the poll unwinds: the regular way out is
/// [`finish`](Self::finish).
///
/// Two references, so that moving it costs nothing; what was current lies with the caller.
#[derive(Debug)]
pub(super) struct Polling<'a, const N: usize> {
    span: &'a mut Span<N>,
    previous: &'a Previous,
}

impl<const N: usize> Span<N> {
    /// Makes the span the current one for one poll; `None` if there is nothing to record.
    #[inline(always)]
    pub(super) fn enter_poll<'a>(
        &'a mut self,
        previous: &'a mut MaybeUninit<Previous>,
    ) -> Option<Polling<'a, N>> {
        if self.state.site.is_some() && enter(&mut self.state, previous) {
            // SAFETY: `enter` said that it has written this.
            let previous = unsafe { previous.assume_init_ref() };
            Some(Polling {
                span: self,
                previous,
            })
        } else {
            None
        }
    }

    /// Drops what the span was around inside of the span, and ends it however that goes.
    pub(super) fn cancelled(&mut self, call: GivingUp<'_>, drop: impl FnOnce()) {
        struct Ending<'a, const N: usize>(&'a mut Span<N>, Option<&'a Previous>, GivingUp<'a>);
        impl<const N: usize> Drop for Ending<'_, N> {
            fn drop(&mut self) {
                let end_ticks = self.2.end();
                if let Some(previous) = self.1 {
                    leave(&mut self.0.state, previous);
                }
                self.0.state.outcome = Outcome::Cancelled;
                end(&mut self.0.state, &self.0.slots, end_ticks);
            }
        }
        let mut previous = MaybeUninit::uninit();
        let has_entered = enter(&mut self.state, &mut previous);
        // SAFETY: `enter` said that it has written this.
        let previous = has_entered.then(|| unsafe { previous.assume_init_ref() });
        let _ending = Ending(self, previous, call);
        drop();
    }
}

impl<const N: usize> Polling<'_, N> {
    /// Looks at a result.
    #[inline(always)]
    pub(super) fn observe(
        &mut self,
        meter: Option<&mut Meter>,
        look: impl FnOnce(&mut Observer<'_>),
    ) {
        self.span.observe(meter, look);
    }

    /// When the span started.
    #[inline(always)]
    pub(super) const fn start_ticks(&self) -> u64 {
        self.span.state.start_ticks()
    }

    /// Makes the previous span the current one again, and ends the span if it `is_done`: at this
    /// tick, or now if it is zero.
    #[inline(always)]
    pub(super) fn finish(self, is_done: bool, end_ticks: u64) {
        if is_done {
            leave_and_end(
                &mut self.span.state,
                &self.span.slots,
                self.previous,
                end_ticks,
            );
        } else {
            leave(&mut self.span.state, self.previous);
        }
        std::mem::forget(self);
    }
}

impl<const N: usize> Drop for Polling<'_, N> {
    #[cold]
    fn drop(&mut self) {
        leave(&mut self.span.state, self.previous);
        end_in_panic(&mut self.span.state, &self.span.slots);
    }
}
