//! A span as long as a synchronous call.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::begin::{Begun, Start};
use super::end::Ended;
use super::observer::Observer;
use super::panic;
use super::{Link, note, value_limit_bytes};
use crate::clock::ticks;
use crate::context::Current;
use crate::export::Outcome;
use crate::site::Site;
use crate::thread::{self, Local};
use crate::value::{Capture, Key, Sink, Slot};

/// Records a span from its creation to its drop; `N` fields are kept inline.
///
/// Not `Send`: it belongs to the thread whose current span it is. Generated
/// code holds it in a local that nothing else can name, so that guards end in
/// the reverse of the order in which they began.
#[derive(Debug)]
pub struct Guard<const N: usize> {
    /// `None`: nothing to do at the end.
    site: Option<&'static Site>,
    frame: MaybeUninit<Frame>,
    slots: [Slot; N],
    _not_send: PhantomData<*const ()>,
}

/// What the end of the span needs to know of its beginning.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Zero if the span is not recorded.
    start_ticks: u64,
    /// What was current before.
    previous: Current,
    parent: u64,
    parent_is_remote: bool,
    /// The thread was unwinding already: the end of this span is no panic of its own.
    began_in_panic: bool,
    outcome: Outcome,
}

impl<const N: usize> Guard<N> {
    /// Begins a span below the current one.
    ///
    /// Costs one relaxed load if the Site's dial is off.
    #[inline]
    pub fn enter(site: &'static Site) -> Self {
        let mut guard = Self::off();
        if site.is_on() {
            guard.site = enter_child(site, &mut guard.frame);
        }
        guard
    }

    /// Begins a span where `start` says.
    #[inline]
    pub fn enter_with(site: &'static Site, start: Start) -> Self {
        let mut guard = Self::off();
        if site.is_on() {
            guard.site = enter_anywhere(site, start, &mut guard.frame);
        }
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
        if let Some(frame) = self.frame_mut() {
            look(&mut Observer::new(&mut frame.outcome, is_recording));
        }
    }

    #[inline]
    const fn off() -> Self {
        Self {
            site: None,
            frame: MaybeUninit::uninit(),
            slots: [Slot::EMPTY; N],
            _not_send: PhantomData,
        }
    }

    #[inline]
    fn frame(&self) -> Option<&Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.site.map(|_| unsafe { self.frame.assume_init_ref() })
    }

    #[inline]
    fn frame_mut(&mut self) -> Option<&mut Frame> {
        // SAFETY: where there is a site, the frame has been written with it.
        self.site.map(|_| unsafe { self.frame.assume_init_mut() })
    }
}

impl<const N: usize> Drop for Guard<N> {
    #[inline]
    fn drop(&mut self) {
        if let Some(site) = self.site {
            // SAFETY: where there is a site, the frame has been written with it.
            exit(site, unsafe { self.frame.assume_init_ref() }, &self.slots);
        }
    }
}

#[inline(never)]
fn enter_child(site: &'static Site, frame: &mut MaybeUninit<Frame>) -> Option<&'static Site> {
    thread::with(|local| {
        let previous = local.current();
        if !previous.meta.is_live() {
            return enter_elsewhere(local, site, Start::CHILD, frame);
        }
        local.set_current(previous.child(local.next_span_bits()));
        frame.write(Frame {
            start_ticks: ticks(),
            previous,
            parent: previous.span,
            parent_is_remote: false,
            began_in_panic: std::thread::panicking(),
            outcome: Outcome::Ok,
        });
        Some(site)
    })
}

#[inline(never)]
fn enter_anywhere(
    site: &'static Site,
    start: Start,
    frame: &mut MaybeUninit<Frame>,
) -> Option<&'static Site> {
    thread::with(|local| enter_elsewhere(local, site, start, frame))
}

#[cold]
fn enter_elsewhere(
    local: &Local,
    site: &'static Site,
    start: Start,
    frame: &mut MaybeUninit<Frame>,
) -> Option<&'static Site> {
    let begun = Begun::new(local, start)?;
    let previous = local.attach(begun.current);
    frame.write(Frame {
        start_ticks: if begun.is_recorded() { ticks() } else { 0 },
        previous,
        parent: begun.parent,
        parent_is_remote: begun.parent_is_remote,
        began_in_panic: std::thread::panicking(),
        outcome: Outcome::Ok,
    });
    Some(site)
}

#[inline(never)]
fn exit(site: &'static Site, frame: &Frame, slots: &[Slot]) {
    thread::with(|local| {
        let mut outcome = frame.outcome;
        if frame.start_ticks != 0 && std::thread::panicking() && !frame.began_in_panic {
            outcome = Outcome::Panicked;
            panic::note_in(local);
        }
        let current = local.current();
        local.set_current(frame.previous);
        if frame.start_ticks != 0 {
            let ended = Ended {
                site,
                current,
                parent: frame.parent,
                parent_is_remote: frame.parent_is_remote,
                outcome,
                start_ticks: frame.start_ticks,
                end_ticks: ticks(),
                busy_ticks: 0,
                slots,
            };
            ended.write(local);
        }
    });
}
