//! A span as long as a synchronous call.

mod frame;
mod metered;

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use frame::{Elsewhere, Frame, Head, Marks};
pub use metered::Metered;

use super::begin::{Begun, Start};
use super::end::Ended;
use super::meter::Meter;
use super::observer::Observer;
use super::{Link, note};
use super::{announce, panic};
use crate::clock::{counter, counter_ticks, ticks};
use crate::context::{enter_mirror, has_mirror, leave_mirror, settle_mirror, watch, watch_begin};
use crate::export::Outcome;
use crate::site::Site;
use crate::thread::{self, Local, Origin};
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

impl<const N: usize> Guard<N> {
    /// A guard that has not begun.
    ///
    /// Inlined without optimisation it would take the stack of two.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn idle() -> Self {
        Self {
            head: Head::idle(),
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
            begin_anywhere(site, start, &mut self.head);
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
        self.head
            .frame()
            .is_some_and(|frame| frame.start_ticks != 0)
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
            note::links_of_current(links);
        }
    }

    /// Says how the call ended, as far as its result tells.
    #[inline]
    pub fn observe(&mut self, look: impl FnOnce(&mut Observer<'_>)) {
        observe(&mut self.head, None, look);
    }
}

impl<const N: usize> Drop for Guard<N> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.head.site.is_some() {
            if N == 0 {
                exit_bare(&self.head);
            } else {
                exit(&self.head, &self.slots);
            }
        }
    }
}

/// Looks at a result on behalf of the span and the meter, as far as they are there.
#[inline(always)]
fn observe(head: &mut Head, meter: Option<&mut Meter>, look: impl FnOnce(&mut Observer<'_>)) {
    let site = head.site;
    if let (Some(site), Some(frame)) = (site, head.frame_mut()) {
        let is_recording = frame.start_ticks != 0;
        let outcome = &mut frame.marks.outcome;
        look(&mut Observer::new(site, outcome, is_recording, meter));
    } else if let Some(meter) = meter {
        Observer::of_meter(meter, look);
    }
}

/// The beginning of almost all spans; all others begin in [`enter_unusual`].
///
/// The order lets it go without a stack: nothing that lives across a call is needed on the way.
/// It has the C ABI because that cannot unwind, so that the annotated function needs no landing
/// pad for it; a panic in here, and there is none to be had, would end the program.
#[inline(never)]
extern "C" fn enter_child(site: &'static Site, head: &mut Head) {
    thread::with(|local| begin_child(local, site, head));
}

#[inline(always)]
fn begin_child(local: &Local, site: &'static Site, head: &mut Head) {
    let (span, meta) = local.span();
    if meta.is_live_unnoted()
        && let Some(id) = local.try_next_span_bits()
        && let Some(start_ticks) = counter_ticks()
    {
        local.set_span(id, meta.for_child());
        local.count_start(Origin::Local, true);
        head.site = Some(site);
        let frame = head.frame.write(Frame {
            previous_span: span,
            start_ticks,
            previous_meta: meta,
            marks: Marks::usual(),
            carried_before: MaybeUninit::uninit(),
            elsewhere: MaybeUninit::uninit(),
        });
        if std::thread::panicking() {
            frame.marks.began_in_panic = true;
        }
    } else if !meta.is_muted() || site.is_logged() {
        enter_unusual(local, site, head);
    } else if span != 0 {
        local.count_start(Origin::Local, false);
    }
}

#[inline(never)]
fn begin_anywhere(site: &'static Site, start: Start, head: &mut Head) {
    thread::with(|local| enter_elsewhere(local, site, start, head));
}

/// The beginning of a trace in this process, and of a span on a thread without ids or counter.
#[cold]
#[inline(never)]
extern "C" fn enter_unusual(local: &Local, site: &'static Site, head: &mut Head) {
    enter_elsewhere(local, site, Start::CHILD, head);
}

fn enter_elsewhere(local: &Local, site: &'static Site, start: Start, head: &mut Head) {
    let Some(begun) = Begun::new(local, site, start) else {
        return;
    };
    let previous = local.attach(begun.current);
    let start_ticks = if begun.is_recorded() { ticks() } else { 0 };
    head.site = Some(site);
    head.frame.write(Frame {
        previous_span: previous.span,
        start_ticks,
        previous_meta: previous.meta,
        marks: Marks {
            began_in_panic: std::thread::panicking(),
            is_elsewhere: true,
            parent_is_remote: begun.parent_is_remote,
            ..Marks::usual()
        },
        carried_before: MaybeUninit::new(
            begun.is_held.then(|| local.go_on_to_carried(begun.carried)),
        ),
        elsewhere: MaybeUninit::new(Elsewhere {
            previous_trace: previous.trace,
            parent: begun.parent,
        }),
    });
    if site.is_logged() && begun.is_recorded() {
        announce::write(local, site, &begun.current, start_ticks);
    }
    if begun.current.meta.is_shown() {
        watch_begin(&begun.current, begun.parent, site);
        watch(&begun.current, |watcher, span| watcher.enter(span));
        enter_mirror();
    }
}

/// The end of a span without fields of its own.
#[inline(never)]
extern "C" fn exit_bare(head: &Head) {
    // SAFETY: where there is no site, nothing ends.
    let exit = |local: &Local| unsafe { try_exit(local, head, &[], counter::read) };
    if std::thread::panicking() || !thread::with(exit) {
        exit_slowly(head, &[]);
    }
}

/// The end of a span with fields.
#[inline(never)]
#[allow(
    improper_ctypes_definitions,
    reason = "both ends are compiled together"
)]
extern "C" fn exit(head: &Head, slots: &[Slot]) {
    // SAFETY: where there is no site, nothing ends.
    let exit = |local: &Local| unsafe { try_exit(local, head, slots, counter::read) };
    if std::thread::panicking() || !thread::with(exit) {
        exit_slowly(head, slots);
    }
}

