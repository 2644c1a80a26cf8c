//! A span as long as a future.

use std::mem::{ManuallyDrop, MaybeUninit};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::manual::Span;
use super::meter::{Counting, GivingUp, Meter, Metering};
use super::observer::Observer;

/// A future in a span; see [`Span::instrument`].
///
/// As large as the future, the span (72 bytes), its inline fields (16 bytes
/// each) and the observer; `Send`, `Sync` and `Unpin` as the future is. A poll
/// costs the exchange of the current span, and two clock reads if the busy time is measured.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Traced<F, O, const N: usize = 0, M: Metering = ()> {
    span: Span<N>,
    meter: M,
    observe: Option<O>,
    /// Dropped by hand, inside of the span.
    future: ManuallyDrop<F>,
}

/// A future in a span that was started by hand; see
/// [`in_span`](crate::ContextExt::in_span).
pub type InSpan<F, const N: usize = 0> =
    Traced<F, fn(&<F as Future>::Output, &mut Observer<'_>), N>;

impl<const N: usize> Span<N> {
    /// The same future, in this span: started at the first poll, current during each poll and
    /// while the future is dropped, ended when the future ends.
    ///
    /// `observe` sees the result before anybody else, and only if the span is recorded or
    /// carries a trace.
    #[inline]
    pub fn instrument<F, O>(self, future: F, observe: O) -> Traced<F, O, N>
    where
        F: Future,
        O: FnOnce(&F::Output, &mut Observer<'_>),
    {
        self.instrument_metered((), future, observe)
    }

    /// The same, also counting and timing the call: from the first poll to the end of the future.
    /// It is cancelled if the future is dropped in between.
    #[inline]
    pub fn instrument_metered<F, O, M>(self, meter: M, future: F, observe: O) -> Traced<F, O, N, M>
    where
        F: Future,
        O: FnOnce(&F::Output, &mut Observer<'_>),
        M: Metering,
    {
        Traced {
            span: self,
            meter,
            observe: Some(observe),
            future: ManuallyDrop::new(future),
        }
    }
}

impl<F: Future, const N: usize> InSpan<F, N> {
    /// The future in the span, whose result is not looked at.
    pub(super) fn new(span: Span<N>, future: F) -> Self {
        Self {
            span,
            meter: (),
            observe: Some(|_, _| {}),
            future: ManuallyDrop::new(future),
        }
    }
}

// Only the future is ever pinned.
impl<F: Unpin, O, const N: usize, M: Metering> Unpin for Traced<F, O, N, M> {}

impl<F, O, const N: usize, M> Future for Traced<F, O, N, M>
where
    F: Future,
    O: FnOnce(&F::Output, &mut Observer<'_>),
    M: Metering,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: `future` is not moved below, and is dropped in place.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `future` is pinned as `self` was.
        let future = unsafe { Pin::new_unchecked(&mut *this.future) };
        let mut previous = MaybeUninit::uninit();
        let Some(mut polling) = this.span.enter_poll(&mut previous) else {
            return match this.meter.meter() {
                Some(meter) => poll_metered(meter, future, &mut this.observe, cx),
                None => future.poll(cx),
            };
        };
        let meter = this.meter.meter();
        let mut call = meter.map(|meter| Counting::new(meter, polling.start_ticks()));
        let polled = future.poll(cx);
        if let Poll::Ready(output) = &polled
            && let Some(observe) = this.observe.take()
        {
            let meter = call.as_mut().map(Counting::meter);
            polling.observe(meter, |observer| observe(output, observer));
        }
        // In this order: while the span is current, what is counted belongs to it.
        let end_ticks = call.map_or(0, |call| call.finish(polled.is_ready()));
        polling.finish(polled.is_ready(), end_ticks);
        polled
    }
}

/// Polls a future that has no span.
#[inline]
fn poll_metered<F, O>(
    meter: &mut Meter,
    future: Pin<&mut F>,
    observe: &mut Option<O>,
    cx: &mut Context<'_>,
) -> Poll<F::Output>
where
    F: Future,
    O: FnOnce(&F::Output, &mut Observer<'_>),
{
    let mut call = Counting::new(meter, 0);
    let polled = future.poll(cx);
    if let Poll::Ready(output) = &polled
        && let Some(observe) = observe.take()
    {
        Observer::of_meter(call.meter(), |observer| observe(output, observer));
    }
    call.finish(polled.is_ready());
    polled
}

impl<F, O, const N: usize, M: Metering> Drop for Traced<F, O, N, M> {
    fn drop(&mut self) {
        let call = GivingUp::new(self.meter.meter());
        let future = &mut self.future;
        // In this order: where the dial is off, the second has not been looked at before.
        if !self.span.is_active() || !self.span.has_started() {
            // SAFETY: this is the drop of the whole, so the future is dropped once and not used
            // again.
            return unsafe { ManuallyDrop::drop(future) };
        }
        self.span.cancelled(call, || {
            // SAFETY: as above.
            unsafe { ManuallyDrop::drop(future) };
        });
    }
}
