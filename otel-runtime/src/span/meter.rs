//! The counting and timing of a metered function's call, beside its span.
//!
//! Where there is a span, its looks at the clock serve both.

use crate::class::Classification;
use crate::clock::{seconds_per_tick, ticks};
use crate::db::{self, Failure, FailureId, Operation, Target, TargetId};
use crate::metric::{Calls, Ending, Series};
use crate::site::Site;
use crate::thread::{self, Local};

/// Counts and times one call, from its beginning to its end.
#[derive(Debug)]
pub struct Meter {
    /// `None`: nothing to do.
    calls: Option<&'static Calls>,
    series: Series,
    ending: Ending,
    /// The thread was unwinding already: the end of this call is no panic of its own.
    began_in_panic: bool,
    /// After how many forks it began, as far as two bytes tell.
    forks: u16,
    /// Zero before the call has begun.
    start_ticks: u64,
    /// Whom the call asks, if it asks a database.
    target: TargetId,
    /// How that failed.
    failure: FailureId,
}

// It lies in every future whose calls are counted, on the stack of every such call, and most of them
// ask no database.
const _: () = assert!(size_of::<Meter>() <= 32);

/// What may count the calls of a future or stream: a [`Meter`], or nothing.
pub trait Metering: Sealed {}

mod private {
    pub trait Sealed {
        /// The meter, if there is anything to do for it.
        fn meter(&mut self) -> Option<&mut super::Meter>;
    }
}

pub(super) use private::Sealed;

impl Meter {
    /// A meter for a call of this series, which has not begun. Nothing, while calls are not
    /// counted.
    #[inline]
    #[must_use]
    pub fn new(site: &'static Site, calls: &'static Calls, series: Series) -> Self {
        Self {
            calls: site.is_counting().then_some(calls),
            series,
            ending: Ending::OK,
            began_in_panic: false,
            forks: 0,
            start_ticks: 0,
            target: TargetId::NONE,
            failure: FailureId::NONE,
        }
    }

    /// A meter for a call that begins; zero ticks mean that nobody has looked at the clock yet.
    #[inline(always)]
    pub(super) fn begun(
        calls: &'static Calls,
        series: Series,
        start_ticks: u64,
        began_in_panic: bool,
    ) -> Self {
        Self {
            calls: Some(calls),
            series,
            ending: Ending::OK,
            began_in_panic,
            forks: 0,
            start_ticks: known_or_now(start_ticks),
            target: TargetId::NONE,
            failure: FailureId::NONE,
        }
    }

    /// The call asks this database.
    #[inline]
    pub(super) fn ask(&mut self, target: &'static Target) {
        self.target = TargetId::of(target);
    }

    #[inline(always)]
    fn start(&mut self, start_ticks: u64) {
        self.start_ticks = known_or_now(start_ticks);
        if !self.is_plain() {
            self.enter();
        }
    }

    /// The call is in flight, if that is wanted.
    #[inline(never)]
    pub(super) fn enter(&mut self) {
        if let Some(calls) = self.calls {
            self.forks = calls.forks() as u16;
            calls.enter(self.series);
        }
    }

    /// The thread is unwinding already.
    #[inline(always)]
    pub(super) fn begin_in_panic(&mut self) {
        self.began_in_panic = true;
    }

    /// The call ends because its thread unwinds.
    #[cold]
    pub(super) fn unwind(&mut self) {
        if !self.began_in_panic {
            self.ending = Ending::PANICKED;
        }
    }

    /// The call is over. A second call does nothing.
    #[inline(always)]
    pub(super) fn end(&mut self, local: &Local, end_ticks: u64) {
        let Some(calls) = self.calls.take() else {
            return;
        };
        // Two cores may disagree by a few ticks: no call ends before it began.
        let ticks = end_ticks.wrapping_sub(self.start_ticks).cast_signed();
        let ticks = ticks.max(0).cast_unsigned();
        if calls.are_plain() {
            calls.record(local, self.series, self.ending, ticks);
        } else {
            self.end_unusual(calls, local, ticks);
        }
    }

    /// Out of line, since most functions ask no database, and nobody wants to know how many calls
    /// are in flight.
    #[inline(never)]
    fn end_unusual(&self, calls: &'static Calls, local: &Local, ticks: u64) {
        if calls.asks() {
            self.end_query(calls.site(), ticks);
            if !calls.counts() {
                return;
            }
        }
        calls.record(local, self.series, self.ending, ticks);
        calls.leave(local, self.series, self.forks);
    }

