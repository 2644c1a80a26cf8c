//! Counts how often a request is sent again.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

/// Counts how often what is inside of it sends a request: `http.request.resend_count` of
/// [`HttpClientLayer`](crate::HttpClientLayer).
///
/// It stands outside of everything that sends a request again, such as retries and redirects. What
/// hands requests over to another task, as `tower::buffer` does, ends its count; such a program
/// says by [`ResendCount`](crate::ResendCount) what it knows. Allocates nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResendsLayer;

/// What [`ResendsLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct CountingResends<S>(S);

pin_project_lite::pin_project! {
    /// A request whose sendings are counted.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ResendsFuture<F> {
        #[pin]
        future: F,
        sendings: u32,
    }
}

thread_local! {
    /// How often the request at hand was sent; `None` if nobody counts.
    static SENDINGS: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Counts in the thread's place until it is dropped.
struct Counting<'a> {
    sendings: &'a mut u32,
    outside: Option<u32>,
}

/// Counts a sending; says how many there were before.
pub(crate) fn count() -> u32 {
    let before = SENDINGS.get();
    SENDINGS.set(before.map(|before| before.saturating_add(1)));
    before.unwrap_or(0)
}

impl<'a> Counting<'a> {
    fn in_place(sendings: &'a mut u32) -> Self {
        let outside = SENDINGS.replace(Some(*sendings));
        Self { sendings, outside }
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        if let Some(sendings) = SENDINGS.replace(self.outside) {
            *self.sendings = sendings;
        }
    }
}

impl<S> Layer<S> for ResendsLayer {
    type Service = CountingResends<S>;

    fn layer(&self, service: S) -> Self::Service {
        CountingResends(service)
    }
}

impl<S: Service<R>, R> Service<R> for CountingResends<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResendsFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let mut sendings = 0;
        let counting = Counting::in_place(&mut sendings);
        let future = self.0.call(request);
        drop(counting);
        ResendsFuture { future, sendings }
    }
}

impl<F: Future> Future for ResendsFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _counting = Counting::in_place(this.sendings);
        this.future.poll(cx)
    }
}
