//! The answers to a statement, one after the other, in the statement's span.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use sqlx::{Either, Error};

use crate::call::Call;

/// The answers to a statement. The call ends with the last of them, with an error, or when nobody
/// asks for more.
pub(crate) struct Answers<'e, Result, Row> {
    // In this order: the statement has ended when the connection goes back.
    call: Call,
    /// Something came at the last poll.
    is_between: bool,
    inner: BoxStream<'e, std::result::Result<Either<Result, Row>, Error>>,
}

impl<'e, Result, Row> Answers<'e, Result, Row> {
    pub(crate) fn new(
        call: Call,
        inner: BoxStream<'e, std::result::Result<Either<Result, Row>, Error>>,
    ) -> Self {
        Self {
            call,
            is_between: false,
            inner,
        }
    }
}

impl<Result, Row> Unpin for Answers<'_, Result, Row> {}

impl<Result, Row> Stream for Answers<'_, Result, Row> {
    type Item = std::result::Result<Either<Result, Row>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let inner = &mut this.inner;
        let polled = this.call.poll(|| inner.as_mut().poll_next(cx));
        this.is_between = polled.is_ready();
        match &polled {
            Poll::Ready(Some(Ok(Either::Right(_)))) => this.call.add_rows(1),
            Poll::Ready(Some(Err(error))) => this.call.end(Some(error)),
            Poll::Ready(None) => this.call.end(None),
            Poll::Ready(Some(Ok(Either::Left(_)))) | Poll::Pending => {}
        }
        polled
    }
}

impl<Result, Row> Drop for Answers<'_, Result, Row> {
    fn drop(&mut self) {
        // Who has got something and asks for no more has got enough.
        if self.is_between && !std::thread::panicking() {
            self.call.end_early();
        }
    }
}

/// One answer, in the call's span; `rows` says how many rows it is.
pub(crate) struct Answer<'e, T> {
    call: Call,
    rows: fn(&T) -> Option<bool>,
    inner: BoxFuture<'e, Result<T, Error>>,
}

impl<'e, T> Answer<'e, T> {
    pub(crate) fn new(call: Call, inner: BoxFuture<'e, Result<T, Error>>) -> Self {
        Self {
            call,
            rows: |_| None,
            inner,
        }
    }

    /// The same, being a row or none.
    pub(crate) fn of_row(mut self, rows: fn(&T) -> Option<bool>) -> Self {
        self.rows = rows;
        self
    }
}

impl<T> Unpin for Answer<'_, T> {}

impl<T> Future for Answer<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let inner = &mut this.inner;
        let polled = this.call.poll(|| inner.as_mut().poll(cx));
        match &polled {
            Poll::Ready(Ok(answer)) => {
                if let Some(is_row) = (this.rows)(answer) {
                    this.call.add_rows(i64::from(is_row));
                }
                this.call.end(None);
            }
            Poll::Ready(Err(error)) => this.call.end(Some(error)),
            Poll::Pending => {}
        }
        polled
    }
}
