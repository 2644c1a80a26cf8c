//! A span as long as a synchronous call.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::begin::{Begun, Start};
use super::end::Ended;
use super::observer::Observer;
use super::panic;
use super::{Link, note};
use crate::clock::{counter_ticks, ticks};
use crate::context::Meta;
use crate::export::Outcome;
use crate::site::Site;
use crate::thread::{self, Local};
use crate::value::{Capture, Slot};

/// Records a span from its beginning to its drop; `N` fields are kept inline.
///
/// Not `Send`: it belongs to the thread whose current span it is. Generated
/// code holds it in a local that nothing else can name, so that guards end in
/// the reverse of the order in which they began, and begins it in place: a
/// guard that is returned is copied.
#[derive(Debug)]
pub struct Guard<const N: usize> {
    head: Head,
    slots: [Slot; N],
    _not_send: PhantomData<*const ()>,
}

#[derive(Debug)]
struct Head {
    /// `None`: nothing to do at the end.
    site: Option<&'static Site>,
    frame: MaybeUninit<Frame>,
}

/// What the end of the span needs to know of its beginning.
///
/// The order keeps words apart that are written one by one and, side by side, would be read as
/// one; see [`Local`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
struct Frame {
    /// What was current before, and the parent if it began as a child.
    previous_span: u64,
    /// Zero if the span is not recorded.
    start_ticks: u64,
    previous_meta: Meta,
    marks: Marks,
    elsewhere: MaybeUninit<Elsewhere>,
}

/// What is not as in almost all spans.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(4))]
struct Marks {
    outcome: Outcome,
    /// The thread was unwinding already: the end of this span is no panic of its own.
    began_in_panic: bool,
    /// It began otherwise than as a child in the current trace; then `elsewhere` is written.
    is_elsewhere: bool,
    parent_is_remote: bool,
}

#[derive(Clone, Copy, Debug)]
struct Elsewhere {
    previous_trace: [u64; 2],
    parent: u64,
}

impl<const N: usize> Guard<N> {
    /// A guard that has not begun.
    ///
    /// Inlined without optimisation it would take the stack of two.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn idle() -> Self {
        Self {
            head: Head {
                site: None,
                frame: MaybeUninit::uninit(),
            },
            slots: [Slot::EMPTY; N],
            _not_send: PhantomData,
        }
    }

    /// Begins a span below the current one. To be called once.
    ///
    /// Costs one relaxed load if the Site's dial is off.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn begin(&mut self, site: &'static Site) {
        if site.is_on() {
            enter_child(site, &mut self.head);
        }
    }

    /// Begins a span where `start` says. To be called once.
    #[inline]
    pub fn begin_with(&mut self, site: &'static Site, start: Start) {
        if site.is_on() {
            enter_anywhere(site, start, &mut self.head);
        }
    }

    /// A guard that begins a span below the current one.
    #[inline]
    pub fn enter(site: &'static Site) -> Self {
        let mut guard = Self::idle();
        guard.begin(site);
        guard
    }

    /// A guard that begins a span where `start` says.
    #[inline]
    pub fn enter_with(site: &'static Site, start: Start) -> Self {
        let mut guard = Self::idle();
        guard.begin_with(site, start);
        guard
    }

    /// True if the span will be written when it ends.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.frame().is_some_and(|frame| frame.start_ticks != 0)
    }

    /// Takes the value of the declared field `index`. Only if [`is_recording`](Self::is_recording).
    #[inline]
    pub fn capture(&mut self, index: usize, value: &(impl Capture + ?Sized)) {
        let bytes = note::capture_inline(&mut self.slots, index, value);
        if !bytes.is_empty() {
            note::fields_of_current(bytes);
        }
    }

    /// Links the span to others.
    pub fn add_links<L: Into<Link>>(&mut self, links: impl IntoIterator<Item = L>) {
        if self.is_recording() {
            links
                .into_iter()
                .for_each(|link| note::link_of_current(link.into(), &[]));
        }
    }

    /// Says how the call ended, as far as its result tells.
    #[inline]
    pub fn observe(&mut self, look: impl FnOnce(&mut Observer<'_>)) {
        let is_recording = self.is_recording();
        let site = self.head.site;
        if let (Some(site), Some(frame)) = (site, self.frame_mut()) {
            look(&mut Observer::new(
                site,
                &mut frame.marks.outcome,
                is_recording,
            ));
        }
    }

    #[inline]
    fn frame(&self) -> Option<&Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.head
            .site
            .map(|_| unsafe { self.head.frame.assume_init_ref() })
    }

    #[inline]
    fn frame_mut(&mut self) -> Option<&mut Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.head
            .site
            .map(|_| unsafe { self.head.frame.assume_init_mut() })
    }
}

