//! A span that is a value: what futures hold, and what one starts by hand.

use std::borrow::Cow;
use std::error::Error;
use std::marker::PhantomData;

use super::begin::{Begun, Start};
use super::end::Ended;
use super::note::{self, Attributes};
use super::observer::{self, ErrorView, Observer};
use super::panic;
use super::{Link, current, value_limit_bytes};
use crate::clock::ticks;
use crate::context::{Current, SpanContext};
use crate::export::{Outcome, Status};
use crate::record::RecordKind;
use crate::site::Site;
use crate::thread::{self, Local};
use crate::value::{Capture, Key, Sink, Slot};

/// A span one can keep, send to another thread, enter more than once, and end by dropping it.
///
/// Made by [`span!`](crate::span!). It has its parent and its ids from the
/// moment it is made. It is recorded once it has been entered, or
/// [started](Self::start) as `span!` does. If nothing is recorded (nothing is
/// installed, the dial is off, the trace is not sampled) every method returns
/// at once.
#[derive(Debug)]
pub struct Span<const N: usize = 0> {
    /// `None`: nothing is recorded and nothing changes.
    site: Option<&'static Site>,
    current: Current,
    parent: u64,
    /// Zero before the span has started.
    start_ticks: u64,
    /// Zero unless somebody measures.
    busy_ticks: u64,
    outcome: Outcome,
    parent_is_remote: bool,
    slots: [Slot; N],
}

