//! A span that is a value: what futures hold, and what one starts by hand.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::begin::Start;
use super::meter::Meter;
use super::note::{self, Attributes};
use super::observer::{self, ErrorView, Observer};
use super::state::{self, Previous, State};
use super::{ErrorOptions, Link, SpanHandle, current, stack};
use crate::context::SpanContext;
use crate::export::{Outcome, Status};
use crate::record::RecordKind;
use crate::site::Site;
use crate::thread;
use crate::value::{Capture, Key, Slot};

/// A span one can keep, send to another thread, enter more than once, and end by dropping it.
///
/// Made by [`span!`](crate::span!). It has its parent and its ids from the
/// moment it is made. It is recorded once it has been entered, or
/// [started](Self::start) as `span!` does. If nothing is recorded (nothing is
/// installed, the dial is off, the trace is not sampled) every method returns
/// at once.
#[derive(Debug)]
pub struct Span<const N: usize = 0> {
    pub(super) state: State,
    pub(super) slots: [Slot; N],
}

/// Makes a [`Span`] the current one until it is dropped.
#[derive(Debug)]
pub struct SpanScope<'a, const N: usize = 0> {
    span: &'a mut Span<N>,
    /// `None` if the span is none.
    previous: Option<Previous>,
    _not_send: PhantomData<*const ()>,
}

impl<const N: usize> Span<N> {
    /// A span below the current one, not started yet.
    #[inline]
    #[must_use]
    pub fn prepare(site: &'static Site) -> Self {
        Self::prepare_with(site, Start::CHILD)
    }

    /// A span where `start` says, not started yet.
    #[inline]
    #[must_use]
    pub fn prepare_with(site: &'static Site, start: Start) -> Self {
        let mut span = Self::inert();
        if site.is_on() {
            state::begin(&mut span.state, site, start);
        }
        span
    }

    /// A span below what will be current when it is first entered or polled, and beginning then.
    ///
    /// Cheaper than [`prepare`](Self::prepare) where that comes to the same and nothing is
    /// captured before.
    #[inline(always)]
    #[must_use]
    pub fn later(site: &'static Site) -> Self {
        Self {
            state: State::idle(site.is_on().then_some(site)),
            slots: [Slot::EMPTY; N],
        }
    }

    /// Starts the clock, unless it runs already.
    #[must_use]
    pub fn start(mut self) -> Self {
        self.state.start_clock();
        self
    }

    /// Starts at this time, in nanoseconds since the Unix epoch, unless it has started already.
    #[must_use]
    pub fn start_at(mut self, unix_ns: u64) -> Self {
        self.state.start_at(unix_ns);
        self
    }

    /// Ends the span as of this time, in nanoseconds since the Unix epoch; it does not end before it
    /// started. Without this it ends when it is dropped.
    pub fn end_at(mut self, unix_ns: u64) {
        let end_ticks = self.state.moment_of(unix_ns);
        state::end(&mut self.state, &self.slots, end_ticks);
    }

    /// A reference to the span, for others who have something to say of it while it lasts; `None` if
    /// nothing is recorded.
    pub fn handle(&mut self) -> Option<SpanHandle> {
        let context = self.context().filter(|_| self.is_recording())?;
        self.state.current.meta = self.state.current.meta.shared();
        Some(SpanHandle::new(context))
    }

    /// Who the span is; `None` if nothing is recorded and there is no unrecorded trace either.
    #[must_use]
    pub fn context(&self) -> Option<SpanContext> {
        self.state.site.and_then(|_| self.state.current.context())
    }

