//! Taking the current span along to other threads and tasks.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task;

use super::{InSpan, Span, SpanHandle};
use crate::context::{Baggage, Carried, Current, SpanContext, Ticket, TraceState};
use crate::stats;
use crate::thread::{self, Held, Scope};

/// What the work at hand belongs to: a span, or nothing; and the baggage that travels with it.
///
/// A `Copy` value of 40 bytes. Threads and tasks do not inherit it by
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
///
/// [`Baggage`] and [`TraceState`] lie elsewhere, in a store of one megabyte. They stay there as long
/// as the context is current somewhere, a span began in it that has not ended, or a function or
/// future is wrapped in it. A context that is only kept, as a value, keeps them until newer ones need
/// the room; if they are missed then, that is counted
/// ([`Stats::forgotten_baggage`](crate::Stats::forgotten_baggage)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    pub(super) current: Current,
    pub(super) carried: Ticket,
}

/// A future that belongs to a given context; see [`ContextExt`].
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct InContext<F> {
    context: HeldContext,
    future: F,
}

/// Makes a [`Context`] the current one until it is dropped; see [`Context::attach`].
///
/// Not `Send`: it belongs to the thread. Scopes end in the reverse of the order in which they began.
#[derive(Debug)]
#[must_use = "the context is current until this is dropped"]
pub struct ContextScope {
    /// In this order: what is held is current until the scope ends.
    _scope: Scope,
    _context: HeldContext,
    _not_send: PhantomData<*const ()>,
}

/// A context that keeps its baggage, made by [`Context::hold`].
#[derive(Debug)]
pub struct HeldContext {
    pub(super) current: Current,
    pub(super) held: Held,
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
            context: HeldContext::taken(context.into()),
            future: self,
        }
    }
}

impl<F: Future> ContextExt for F {}

impl Context {
    /// Of work that belongs to no trace.
    pub const NONE: Self = Self {
        current: Current::NONE,
        carried: Ticket::NONE,
    };

    /// Of the code that calls this.
    #[must_use]
    pub fn current() -> Self {
        thread::with(|local| {
            let carried = local.carried();
            Self {
                current: local.current().unbridged(carried),
                carried,
            }
        })
    }

    /// The span; `None` if there is none.
    #[must_use]
    pub fn span(&self) -> Option<SpanContext> {
        self.current.context()
    }

    /// The baggage.
    #[must_use]
    pub fn baggage(&self) -> Baggage {
        self.look(|carried| carried.baggage.clone())
    }

    /// What other tracing systems keep with the trace.
    #[must_use]
    pub fn trace_state(&self) -> TraceState {
        self.look(|carried| carried.trace_state.clone())
    }

    /// The same with other baggage. Allocates.
    ///
    /// ```
    /// use otel_runtime::{Baggage, Context};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut baggage = Baggage::current();
    /// baggage.set("tenant.id", "acme")?;
    /// baggage.remove("promotion");
    /// Context::current().with_baggage(baggage).run(|| { /* requests made here take it along */ });
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_baggage(self, baggage: Baggage) -> Self {
        self.change(|carried| carried.baggage = baggage)
    }

    /// The same with this key of the baggage set. Allocates.
    ///
    /// Left out, and counted as [forgotten](crate::Stats::forgotten_baggage), if that is not
    /// possible; [`Baggage::set`] says why it is not.
    #[must_use]
    pub fn with_baggage_entry(self, key: &str, value: &str) -> Self {
        self.change(|carried| {
            if carried.baggage.set(key, value).is_err() {
                stats::forget_carried();
            }
        })
    }

    /// The same without this key of the baggage.
    #[must_use]
    pub fn without_baggage_entry(self, key: &str) -> Self {
        self.change(|carried| {
            carried.baggage.remove(key);
        })
    }

    /// The same with another trace state. Allocates.
    #[must_use]
    pub fn with_trace_state(self, trace_state: TraceState) -> Self {
        self.change(|carried| carried.trace_state = trace_state)
    }

