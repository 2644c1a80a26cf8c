//! A response's body, observed until it is over.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};

use crate::exchange::Exchange;
use crate::failure::{ErrorLook, TypedErrors};

pin_project_lite::pin_project! {
    /// A body whose bytes are counted, and with whose end the span of its request ends.
    ///
    /// What it is made of stays as it was: data, trailers, errors, size hints. Each poll runs in the
    /// span. It is as large as the body and what observes the request. `L` says how its errors are
    /// looked at.
    #[derive(Debug)]
    pub struct ObservedBody<B, X, L = TypedErrors>
    where
        X: Exchange,
    {
        #[pin]
        body: Option<B>,
        exchange: Option<X>,
        // What `Content-Length` promised: a server stops asking when that is sent.
        expected: Option<u64>,
        seen: u64,
        look: PhantomData<fn() -> L>,
    }

    impl<B, X: Exchange, L> PinnedDrop for ObservedBody<B, X, L> {
        /// What a body does when it is dropped belongs to the request as well.
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut body = this.body;
            if let Some(exchange) = this.exchange {
                exchange.in_scope(|| body.set(None));
            }
        }
    }
}

impl<B: Body, X: Exchange, L> ObservedBody<B, X, L> {
    /// Observes the body. If `is_sent` is false, nobody will ask for it, as after `HEAD`, and the
    /// response is over; so it is if there is nothing in the body.
    #[must_use]
    #[inline]
    pub fn new(body: B, mut exchange: X, is_sent: bool) -> Self {
        let expected = body.size_hint().exact();
        let is_over = !is_sent || body.is_end_stream();
        if is_over {
            exchange.complete();
        }
        Self {
            body: Some(body),
            exchange: (!is_over).then_some(exchange),
            expected,
            seen: 0,
            look: PhantomData,
        }
    }

    /// The response has a `Content-Length` that the body does not know itself.
    #[must_use]
    #[inline]
    pub fn expecting(mut self, bytes: Option<u64>) -> Self {
        self.expected = self.expected.or(bytes);
        if self.expected == Some(0)
            && let Some(mut exchange) = self.exchange.take()
        {
            exchange.complete();
        }
        self
    }
}

impl<B, X: Exchange, L> ObservedBody<B, X, L> {
    /// A body that nobody observes.
    #[must_use]
    pub const fn unobserved(body: B) -> Self {
        Self {
            body: Some(body),
            exchange: None,
            expected: None,
            seen: 0,
            look: PhantomData,
        }
    }

    /// A body with nothing in it.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            body: None,
            exchange: None,
            expected: None,
            seen: 0,
            look: PhantomData,
        }
    }
}

impl<B, X, L> Body for ObservedBody<B, X, L>
where
    B: Body,
    X: Exchange,
    L: ErrorLook<B::Error>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let Some(exchange) = this.exchange else {
            return body.poll_frame(cx);
        };
        let poll = || exchange.in_scope(|| body.as_mut().poll_frame(cx));
        let polled = match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(polled) => polled,
            Err(panic) => {
                exchange.panicked();
                *this.exchange = None;
                resume_unwind(panic)
            }
        };
        let is_over = match &polled {
            Poll::Pending => return polled,
            Poll::Ready(None) => {
                exchange.complete();
                true
            }
            Poll::Ready(Some(Err(error))) => {
                exchange.fail(L::look(error), L::type_name());
                true
            }
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Buf::remaining) as u64;
                *this.seen += bytes;
                exchange.body_bytes(bytes);
                // Behind trailers there is nothing, and nobody asks.
                let is_over = frame.is_trailers()
                    || body.is_end_stream()
                    || this.expected.is_some_and(|all| *this.seen >= all);
                if is_over {
                    exchange.complete();
                }
                is_over
            }
        };
        if is_over {
            *this.exchange = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}
