//! One poll of a future or stream in a span, and its end in mid-way.

use super::manual::{Span, SpanScope};
use crate::export::Outcome;

/// A poll under way. Dropped only if the poll unwinds: both regular ways out consume it.
#[derive(Debug)]
pub(super) struct Polling<'a, const N: usize>(&'a mut Span<N>);

impl<const N: usize> Span<N> {
    #[inline]
    pub(super) fn polling(&mut self) -> Polling<'_, N> {
        Polling(self)
    }

    /// Drops what the span was around inside of the span, and ends it however that goes.
    pub(super) fn cancelled(&mut self, drop: impl FnOnce()) {
        struct Ending<'a, const N: usize>(&'a mut Span<N>);
        impl<const N: usize> Drop for Ending<'_, N> {
            fn drop(&mut self) {
                self.0.end(Some(Outcome::Cancelled));
            }
        }
        let ending = Ending(self);
        let _scope = ending.0.enter_poll();
        drop();
    }
}

impl<const N: usize> Polling<'_, N> {
    #[inline]
    pub(super) fn enter(&mut self) -> SpanScope<'_, N> {
        self.0.enter_poll()
    }

    /// There will be another poll.
    #[inline]
    pub(super) fn pause(self) {
        std::mem::forget(self);
    }

    /// There will be none.
    #[inline]
    pub(super) fn end(self) {
        self.0.end(None);
        std::mem::forget(self);
    }
}

impl<const N: usize> Drop for Polling<'_, N> {
    #[cold]
    fn drop(&mut self) {
        self.0.end_in_panic();
    }
}