impl<const N: usize> Drop for Guard<N> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.head.site.is_some() {
            exit(&self.head, &self.slots);
        }
    }
}

impl Marks {
    const fn usual() -> Self {
        Self {
            outcome: Outcome::Ok,
            began_in_panic: false,
            is_elsewhere: false,
            parent_is_remote: false,
        }
    }

    /// True for almost all spans; one comparison.
    #[inline(always)]
    fn are_usual(self) -> bool {
        u32::from_ne_bytes([
            self.outcome as u8,
            u8::from(self.began_in_panic),
            u8::from(self.is_elsewhere),
            u8::from(self.parent_is_remote),
        ]) == const { Outcome::Ok as u32 }
    }
}

#[inline(never)]
fn enter_child(site: &'static Site, head: &mut Head) {
    thread::with(|local| {
        let (span, meta) = local.span();
        if !meta.is_live() {
            if !meta.is_muted() {
                enter_elsewhere(local, site, Start::CHILD, head);
            }
            return;
        }
        local.set_span(local.next_span_bits(), meta.for_child());
        head.site = Some(site);
        head.frame.write(Frame {
            previous_span: span,
            start_ticks: ticks(),
            previous_meta: meta,
            marks: Marks {
                began_in_panic: std::thread::panicking(),
                ..Marks::usual()
            },
            elsewhere: MaybeUninit::uninit(),
        });
    });
}

#[inline(never)]
fn enter_anywhere(site: &'static Site, start: Start, head: &mut Head) {
    thread::with(|local| enter_elsewhere(local, site, start, head));
}

#[cold]
fn enter_elsewhere(local: &Local, site: &'static Site, start: Start, head: &mut Head) {
    let Some(begun) = Begun::new(local, start) else {
        return;
    };
    let previous = local.attach(begun.current);
    head.site = Some(site);
    head.frame.write(Frame {
        previous_span: previous.span,
        start_ticks: if begun.is_recorded() { ticks() } else { 0 },
        previous_meta: previous.meta,
        marks: Marks {
            began_in_panic: std::thread::panicking(),
            is_elsewhere: true,
            parent_is_remote: begun.parent_is_remote,
            ..Marks::usual()
        },
        elsewhere: MaybeUninit::new(Elsewhere {
            previous_trace: previous.trace,
            parent: begun.parent,
        }),
    });
}

/// The end of a span of which there is nothing special to say; all others end in
/// [`exit_slowly`]. Without a call on its way, it needs no stack.
#[inline(never)]
fn exit(head: &Head, slots: &[Slot]) {
    let Some(site) = head.site else { return };
    // SAFETY: where there is a site, the frame has been written with it.
    let frame = unsafe { head.frame.assume_init_ref() };
    thread::with(|local| {
        let is_usual =
            frame.marks.are_usual() && frame.start_ticks != 0 && !std::thread::panicking();
        if is_usual && let Some(end_ticks) = counter_ticks() {
            let (span, meta) = local.span();
            let ended = Ended {
                site,
                trace: local.trace(),
                span,
                meta,
                parent: frame.previous_span,
                parent_is_remote: false,
                outcome: Outcome::Ok,
                start_ticks: frame.start_ticks,
                end_ticks,
                busy_ticks: 0,
                slots,
            };
            if ended.try_write(local) {
                return local.set_span(frame.previous_span, frame.previous_meta);
            }
        }
        exit_slowly(local, site, frame, slots);
    });
}

#[cold]
#[inline(never)]
fn exit_slowly(local: &Local, site: &'static Site, frame: &Frame, slots: &[Slot]) {
    let Marks {
        mut outcome,
        began_in_panic,
        is_elsewhere,
        parent_is_remote,
    } = frame.marks;
    let is_recorded = frame.start_ticks != 0;
    if is_recorded && std::thread::panicking() && !began_in_panic {
        outcome = Outcome::Panicked;
        panic::note_in(local);
    }
    let current = local.current();
    local.set_span(frame.previous_span, frame.previous_meta);
    let mut parent = frame.previous_span;
    if is_elsewhere {
        // SAFETY: where the mark is set, this has been written with it.
        let elsewhere = unsafe { frame.elsewhere.assume_init_ref() };
        local.set_trace(elsewhere.previous_trace);
        parent = elsewhere.parent;
    }
    if is_recorded {
        let ended = Ended {
            site,
            trace: current.trace,
            span: current.span,
            meta: current.meta,
            parent,
            parent_is_remote,
            outcome,
            start_ticks: frame.start_ticks,
            end_ticks: ticks(),
            busy_ticks: 0,
            slots,
        };
        ended.write(local);
    }
}
