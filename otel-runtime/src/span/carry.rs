//! Taking the current span along to other threads and tasks.

use std::pin::Pin;
use std::task;

use super::{InSpan, Span, SpanHandle};
use crate::context::{Current, SpanContext};
use crate::thread;

/// What the work at hand belongs to: a span, or nothing.
///
/// A `Copy` value of 32 bytes. Threads and tasks do not inherit it by
/// themselves, because not all of them work for whoever started them:
///
/// ```
/// use otel_runtime::Context;
///
/// let worker = std::thread::spawn(Context::current().wrap(|| {
///     // spans here are children of the span above
/// }));
/// # worker.join().unwrap();
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context(Current);

/// A future that belongs to a given context; see [`ContextExt`].
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct InContext<F> {
    context: Context,
    future: F,
}

/// Futures that take a context along.
pub trait ContextExt: Future + Sized {
    /// The same future, belonging to what the code that calls this belongs to.
    ///
    /// ```
    /// # async fn work() {}
    /// # fn spawn(_: impl Future) {}
    /// use otel_runtime::ContextExt;
    ///
    /// spawn(work().in_current_context());
    /// ```
    fn in_current_context(self) -> InContext<Self> {
        self.in_context(Context::current())
    }

    /// The same future, in a span that was started by hand; the span ends when the future does.
    ///
    /// ```
    /// # async fn work() {}
    /// # async fn example() {
    /// use otel_runtime::{ContextExt, span};
    ///
    /// work().in_span(span!("warm up", kind = internal, cache.size = 12)).await;
    /// # }
    /// ```
    fn in_span<const N: usize>(self, span: Span<N>) -> InSpan<Self, N> {
        InSpan::new(span, self)
    }

    /// The same future, belonging to this context.
    fn in_context(self, context: impl Into<Context>) -> InContext<Self> {
        InContext {
            context: context.into(),
            future: self,
        }
    }
}

impl<F: Future> ContextExt for F {}

impl Context {
    /// Of work that belongs to no trace.
    pub const NONE: Self = Self(Current::NONE);

    /// Of the code that calls this.
    #[must_use]
    pub fn current() -> Self {
        Self(thread::with(|local| local.current()))
    }

    /// The span; `None` if there is none.
    #[must_use]
    pub fn span(&self) -> Option<SpanContext> {
        self.0.context()
    }

    pub(super) const fn as_current(self) -> Current {
        self.0
    }

    /// Runs `work` in this context.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        thread::scoped(self.0, work)
    }

    /// The same function, which will run in this context wherever it is called.
    pub fn wrap<T>(self, work: impl FnOnce() -> T) -> impl FnOnce() -> T {
        move || self.run(work)
    }
}

impl From<SpanContext> for Context {
    fn from(span: SpanContext) -> Self {
        let capture = thread::with(|local| local.current().meta.tally().capture());
        Self(Current::adopted(&span, capture))
    }
}

impl From<Option<SpanContext>> for Context {
    fn from(span: Option<SpanContext>) -> Self {
        span.map_or(Self::NONE, Self::from)
    }
}

impl From<SpanHandle> for Context {
    fn from(span: SpanHandle) -> Self {
        span.context().into()
    }
}

impl From<Option<SpanHandle>> for Context {
    fn from(span: Option<SpanHandle>) -> Self {
        span.map_or(Self::NONE, Self::from)
    }
}

impl From<Option<Self>> for Context {
    fn from(context: Option<Self>) -> Self {
        context.unwrap_or_default()
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> task::Poll<F::Output> {
        // SAFETY: `future` is not moved below, and is dropped in place by the derived drop.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `future` is pinned as `self` was.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        thread::scoped(this.context.0, || future.poll(cx))
    }
}