    fn end_query(&self, site: &'static Site, ticks: u64) {
        let Some(query) = site.spec().query else {
            return;
        };
        let without_answer = |error_type| {
            Some(Failure {
                error_type,
                status: None,
            })
        };
        let failure = match self.ending {
            Ending::OK => None,
            Ending::PANICKED => without_answer("panic"),
            Ending::CANCELLED => without_answer("cancelled"),
            _ => self.failure.failure(),
        };
        let series = db::series(&Operation::of(query, self.target.target()), failure);
        db::record_in(series, ticks as f64 * seconds_per_tick());
    }

    /// The call was given up before it was over; says when.
    #[cold]
    #[inline(never)]
    fn give_up(&mut self) -> u64 {
        let end_ticks = ticks();
        self.set_ending(Ending::CANCELLED);
        thread::with(|local| self.end(local, end_ticks));
        end_ticks
    }

    /// True if there is no more to the call than its duration.
    #[inline(always)]
    pub(super) const fn is_plain(&self) -> bool {
        match self.calls {
            Some(calls) => calls.are_plain(),
            None => true,
        }
    }

    /// True if the call asks a database.
    #[inline(always)]
    pub(super) const fn asks(&self) -> bool {
        match self.calls {
            Some(calls) => calls.asks(),
            None => false,
        }
    }

    #[inline(always)]
    pub(super) const fn is_active(&self) -> bool {
        self.calls.is_some()
    }

    /// The function whose call it is.
    pub(super) fn site(&self) -> Option<&'static Site> {
        self.calls.map(Calls::site)
    }

    #[inline(always)]
    pub(super) fn set_ending(&mut self, ending: Ending) {
        self.ending = ending;
    }

    /// The call failed, with an error of this type, and of this meaning if it has one.
    #[cold]
    pub(super) fn fail(&mut self, meaning: Option<&Classification<'_>>, type_name: &str) {
        let Some(calls) = self.calls else { return };
        self.ending = calls.ending_with(meaning);
        if calls.asks() {
            self.failure = FailureId::of(Failure {
                error_type: meaning.map_or(type_name, |meaning| meaning.code),
                status: meaning.and_then(|meaning| meaning.response_status),
            });
        }
    }
}

/// The tick, or the current one if it is zero.
#[inline(always)]
fn known_or_now(known_ticks: u64) -> u64 {
    match known_ticks {
        0 => ticks(),
        known => known,
    }
}

impl Metering for Meter {}
impl Metering for () {}

impl Sealed for Meter {
    #[inline(always)]
    fn meter(&mut self) -> Option<&mut Meter> {
        self.is_active().then_some(self)
    }
}

impl Sealed for () {
    #[inline(always)]
    fn meter(&mut self) -> Option<&mut Meter> {
        None
    }
}

/// A poll of what is metered. Dropped only if the poll unwinds.
#[derive(Debug)]
pub(super) struct Counting<'a>(&'a mut Meter);

impl<'a> Counting<'a> {
    /// Begins the call with its first poll.
    #[inline(always)]
    pub(super) fn new(meter: &'a mut Meter, start_ticks: u64) -> Self {
        if meter.start_ticks == 0 {
            meter.start(start_ticks);
        }
        if meter.asks() {
            db::enter();
        }
        Self(meter)
    }

    #[inline(always)]
    pub(super) fn meter(&mut self) -> &mut Meter {
        self.0
    }

    /// The poll is over, and if it `is_done` the call too; says when, or zero if it did not look
    /// at the clock.
    #[inline(always)]
    pub(super) fn finish(self, is_done: bool) -> u64 {
        let end_ticks = if is_done { ticks() } else { 0 };
        if self.0.asks() {
            db::leave();
        }
        if is_done {
            thread::with(|local| self.0.end(local, end_ticks));
        }
        std::mem::forget(self);
        end_ticks
    }
}

impl Drop for Counting<'_> {
    #[cold]
    fn drop(&mut self) {
        if self.0.asks() {
            db::leave();
        }
        self.0.set_ending(Ending::PANICKED);
        thread::with(|local| self.0.end(local, ticks()));
    }
}

/// A call that is given up half-way; over when this is dropped.
#[derive(Debug)]
pub(super) struct GivingUp<'a>(Option<&'a mut Meter>);

// Inlined with what they ask, since a future without a meter must not pay for any of it.
impl<'a> GivingUp<'a> {
    /// Nothing, if the call has not begun.
    #[inline(always)]
    pub(super) fn new(meter: Option<&'a mut Meter>) -> Self {
        Self(match meter {
            Some(meter) if meter.start_ticks != 0 => Some(meter),
            _ => None,
        })
    }

    /// Over at this moment; says when, or zero if it did not look at the clock.
    #[inline(always)]
    pub(super) fn end(&mut self) -> u64 {
        self.0.take().map_or(0, Meter::give_up)
    }
}

impl Drop for GivingUp<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.end();
    }
}
