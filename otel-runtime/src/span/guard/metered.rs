//! A span and the counting and timing of the same synchronous call.

use std::marker::PhantomData;

use super::frame::Head;
use super::{begin_anywhere, begin_child, end_slowly, observe, try_exit};
use crate::clock::{counter_ticks, ticks};
use crate::db;
use crate::metric::{Calls, Series};
use crate::site::Site;
use crate::span::begin::Start;
use crate::span::meter::Meter;
use crate::span::observer::Observer;
use crate::span::{Link, note};
use crate::thread::{self, Local};
use crate::value::{Capture, Slot};

/// Counts and times a call from its beginning to its drop, and records the span of the call if
/// there is one; `N` fields are kept inline. Held as a [`Guard`](super::Guard) is.
#[derive(Debug)]
pub struct Metered<const N: usize> {
    core: Core,
    slots: [Slot; N],
    _not_send: PhantomData<*const ()>,
}

/// What does not depend on the number of fields.
#[derive(Debug)]
struct Core {
    head: Head,
    meter: Option<Meter>,
}

impl<const N: usize> Metered<N> {
    /// A guard that has not begun.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn idle() -> Self {
        Self {
            core: Core {
                head: Head::idle(),
                meter: None,
            },
            slots: [Slot::EMPTY; N],
            _not_send: PhantomData,
        }
    }

    /// Begins a call of this series, and a span below the current one. To be called once.
    ///
    /// Costs one relaxed load if nothing is wanted of the Site.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn begin(&mut self, site: &'static Site, calls: &'static Calls, series: Series) {
        if site.is_wanted() {
            enter(site, calls, series, &mut self.core);
        }
    }

    /// Begins a call of this series, and a span where `start` says. To be called once.
    #[inline]
    pub fn begin_with(
        &mut self,
        site: &'static Site,
        start: Start,
        calls: &'static Calls,
        series: Series,
    ) {
        if site.is_on() {
            begin_anywhere(site, start, &mut self.core.head);
        }
        if site.is_counting() {
            self.core.begin(calls, series);
        }
    }

    /// True if the span will be written when it ends.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.core.head.start_ticks() != 0
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

    /// What counts the call, if anything does.
    #[inline]
    pub(in crate::span) fn meter(&mut self) -> Option<&mut Meter> {
        self.core.meter.as_mut()
    }

    /// Says how the call ended, as far as its result tells.
    #[inline]
    pub fn observe(&mut self, look: impl FnOnce(&mut Observer<'_>)) {
        observe(&mut self.core.head, self.core.meter.as_mut(), look);
    }
}

impl<const N: usize> Drop for Metered<N> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.core.head.site.is_some() {
            exit(&mut self.core, &self.slots);
        } else if self.core.meter.is_some() {
            exit_alone(&mut self.core);
        }
    }
}

impl Core {
    #[inline(always)]
    fn begin(&mut self, calls: &'static Calls, series: Series) {
        let (start_ticks, is_in_panic) = match self.head.frame() {
            Some(frame) => (frame.start_ticks, frame.marks.began_in_panic),
            None => (0, std::thread::panicking()),
        };
        let meter = Meter::begun(calls, series, start_ticks, is_in_panic);
        enter_meter(self.meter.insert(meter), calls);
    }

    /// Counts the call; before its span ends: while that is current, the value belongs to it.
    #[inline(always)]
    fn end(&mut self, local: &Local, end_ticks: u64, is_panicking: bool) {
        if let Some(meter) = &mut self.meter {
            if meter.asks() {
                db::leave();
            }
            if is_panicking {
                meter.unwind();
            }
            meter.end(local, end_ticks);
        }
    }
}

/// The beginning of a call. With the C ABI for the same reason as that of a span.
#[inline(never)]
extern "C" fn enter(site: &'static Site, calls: &'static Calls, series: Series, core: &mut Core) {
    if site.is_on() {
        enter_with_span(site, calls, series, core);
    } else {
        enter_alone(site, calls, series, core);
    }
}

/// Asking for the thread's state is a call as far as the compiler knows, so it comes first and
/// once, here and below.
#[inline(never)]
extern "C" fn enter_with_span(
    site: &'static Site,
    calls: &'static Calls,
    series: Series,
    core: &mut Core,
) {
    thread::with(|local| begin_child(local, site, &mut core.head));
    if site.is_counting() {
        core.begin(calls, series);
    }
}

/// The same of a call that has no span.
///
/// As with a span, the order lets it go without a stack.
#[inline(never)]
extern "C" fn enter_alone(
    site: &'static Site,
    calls: &'static Calls,
    series: Series,
    core: &mut Core,
) {
    if !site.is_counting() {
        return;
    }
    let Some(start_ticks) = counter_ticks() else {
        return enter_slowly(calls, series, core);
    };
    let meter = core
        .meter
        .insert(Meter::begun(calls, series, start_ticks, false));
    if std::thread::panicking() {
        meter.begin_in_panic();
    }
    enter_meter(meter, calls);
}

#[inline(always)]
fn enter_meter(meter: &mut Meter, calls: &'static Calls) {
    if !calls.are_plain() {
        meter.enter();
        if calls.asks() {
            db::enter();
        }
    }
}

/// The same where the clock is the operating system's.
#[cold]
#[inline(never)]
extern "C" fn enter_slowly(calls: &'static Calls, series: Series, core: &mut Core) {
    core.begin(calls, series);
}

/// The end of a call: one look at the clock for the span and the histogram.
#[inline(never)]
#[allow(
    improper_ctypes_definitions,
    reason = "both ends are compiled together"
)]
extern "C" fn exit(core: &mut Core, slots: &[Slot]) {
    thread::with(|local| {
        let end_ticks = ticks();
        let is_panicking = std::thread::panicking();
        core.end(local, end_ticks, is_panicking);
        // SAFETY: where there is no site, `exit_alone` ends the call.
        if is_panicking || !unsafe { try_exit(local, &core.head, slots, || end_ticks) } {
            end_slowly(&core.head, slots, end_ticks);
        }
    });
}

/// The same of a call that has no span.
#[inline(never)]
#[allow(
    improper_ctypes_definitions,
    reason = "both ends are compiled together"
)]
extern "C" fn exit_alone(core: &mut Core) {
    thread::with(|local| core.end(local, ticks(), std::thread::panicking()));
}
