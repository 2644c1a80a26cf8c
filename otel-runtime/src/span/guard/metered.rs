//! A span and the counting and timing of the same synchronous call.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::frame::Head;
use super::{begin_anywhere, begin_child, end_slowly, observe, try_exit};
use crate::clock::ticks;
use crate::metric::{Calls, Series};
use crate::site::Site;
use crate::span::begin::Start;
use crate::span::meter::Meter;
use crate::span::observer::Observer;
use crate::span::{Link, note};
use crate::thread;
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
    /// The meter has been written.
    is_metered: bool,
    meter: MaybeUninit<Meter>,
}

impl<const N: usize> Metered<N> {
    /// A guard that has not begun.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub const fn idle() -> Self {
        Self {
            core: Core {
                head: Head::idle(),
                is_metered: false,
                meter: MaybeUninit::uninit(),
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

    /// Says how the call ended, as far as its result tells.
    #[inline]
    pub fn observe(&mut self, look: impl FnOnce(&mut Observer<'_>)) {
        let Core {
            head,
            is_metered,
            meter,
        } = &mut self.core;
        // SAFETY: that is what `is_metered` says.
        let meter = is_metered.then(|| unsafe { meter.assume_init_mut() });
        observe(head, meter, look);
    }
}

impl<const N: usize> Drop for Metered<N> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.core.head.site.is_some() || self.core.is_metered {
            exit(&mut self.core, &self.slots);
        }
    }
}

impl Core {
    #[inline(always)]
    fn begin(&mut self, calls: &'static Calls, series: Series) {
        let meter = Meter::begun(calls, series, self.head.start_ticks());
        self.meter.write(meter);
        self.is_metered = true;
    }
}

/// The beginning of a call. With the C ABI for the same reason as that of a span.
#[inline(never)]
extern "C" fn enter(site: &'static Site, calls: &'static Calls, series: Series, core: &mut Core) {
    if site.is_on() {
        thread::with(|local| begin_child(local, site, &mut core.head));
    }
    if site.is_counting() {
        core.begin(calls, series);
    }
}

/// The end of a call: one look at the clock for the span and the histogram.
#[inline(never)]
#[allow(
    improper_ctypes_definitions,
    reason = "both ends are compiled together"
)]
extern "C" fn exit(core: &mut Core, slots: &[Slot]) {
    let end_ticks = ticks();
    let is_panicking = std::thread::panicking();
    // Before the span ends: while it is current, the value belongs to it.
    if core.is_metered {
        // SAFETY: that is what `is_metered` says.
        let meter = unsafe { core.meter.assume_init_mut() };
        if is_panicking {
            meter.unwind();
        }
        meter.end(end_ticks);
    }
    let head = &core.head;
    if head.site.is_some()
        && (is_panicking || !thread::with(|local| try_exit(local, head, slots, || end_ticks)))
    {
        end_slowly(head, slots, end_ticks);
    }
}
