//! A span of another API, as its bridge keeps it.

use std::error::Error;
use std::fmt;

use super::announce;
use super::begin::{Begun, Start};
use super::carry::Context;
use super::end::Ended;
use super::note::{self, Attributes};
use super::observer::{self, ErrorView};
use super::{Link, current};
use crate::class::classify_alone;
use crate::clock::ticks;
use crate::context::{Current, Meta, SpanContext, Ticket};
use crate::export::{Outcome, Status};
use crate::record::RecordKind;
use crate::site::Site;
use crate::thread::{self, Held, Local, Origin};
use crate::value::{Capture, Key, Slot};

/// A span of another API: what is known of it from its beginning to its end, in a few words.
///
/// For crates that bring what others say into the same trace. Unlike a [`Span`](super::Span) it is
/// a plain value, which the bridge keeps where the other API lets it, entered and left in any order
/// and on several threads at once, as that API does. It is recorded by [`end`](Self::end), and not
/// by being dropped.
///
/// Neither locks nor allocates, in the steady state.
///
/// ```
/// use otel_runtime::bridge::BridgedSpan;
/// use otel_runtime::export::Outcome;
/// use otel_runtime::site::{SiteSpec, add};
/// use otel_runtime::{Start, current_context};
///
/// let site = add(SiteSpec::new("theirs", "their::module", "their", "1.0", "", 0, 0));
/// if let Some(mut span) = BridgedSpan::begin(site, Start::CHILD) {
///     span.note(|fields| fields.named("answer", &42));
///     let token = 7; // by which the other API knows it
///     span.enter(token);
///     assert_eq!(current_context(), span.context());
///     BridgedSpan::leave(token);
///     span.end(site, Outcome::Ok, &[]);
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BridgedSpan {
    current: Current,
    parent: u64,
    /// Zero if it is not recorded.
    start_ticks: u64,
    /// Held until the end.
    carried: Ticket,
    parent_is_remote: bool,
}

/// Takes the fields of a bridged span; see [`BridgedSpan::note`].
#[derive(Debug)]
pub struct Fields<'a>(&'a mut Vec<u8>);