/// The end of a span of which there is nothing special to say; says whether it was one.
///
/// With the usual marks it began in [`enter_child`], so it is recorded, and the counter is there.
///
/// # Safety
/// There is a site: the guard has begun.
#[inline(always)]
unsafe fn try_exit(
    local: &Local,
    head: &Head,
    slots: &[Slot],
    end_ticks: impl FnOnce() -> u64,
) -> bool {
    // SAFETY: the caller's promise.
    let site = unsafe { head.site.unwrap_unchecked() };
    // SAFETY: where there is a site, the frame has been written with it.
    let frame = unsafe { head.frame.assume_init_ref() };
    if !frame.marks.are_usual() {
        return false;
    }
    let (span, meta) = local.span();
    if meta.is_bridged() {
        return false;
    }
    let ended = Ended {
        site,
        trace: local.trace(),
        span,
        meta,
        parent: frame.previous_span,
        parent_is_remote: false,
        outcome: Outcome::Ok,
        start_ticks: frame.start_ticks,
        end_ticks: end_ticks(),
        busy_ticks: 0,
        slots,
    };
    if !ended.try_write(local) {
        return false;
    }
    local.set_span(frame.previous_span, frame.previous_meta);
    true
}

#[cold]
#[inline(never)]
#[allow(
    improper_ctypes_definitions,
    reason = "both ends are compiled together"
)]
extern "C" fn exit_slowly(head: &Head, slots: &[Slot]) {
    end_slowly(head, slots, ticks());
}

#[cold]
#[inline(never)]
fn end_slowly(head: &Head, slots: &[Slot], end_ticks: u64) {
    let Some(site) = head.site else { return };
    // SAFETY: where there is a site, the frame has been written with it.
    let frame = unsafe { head.frame.assume_init_ref() };
    thread::with(|local| end(local, site, frame, slots, end_ticks));
}

fn end(local: &Local, site: &'static Site, frame: &Frame, slots: &[Slot], end_ticks: u64) {
    let Marks {
        mut outcome,
        began_in_panic,
        is_elsewhere,
        parent_is_remote,
    } = frame.marks;
    let is_recorded = frame.start_ticks != 0;
    let is_shown = is_elsewhere && has_mirror();
    if is_shown {
        settle_mirror();
    }
    if is_recorded && std::thread::panicking() && !began_in_panic {
        outcome = Outcome::Panicked;
        panic::note_in(local);
    }
    let mut current = local.current();
    if current.meta.is_bridged() {
        current = local.end_below_entered(|| go_back(local, frame));
    } else {
        go_back(local, frame);
    }
    let parent = match frame.elsewhere() {
        Some((elsewhere, _)) => elsewhere.parent,
        None => frame.previous_span,
    };
    if is_shown && leave_mirror(current.span) {
        current.meta = current.meta.shared();
    }
    if is_shown && is_recorded {
        let may_be_noted = watch(&current, |watcher, span| {
            watcher.leave(span);
            watcher.end(span, site, slots)
        });
        if may_be_noted {
            current.meta = current.meta.shared();
        }
    }
    if frame.previous_meta.is_bridged() {
        local.settle();
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
            end_ticks,
            busy_ticks: 0,
            slots,
        };
        ended.write(local);
    }
}

/// Makes current again what was before the span.
fn go_back(local: &Local, frame: &Frame) {
    local.set_span(frame.previous_span, frame.previous_meta);
    if let Some((elsewhere, carried_before)) = frame.elsewhere() {
        local.set_trace(elsewhere.previous_trace);
        if let Some(before) = carried_before {
            local.go_back_to_carried(before);
        }
    }
}