    /// True if the span will be written when it ends.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.state.is_recording()
    }

    /// Takes the value of the declared field `index`. Only if [`is_recording`](Self::is_recording).
    #[inline]
    pub fn capture(&mut self, index: usize, value: &(impl Capture + ?Sized)) {
        let bytes = note::capture_inline(&mut self.slots, index, value);
        if !bytes.is_empty() {
            self.note_fields(bytes);
        }
    }

    /// Takes the values of the declared fields from `first` on, in their order, all of them at once:
    /// cheaper than one by one where most of them are texts.
    pub fn capture_all(&mut self, first: usize, values: &[&dyn Capture]) {
        self.note(RecordKind::Fields, &[], |bytes| {
            for (index, value) in values.iter().enumerate() {
                note::capture(Key::Declared((first + index) as u32), *value, bytes);
            }
        });
    }

    /// Sets an attribute; a later value replaces an earlier one.
    pub fn set_attribute(&mut self, key: &str, value: impl Capture) {
        self.note(RecordKind::Fields, &[], |bytes| {
            note::capture(Key::Named(key), &value, bytes)
        });
    }

    /// Sets several attributes at once: cheaper than one by one.
    pub fn set_attributes(&mut self, attributes: Attributes<'_>) {
        self.note(RecordKind::Fields, &[], |bytes| {
            for (key, value) in attributes {
                note::capture(Key::Named(key), *value, bytes);
            }
        });
    }

    /// Adds an event that happens now.
    pub fn add_event(&mut self, name: &str, attributes: Attributes<'_>) {
        self.note(RecordKind::Event, &note::event_words(), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Adds an event that has happened at this time, in nanoseconds since the Unix epoch.
    pub fn add_event_at(&mut self, unix_ns: u64, name: &str, attributes: Attributes<'_>) {
        self.note(RecordKind::Event, &note::event_words_at(unix_ns), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Links the span to another.
    pub fn add_link(&mut self, link: impl Into<Link>, attributes: Attributes<'_>) {
        let (words, state) = note::link_words(link.into());
        self.note(RecordKind::Link, &words, |bytes| {
            note::prepare_link(&state, attributes, bytes);
        });
    }

    /// Links the span to others.
    pub fn add_links<L: Into<Link>>(&mut self, links: impl IntoIterator<Item = L>) {
        for link in links {
            let (words, state) = note::link_words(link.into());
            self.note(RecordKind::Link, &words, |bytes| {
                note::prepare_link(&state, &[], bytes);
            });
        }
    }

    /// Calls the span otherwise than its place does; the last name counts, and an empty one is none.
    ///
    /// For names that are known only now, such as the route that a request took. There should be few
    /// of them: receivers group spans by name.
    ///
    /// ```
    /// use otel_runtime::span;
    ///
    /// let mut request = span!("request", kind = server);
    /// let route = "/orders/{id}";
    /// request.set_name(format_args!("GET {route}"));
    /// ```
    pub fn set_name(&mut self, name: impl fmt::Display) {
        self.note(RecordKind::Name, &[], |bytes| {
            current::prepare_name(&name, bytes);
        });
    }

    /// The same with a name in several parts, which stand one behind the other: cheaper than
    /// formatting it.
    ///
    /// ```
    /// use otel_runtime::span;
    ///
    /// let mut request = span!("request", kind = server);
    /// request.set_name_joined(&["GET", " ", "/orders/{id}"]);
    /// ```
    pub fn set_name_joined(&mut self, parts: &[&str]) {
        self.note(RecordKind::Name, &[], |bytes| {
            current::prepare_joined_name(parts, bytes);
        });
    }

    /// Sets the status; it stands above what the outcome says.
    pub fn set_status(&mut self, status: Status<'_>) {
        self.note(
            RecordKind::Status,
            &current::status_words(status),
            |bytes| {
                current::prepare_status(status, bytes);
            },
        );
    }

    /// Records an error: the span has failed.
    pub fn record_error<E: Error + 'static>(&mut self, error: &E) {
        self.record_error_with(error, ErrorOptions::new());
    }

    /// The same, with what the error's type does not say. An error that is expected does not make
    /// the span fail.
    pub fn record_error_with<E: Error + 'static>(&mut self, error: &E, options: ErrorOptions<'_>) {
        self.note_error(&options.view(error), options.wants_stack());
    }

    /// Records an error of which only this is known: for errors behind `dyn Error`.
    pub fn record_error_view(&mut self, error: &ErrorView<'_>) {
        self.note_error(error, stack::is_wanted_everywhere());
    }

    /// Says how the work ended. A span that is ended without this ended well, unless an error was
    /// recorded.
    ///
    /// For what no annotated function and no [`in_span`](crate::ContextExt::in_span) covers. Of
    /// [`Outcome::Panicked`] the message comes along if this is called on the thread that panicked,
    /// and the span was the current one there.
    pub fn set_outcome(&mut self, outcome: Outcome) {
        if outcome == Outcome::Panicked {
            state::note_panic(&mut self.state);
        }
        self.state.outcome = outcome;
    }

    /// Makes the span the current one until the scope is dropped.
    pub fn enter(&mut self) -> SpanScope<'_, N> {
        let mut previous = MaybeUninit::uninit();
        let has_entered = state::enter(&mut self.state, &mut previous);
        SpanScope {
            span: self,
            // SAFETY: `enter` said that it has written this.
            previous: has_entered.then(|| unsafe { previous.assume_init() }),
            _not_send: PhantomData,
        }
    }

    /// Runs `work` with the span as the current one.
    pub fn in_scope<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let _scope = self.enter();
        work()
    }

    #[inline]
    pub(super) const fn inert() -> Self {
        Self {
            state: State::idle(None),
            slots: [Slot::EMPTY; N],
        }
    }

    /// True if there is anything to do for this span.
    #[inline]
    pub(super) const fn is_active(&self) -> bool {
        self.state.site.is_some()
    }

    #[inline]
    pub(super) const fn has_started(&self) -> bool {
        self.state.has_started()
    }

    /// Looks at a result; the span is the current one.
    #[inline]
    pub(super) fn observe(
        &mut self,
        meter: Option<&mut Meter>,
        look: impl FnOnce(&mut Observer<'_>),
    ) {
        let is_recording = self.state.is_recording();
        if let Some(site) = self.state.site {
            let outcome = &mut self.state.outcome;
            look(&mut Observer::new(site, outcome, is_recording, meter));
        }
    }

    fn note_error(&mut self, error: &ErrorView<'_>, with_stack: bool) {
        if !error.counts_as_expected() {
            self.state.outcome = Outcome::Error;
        }
        self.note(RecordKind::Error, &observer::head(error), |bytes| {
            observer::prepare(error, with_stack, bytes);
        });
    }

    #[cold]
    fn note_fields(&mut self, bytes: Vec<u8>) {
        thread::with(|local| {
            note::of(
                local,
                &mut self.state.current,
                RecordKind::Fields,
                &[],
                &bytes,
            );
            local.return_scratch(bytes);
        });
    }

    pub(super) fn note(
        &mut self,
        kind: RecordKind,
        head: &[u64],
        prepare: impl FnOnce(&mut Vec<u8>),
    ) {
        if self.is_recording() {
            thread::with(|local| {
                note::prepared(local, prepare, |bytes| {
                    note::of(local, &mut self.state.current, kind, head, bytes);
                });
            });
        }
    }
}

impl<const N: usize> Drop for Span<N> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.is_active() {
            state::end(&mut self.state, &self.slots, 0);
        }
    }
}

impl<const N: usize> Drop for SpanScope<'_, N> {
    fn drop(&mut self) {
        if let Some(previous) = &self.previous {
            state::leave(&mut self.span.state, previous);
        }
    }
}
