//! A span as long as a stream.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::manual::Span;
use super::meter::{Counting, GivingUp, Meter, Metering};
use super::observer::Observer;

/// A stream in a span; see [`Span::instrument_stream`].
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct TracedStream<S, O, const N: usize = 0, M: Metering = ()> {
    span: Span<N>,
    meter: M,
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
        self.instrument_stream_metered((), stream, observe)
    }

    /// The same, also counting and timing the call: from the first poll to the end of the stream.
    #[inline]
    pub fn instrument_stream_metered<S, O, M>(
        self,
        meter: M,
        stream: S,
        observe: O,
    ) -> TracedStream<S, O, N, M>
    where
        S: Stream,
        O: FnMut(&S::Item, &mut Observer<'_>),
        M: Metering,
    {
        TracedStream {
            span: self,
            meter,
            observe,
            stream: ManuallyDrop::new(stream),
        }
    }
}

// Only the stream is ever pinned.
impl<S: Unpin, O, const N: usize, M: Metering> Unpin for TracedStream<S, O, N, M> {}

impl<S, O, const N: usize, M> Stream for TracedStream<S, O, N, M>
where
    S: Stream,
    O: FnMut(&S::Item, &mut Observer<'_>),
    M: Metering,
{
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        // SAFETY: `stream` is not moved below, and is dropped in place.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `stream` is pinned as `self` was.
        let stream = unsafe { Pin::new_unchecked(&mut *this.stream) };
        let mut previous = MaybeUninit::uninit();
        let Some(mut polling) = this.span.enter_poll(&mut previous) else {
            return match this.meter.meter() {
                Some(meter) => poll_metered(meter, stream, &mut this.observe, cx),
                None => stream.poll_next(cx),
            };
        };
        let meter = this.meter.meter();
        let mut call = meter.map(|meter| Counting::new(meter, polling.start_ticks()));
        let polled = stream.poll_next(cx);
        if let Poll::Ready(Some(item)) = &polled {
            let meter = call.as_mut().map(Counting::meter);
            polling.observe(meter, |observer| (this.observe)(item, observer));
        }
        let is_done = matches!(polled, Poll::Ready(None));
        // In this order: while the span is current, what is counted belongs to it.
        let end_ticks = call.map_or(0, |call| call.finish(is_done));
        polling.finish(is_done, end_ticks);
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

/// Polls a stream that has no span.
fn poll_metered<S, O>(
    meter: &mut Meter,
    stream: Pin<&mut S>,
    observe: &mut O,
    cx: &mut Context<'_>,
) -> Poll<Option<S::Item>>
where
    S: Stream,
    O: FnMut(&S::Item, &mut Observer<'_>),
{
    let mut call = Counting::new(meter, 0);
    let polled = stream.poll_next(cx);
    if let Poll::Ready(Some(item)) = &polled {
        Observer::of_meter(call.meter(), |observer| observe(item, observer));
    }
    call.finish(matches!(polled, Poll::Ready(None)));
    polled
}

impl<S, O, const N: usize, M: Metering> Drop for TracedStream<S, O, N, M> {
    fn drop(&mut self) {
        let call = GivingUp::new(self.meter.meter());
        let stream = &mut self.stream;
        if !self.span.is_active() || !self.span.has_started() {
            // SAFETY: this is the drop of the whole, so the stream is dropped once and not used
            // again.
            return unsafe { ManuallyDrop::drop(stream) };
        }
        self.span.cancelled(call, || {
            // SAFETY: as above.
            unsafe { ManuallyDrop::drop(stream) };
        });
    }
}
