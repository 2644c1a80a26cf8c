//! A span as long as a stream.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::manual::Span;
use super::observer::Observer;

/// A stream in a span; see [`Span::instrument_stream`].
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct TracedStream<S, O, const N: usize = 0> {
    span: Span<N>,
    observe: O,
    /// Dropped by hand, inside of the span.
    stream: ManuallyDrop<S>,
}

impl<const N: usize> Span<N> {
    /// The same stream, in this span: started at the first poll, current during each, ended when
    /// the stream ends; cancelled if it is dropped before.
    ///
    /// `observe` sees each item before anybody else.
    #[inline]
    pub fn instrument_stream<S, O>(self, stream: S, observe: O) -> TracedStream<S, O, N>
    where
        S: Stream,
        O: FnMut(&S::Item, &mut Observer<'_>),
    {
        TracedStream {
            span: self,
            observe,
            stream: ManuallyDrop::new(stream),
        }
    }
}

// Only the stream is ever pinned.
impl<S: Unpin, O, const N: usize> Unpin for TracedStream<S, O, N> {}

impl<S, O, const N: usize> Stream for TracedStream<S, O, N>
where
    S: Stream,
    O: FnMut(&S::Item, &mut Observer<'_>),
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        // SAFETY: `stream` is not moved below, and is dropped in place.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `stream` is pinned as `self` was.
        let stream = unsafe { Pin::new_unchecked(&mut *this.stream) };
        let mut previous = MaybeUninit::uninit();
        let Some(mut polling) = this.span.enter_poll(&mut previous) else {
            return stream.poll_next(cx);
        };
        let polled = stream.poll_next(cx);
        if let Poll::Ready(Some(item)) = &polled {
            polling.observe(|observer| (this.observe)(item, observer));
        }
        polling.finish(matches!(polled, Poll::Ready(None)));
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S, O, const N: usize> Drop for TracedStream<S, O, N> {
    fn drop(&mut self) {
        let stream = &mut self.stream;
        if !self.span.is_active() || !self.span.has_started() {
            // SAFETY: this is the drop of the whole, so the stream is dropped once and not used
            // again.
            return unsafe { ManuallyDrop::drop(stream) };
        }
        self.span.cancelled(|| {
            // SAFETY: as above.
            unsafe { ManuallyDrop::drop(stream) };
        });
    }
}