    /// Makes this the current context of the thread until what it returns is dropped.
    ///
    /// ```
    /// use otel_runtime::{Baggage, Context};
    ///
    /// let scope = Context::current().with_baggage_entry("tenant.id", "acme").attach();
    /// assert_eq!(Baggage::current().len(), 1);
    /// drop(scope);
    /// assert!(Baggage::current().is_empty());
    /// ```
    pub fn attach(self) -> ContextScope {
        let context = HeldContext::new(self);
        ContextScope {
            _scope: context.enter(),
            _context: context,
            _not_send: PhantomData,
        }
    }

    /// Runs `work` in this context.
    pub fn run<T>(self, work: impl FnOnce() -> T) -> T {
        let _scope = self.attach();
        work()
    }

    /// The same function, which will run in this context wherever it is called.
    pub fn wrap<T>(self, work: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let context = HeldContext::taken(self);
        move || {
            let _scope = context.enter();
            work()
        }
    }

    /// Of a span that is not of this process, carrying this.
    pub(crate) fn from_elsewhere(span: Option<SpanContext>, carried: Carried) -> Self {
        let bare = span.map_or(Self::NONE, |span| Self {
            current: adopted(&span),
            carried: Ticket::NONE,
        });
        match carried.is_empty() {
            true => bare,
            false => bare.carrying(thread::keep_carried(carried)),
        }
    }

    /// What is carried, where there is something.
    pub(crate) fn look<T: Default>(&self, look: impl FnOnce(&Carried) -> T) -> T {
        thread::find_carried(self.carried).map_or_else(T::default, |carried| look(&carried))
    }

    pub(super) const fn current_span(self) -> Current {
        self.current
    }

    pub(super) const fn ticket(self) -> Ticket {
        self.carried
    }

    fn change(self, change: impl FnOnce(&mut Carried)) -> Self {
        let mut carried = self.look(Carried::clone);
        change(&mut carried);
        self.carrying(thread::keep_carried(carried))
    }

    fn carrying(self, ticket: Ticket) -> Self {
        Self {
            current: self.current.carrying(ticket),
            carried: ticket,
        }
    }
}

impl Baggage {
    /// Of the code that calls this.
    #[must_use]
    pub fn current() -> Self {
        Context::current().baggage()
    }
}

impl HeldContext {
    pub(super) fn new(context: Context) -> Self {
        let held = Held::new(context.carried);
        let current = match held.ticket() == context.carried {
            true => context.current,
            false => context.current.carrying(Ticket::NONE),
        };
        Self { current, held }
    }

    /// To be taken elsewhere: what is said of the current span there is none of its own notes.
    fn taken(context: Context) -> Self {
        thread::with(|local| {
            let (span, meta) = local.span();
            if span == context.current.span && meta.is_live() {
                local.set_span(span, meta.shared());
            }
        });
        Self::new(context)
    }

    #[inline]
    fn enter(&self) -> Scope {
        Scope::enter(self.current, self.held.ticket())
    }
}

/// What is left of what is carried where another trace begins.
pub(super) fn for_new_trace(ticket: Ticket) -> Ticket {
    match thread::find_carried(ticket) {
        None => Ticket::NONE,
        Some(carried) => match carried.for_new_trace() {
            left if left == *carried => ticket,
            left => thread::keep_carried(left),
        },
    }
}

pub(super) fn trace_state(ticket: Ticket) -> TraceState {
    thread::find_carried(ticket).map_or(TraceState::EMPTY, |carried| carried.trace_state.clone())
}

fn adopted(span: &SpanContext) -> Current {
    let capture = thread::with(|local| local.current().meta.tally().capture());
    Current::adopted(span, capture)
}

/// One of the current trace carries what the current context carries.
impl From<SpanContext> for Context {
    fn from(span: SpanContext) -> Self {
        let bare = Self {
            current: adopted(&span),
            carried: Ticket::NONE,
        };
        let here = Self::current();
        match here.current.trace == bare.current.trace {
            true => bare.carrying(here.carried),
            false => bare,
        }
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
        let _scope = this.context.enter();
        future.poll(cx)
    }
}