impl Fields<'_> {
    /// The field that the Site declares in this place.
    pub fn declared(&mut self, index: usize, value: &(impl Capture + ?Sized)) {
        note::capture(Key::Declared(index as u32), value, self.0);
    }

    /// Any other.
    pub fn named(&mut self, key: &str, value: &(impl Capture + ?Sized)) {
        note::capture(Key::Named(key), value, self.0);
    }

    /// True as long as there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl BridgedSpan {
    /// How many words it is made of.
    pub const WORDS: usize = 7;

    /// A bit of the words, by the index of the word: what [`share`](Self::share) sets.
    pub const SHARED: (usize, u64) = (3, Meta::SHARED_BITS);

    /// Begins a span, or what stands for one where it is not recorded, so that what is below it
    /// belongs where it would: if the dial is off, what it would have been below itself. `None` if
    /// that is nothing.
    #[must_use]
    pub fn begin(site: &'static Site, start: Start) -> Option<Self> {
        thread::with(|local| match site.is_on() {
            true if start.is_child() && !site.is_logged() => {
                Self::plain_child(local).or_else(|| Self::anywhere(local, site, start))
            }
            true => Self::anywhere(local, site, start),
            false => Self::transparent(local, start),
        })
    }

    /// Almost all of them.
    #[inline]
    fn plain_child(local: &Local) -> Option<Self> {
        let (parent, meta) = local.span();
        if !meta.has_plain_children() {
            return None;
        }
        let span = local.try_next_span_bits()?;
        local.count_start(Origin::Local, true);
        Some(Self {
            current: Current {
                trace: local.trace(),
                span,
                meta: meta.for_plain_child(),
            },
            parent,
            start_ticks: ticks(),
            carried: Ticket::NONE,
            parent_is_remote: false,
        })
    }

    #[inline(never)]
    fn anywhere(local: &Local, site: &'static Site, start: Start) -> Option<Self> {
        let Some(begun) = Begun::new(local, site, start) else {
            return Self::transparent(local, Start::CHILD);
        };
        let span = Self::begun(begun);
        if site.is_logged() && span.start_ticks != 0 {
            announce::write(local, site, &span.current, span.start_ticks);
        }
        Some(span)
    }

    /// What stands for a span of the runtime's own where another API knows it as one of its spans: it
    /// is entered and left as any other, and nothing is recorded of it. To be [released](Self::release)
    /// once.
    #[must_use]
    pub fn standing_for(context: Context) -> Self {
        let carried = Held::new(context.carried).into_ticket();
        Self {
            current: context.current.unbridged(carried).carrying(carried),
            parent: 0,
            start_ticks: 0,
            carried,
            parent_is_remote: false,
        }
    }

    fn begun(begun: Begun) -> Self {
        let carried = match begun.current.meta.carries() {
            false => Ticket::NONE,
            true if begun.is_held => begun.carried,
            true => Held::new(begun.carried).into_ticket(),
        };
        Self {
            start_ticks: if begun.is_recorded() { ticks() } else { 0 },
            current: begun.current.carrying(carried),
            parent: begun.parent,
            carried,
            parent_is_remote: begun.parent_is_remote,
        }
    }

    fn transparent(local: &Local, start: Start) -> Option<Self> {
        let (here, carried_here) = (local.current(), local.carried());
        let (current, carried) = match here.is_suppressed() {
            true => (Current::SUPPRESSED, Ticket::NONE),
            false => start.parent(here, carried_here),
        };
        if current == Current::NONE {
            return None;
        }
        Some(Self::standing_for(Context { current, carried }))
    }

    /// As words, for those who keep it in atomics.
    #[must_use]
    pub const fn to_words(self) -> [u64; Self::WORDS] {
        let Current { trace, span, meta } = self.current;
        let carried = self.carried.number() << 1 | self.parent_is_remote as u64;
        [
            trace[0],
            trace[1],
            span,
            meta.bits(),
            self.parent,
            self.start_ticks,
            carried,
        ]
    }

    /// What [`to_words`](Self::to_words) made words of.
    #[must_use]
    pub const fn from_words(words: [u64; Self::WORDS]) -> Self {
        let [high, low, span, meta, parent, start_ticks, carried] = words;
        Self {
            current: Current {
                trace: [high, low],
                span,
                meta: Meta::from_bits(meta),
            },
            parent,
            start_ticks,
            carried: Ticket::from_number(carried >> 1),
            parent_is_remote: carried & 1 != 0,
        }
    }

    /// True if the span will be written when it ends.
    #[must_use]
    pub const fn is_recording(&self) -> bool {
        self.start_ticks != 0
    }

    /// Who the span is; `None` if it is the telemetry's own work.
    #[must_use]
    pub fn context(&self) -> Option<SpanContext> {
        self.current.context()
    }

    /// What spans below it belong to: a parent for [`Start::child_of`].
    #[must_use]
    pub const fn as_parent(&self) -> Context {
        Context {
            current: self.current,
            carried: self.carried,
        }
    }

    /// From now on more may be said of it than this value knows, on other threads or by copies: the
    /// collector waits for that.
    pub const fn share(&mut self) {
        self.current.meta = self.current.meta.shared();
    }

    /// Makes it the current span of this thread, until [`leave`](Self::leave) is called with the
    /// same token; on a thread of the telemetry itself nothing happens. It may be entered on several
    /// threads, and more than once: within itself that changes nothing, and it is to be left as often.
    pub fn enter(&self, token: u64) {
        let is_own = self.is_recording();
        thread::with(|local| local.enter(token, self.current, self.carried, is_own));
    }

    /// Leaves the span that was last entered with this token on this thread, in any order. Scopes
    /// of the runtime that are open above it stay open, and do not come back to it. Says whether
    /// something may have been said of it meanwhile: then it is to be [shared](Self::share).
    pub fn leave(token: u64) -> bool {
        thread::with(|local| local.leave_entered(token))
    }

    /// Takes values of fields, all at once.
    pub fn note(&mut self, take: impl FnOnce(&mut Fields<'_>)) {
        self.write(RecordKind::Fields, &[], |bytes| take(&mut Fields(bytes)));
    }

    /// Adds an event that happens now.
    pub fn add_event(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(RecordKind::Event, &note::event_words(), |bytes| {
            current::prepare_event(name, attributes, bytes);
        });
    }

    /// Adds an event that happens now; the first value is its name.
    pub fn note_event(&mut self, take: impl FnOnce(&mut Fields<'_>)) {
        self.write(RecordKind::Event, &note::event_words(), |bytes| {
            take(&mut Fields(bytes))
        });
    }

    /// Links the span to another.
    pub fn add_link(&mut self, link: impl Into<Link>) {
        let (words, state) = note::link_words(link.into());
        self.write(RecordKind::Link, &words, |bytes| {
            note::prepare_link(&state, &[], bytes);
        });
    }

    /// Calls the span otherwise than its place does.
    pub fn set_name(&mut self, name: impl fmt::Display) {
        self.write(RecordKind::Name, &[], |bytes| {
            current::prepare_name(&name, bytes)
        });
    }

    /// Sets the status; it stands above what the outcome says.
    pub fn set_status(&mut self, status: Status<'_>) {
        self.write(
            RecordKind::Status,
            &current::status_words(status),
            |bytes| {
                current::prepare_status(status, bytes);
            },
        );
    }

    /// Records an error whose type is not known, with its causes and what it means. Says whether
    /// the span has failed by it: then it ends with [`Outcome::Error`].
    pub fn record_error(&mut self, error: &(dyn Error + 'static)) -> bool {
        let view = view_of(error);
        self.write(RecordKind::Error, &observer::head(&view), |bytes| {
            observer::prepare(&view, false, bytes);
        });
        !view.counts_as_expected()
    }

    /// Lets go of one that nothing is recorded of. To be called once, unless it is [ended](Self::end).
    pub fn release(self) {
        if self.carried != Ticket::NONE {
            thread::release_carried(self.carried);
        }
    }

    /// Ends the span, and writes it if it is recorded. To be called once.
    pub fn end(self, site: &'static Site, outcome: Outcome, slots: &[Slot]) {
        self.release();
        if !self.is_recording() {
            return;
        }
        let ended = Ended {
            site,
            trace: self.current.trace,
            span: self.current.span,
            meta: self.current.meta,
            parent: self.parent,
            parent_is_remote: self.parent_is_remote,
            outcome,
            start_ticks: self.start_ticks,
            end_ticks: ticks(),
            busy_ticks: 0,
            slots,
        };
        thread::with(|local| {
            if !ended.try_write(local) {
                ended.write(local);
            }
        });
    }

    fn write(&mut self, kind: RecordKind, head: &[u64], prepare: impl FnOnce(&mut Vec<u8>)) {
        if !self.is_recording() {
            return;
        }
        thread::with(|local| {
            note::prepared(local, prepare, |bytes| {
                if !bytes.is_empty() || !head.is_empty() {
                    note::of(local, &mut self.current, kind, head, bytes);
                }
            });
        });
    }
}

/// Adds an event that happens now to the current span, if that is recorded; the first value is
/// its name.
pub fn note_event(take: impl FnOnce(&mut Fields<'_>)) {
    thread::with(|local| {
        if local.current().meta.is_live() {
            let head = note::event_words();
            note::prepared(
                local,
                |bytes| take(&mut Fields(bytes)),
                |bytes| note::of_current(local, RecordKind::Event, &head, bytes),
            );
        }
    });
}

fn view_of<'a>(error: &'a (dyn Error + 'static)) -> ErrorView<'a> {
    ErrorView {
        type_name: "_OTHER",
        message: Some(error),
        debug: None,
        source: error.source(),
        is_expected: false,
        meaning: classify_alone(error),
    }
}