/// Makes a [`Span`] the current one until it is dropped.
#[derive(Debug)]
pub struct SpanScope<'a, const N: usize = 0> {
    span: &'a mut Span<N>,
    previous: Current,
    entered_ticks: u64,
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
        if site.is_on()
            && let Some(begun) = thread::with(|local| begin(local, start))
        {
            span.site = Some(site);
            span.current = begun.current;
            span.parent = begun.parent;
            span.parent_is_remote = begun.parent_is_remote;
        }
        span
    }

    /// Starts the clock, unless it runs already.
    #[must_use]
    pub fn start(mut self) -> Self {
        self.start_clock();
        self
    }

    /// Who the span is; `None` if nothing is recorded and there is no unrecorded trace either.
    #[must_use]
    pub fn context(&self) -> Option<SpanContext> {
        self.site.and_then(|_| self.current.context())
    }

    /// True if the span will be written when it ends.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.site.is_some() && self.current.meta.is_live()
    }

    /// Takes the value of the declared field `index`. Only if [`is_recording`](Self::is_recording).
    #[inline]
    pub fn capture(&mut self, index: usize, value: &(impl Capture + ?Sized)) {
        let mut bytes = Vec::new();
        let key = index as u32;
        match self.slots.get_mut(index) {
            Some(slot) => {
                let limit = value_limit_bytes();
                value.capture(&mut Sink::lending(
                    key,
                    slot,
                    &mut bytes,
                    thread::lend_scratch,
                    limit,
                ));
            }
            None => note::capture(Key::Declared(key), value, &mut bytes),
        }
        if !bytes.is_empty() {
            self.note_fields(bytes);
        }
    }

    /// Sets an attribute; a later value replaces an earlier one.
    pub fn set_attribute(&mut self, key: &str, value: impl Capture) {
        self.note(RecordKind::Fields, &[], |bytes| {
            note::capture(Key::Named(key), &value, bytes)
        });
    }

    /// Adds an event that happens now.
    pub fn add_event(&mut self, name: &str, attributes: Attributes<'_>) {
        self.note(RecordKind::Event, &note::event_words(), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Links the span to others.
    pub fn add_links<L: Into<Link>>(&mut self, links: impl IntoIterator<Item = L>) {
        for link in links {
            self.note(RecordKind::Link, &note::link_words(link.into()), |_| {});
        }
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
    pub fn record_error<E: Error>(&mut self, error: &E) {
        self.outcome = Outcome::Error;
        let view = ErrorView::of(error);
        self.note(RecordKind::Error, &[ticks(), 0], |bytes| {
            observer::prepare(&view, bytes)
        });
    }

    /// Makes the span the current one until the scope is dropped.
    pub fn enter(&mut self) -> SpanScope<'_, N> {
        self.start_clock();
        let previous = self.switch();
        SpanScope {
            span: self,
            previous,
            entered_ticks: 0,
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
            site: None,
            current: Current::NONE,
            parent: 0,
            start_ticks: 0,
            busy_ticks: 0,
            outcome: Outcome::Ok,
            parent_is_remote: false,
            slots: [Slot::EMPTY; N],
        }
    }

    /// True if there is anything to do for this span.
    #[inline]
    pub(super) fn is_active(&self) -> bool {
        self.site.is_some()
    }

    #[inline]
    pub(super) fn has_started(&self) -> bool {
        self.start_ticks != 0
    }

    /// Enters for one poll, and measures the busy time if the Site asks for it.
    #[inline]
    pub(super) fn enter_poll(&mut self) -> SpanScope<'_, N> {
        let measures = self.site.is_some_and(Site::measures_busy);
        let now = if measures || self.start_ticks == 0 {
            ticks()
        } else {
            0
        };
        if self.start_ticks == 0 {
            self.start_ticks = now;
        }
        let previous = self.switch();
        let entered_ticks = if measures { now } else { 0 };
        SpanScope {
            span: self,
            previous,
            entered_ticks,
            _not_send: PhantomData,
        }
    }

    /// Looks at a result; the span is the current one.
    #[inline]
    pub(super) fn observe(&mut self, look: impl FnOnce(&mut Observer<'_>)) {
        let is_recording = self.is_recording();
        look(&mut Observer::new(&mut self.outcome, is_recording));
    }

    /// Ends the span; a second call does nothing.
    #[inline]
    pub(super) fn end(&mut self, outcome: Option<Outcome>) {
        let Some(site) = self.site.take() else { return };
        let ended = Ended {
            site,
            current: self.current,
            parent: self.parent,
            parent_is_remote: self.parent_is_remote,
            outcome: outcome.unwrap_or(self.outcome),
            start_ticks: self.start_ticks,
            end_ticks: 0,
            busy_ticks: self.busy_ticks,
            slots: &self.slots,
        };
        end(ended);
    }

    /// Ends the span because a panic unwinds through it.
    pub(super) fn end_in_panic(&mut self) {
        if self.is_recording() {
            thread::with(|local| {
                let previous = local.attach(self.current);
                panic::note_in(local);
                self.current = local.current();
                local.set_current(previous);
            });
        }
        self.end(Some(Outcome::Panicked));
    }

    #[inline]
    fn start_clock(&mut self) {
        if self.site.is_some() && self.start_ticks == 0 {
            self.start_ticks = ticks();
        }
    }

    /// Makes the span current; returns what was.
    #[inline]
    fn switch(&self) -> Current {
        thread::with(|local| match self.site {
            Some(_) => local.attach(self.current),
            None => local.current(),
        })
    }

    #[cold]
    fn note_fields(&mut self, bytes: Vec<u8>) {
        thread::with(|local| {
            note::of(local, &mut self.current, RecordKind::Fields, &[], &bytes);
            local.return_scratch(bytes);
        });
    }

    fn note(&mut self, kind: RecordKind, head: &[u64], prepare: impl FnOnce(&mut Vec<u8>)) {
        if self.is_recording() {
            thread::with(|local| {
                note::prepared(local, prepare, |bytes| {
                    note::of(local, &mut self.current, kind, head, bytes);
                });
            });
        }
    }
}

impl<const N: usize> Drop for Span<N> {
    fn drop(&mut self) {
        self.end(None);
    }
}

impl<const N: usize> SpanScope<'_, N> {
    /// The span that is current.
    #[inline]
    pub(super) fn span(&mut self) -> &mut Span<N> {
        self.span
    }
}

impl<const N: usize> Drop for SpanScope<'_, N> {
    #[inline]
    fn drop(&mut self) {
        if self.span.site.is_some() {
            if self.entered_ticks != 0 {
                self.span.busy_ticks += ticks().wrapping_sub(self.entered_ticks);
            }
            thread::with(|local| {
                // Notes were counted on the thread while the span was current there.
                self.span.current = local.current();
                local.set_current(self.previous);
            });
        }
    }
}

#[inline(never)]
fn begin(local: &Local, start: Start) -> Option<Begun> {
    Begun::new(local, start)
}

#[inline(never)]
fn end(mut ended: Ended<'_>) {
    if !ended.current.meta.is_live() {
        return;
    }
    thread::with(|local| {
        if ended.start_ticks != 0 {
            ended.end_ticks = ticks();
            ended.write(local);
        } else if ended.current.meta.tally().notes() > 0 {
            // Without this the collector would keep the values of a span that never was.
            let _ = thread::note(local, RecordKind::Discard, ended.current.span, &[], &[]);
        }
    });
}
