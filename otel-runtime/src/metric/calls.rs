//! The instruments of a metered function.
//!
//! There is one histogram, of how long the calls took, with a series for each way
//! they can end; how many calls there were is read off it.

use super::call::{CallSpec, Ending, Endings, MOST_MET};
use super::instrument::{Instrument, forks};
use super::open::{Interner, Series};
use super::shape::LabelShape;
use super::spec::{
    Kind, MOST_SERIES, Number, Spec, check_boundaries, check_keys, check_name, check_open,
    check_series,
};
use crate::class::{Classification, Codes};
use crate::clock;
use crate::site::Site;
use crate::thread::Local;

/// What the calls of one function are counted and timed by; a `static` that generated code
/// declares.
///
/// What every call looks at lies in one cache line.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Calls {
    /// Nothing is wanted of a call but its duration.
    is_plain: bool,
    asks: Asks,
    /// How many ways there are to end.
    endings: usize,
    /// The durations' unit.
    units_per_second: f64,
    durations: Instrument,
    /// The durations of calls with errors that are not known before they come, if there can be any.
    met: Option<Instrument>,
    in_flight: Option<Instrument>,
    most_series: usize,
}

/// What is wanted of calls beside their durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    /// They ask no database.
    Nothing,
    /// They do, and that is all that is wanted of them.
    Only,
    /// They do.
    Too,
}

impl Calls {
    /// Of a function of which nothing is counted but what it asks a database.
    #[must_use]
    #[track_caller]
    pub const fn of_query(site: &'static Site) -> Self {
        Self {
            is_plain: false,
            asks: Asks::Only,
            ..Self::new(site)
        }
    }

    /// The same, and what it asks a database.
    #[must_use]
    pub const fn asking(mut self) -> Self {
        self.asks = Asks::Too;
        self.is_plain = false;
        self
    }

    /// Of the function at this Site: no labels, seconds, exponential buckets.
    #[must_use]
    #[track_caller]
    pub const fn new(site: &'static Site) -> Self {
        let endings = Endings::new("function.calls");
        let spec = Spec {
            unit: "s",
            description: "How long calls of the function took.",
            series: endings.count(),
            calls: Some(CallSpec {
                site,
                endings: Some(endings),
            }),
            ..Spec::one("function.duration", Kind::ExponentialHistogram)
        };
        Self {
            is_plain: true,
            asks: Asks::Nothing,
            endings: endings.count(),
            units_per_second: 1.0,
            durations: Instrument::new(spec),
            met: None,
            in_flight: None,
            most_series: MOST_SERIES,
        }
    }

    /// The same, with labels whose values are known at compile time that may make so many series;
    /// before the labels.
    #[must_use]
    pub const fn max_series(mut self, most: usize) -> Self {
        self.most_series = most;
        self
    }

    /// The same under other names: that of the durations, and that of the number of calls.
    #[must_use]
    pub const fn names(self, durations: &'static str, counter: &'static str) -> Self {
        check_name(durations);
        check_name(counter);
        let mut endings = self.endings();
        endings.counter = counter;
        let mut calls = self.with_endings(endings);
        calls.durations.spec_mut().name = durations;
        calls.settled()
    }

    /// The same, divided by labels.
    #[must_use]
    pub const fn labels(mut self, keys: &'static [&'static str], shape: LabelShape) -> Self {
        check_keys(keys, shape.width);
        let spec = self.durations.spec_mut();
        spec.keys = keys;
        spec.describe = shape.describe;
        spec.series = shape.series * self.endings;
        if let Some(in_flight) = &mut self.in_flight {
            let spec = in_flight.spec_mut();
            spec.keys = keys;
            spec.describe = shape.describe;
            spec.series = shape.series;
        }
        self.check();
        self.settled()
    }

    /// The same, divided by open labels, too, whose values are kept there.
    #[must_use]
    pub const fn open(
        mut self,
        keys: &'static [&'static str],
        interner: &'static Interner,
    ) -> Self {
        self.durations.share(keys, interner);
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.share(keys, interner);
        }
        self.check();
        self.settled()
    }

    /// The same, with all instruments as the durations are now described.
    const fn settled(mut self) -> Self {
        let endings = self.endings();
        if !endings.codes.is_open() {
            return self;
        }
        let durations = self.durations.spec();
        let mut met = Instrument::new(Spec {
            series: durations.series / self.endings * MOST_MET,
            calls: Some(CallSpec {
                site: self.site(),
                endings: Some(Endings {
                    are_met: true,
                    ..endings
                }),
            }),
            places: 0,
            ..*durations
        });
        if let Some(interner) = self.durations.shared() {
            met.share(durations.open_keys, interner);
        }
        self.met = Some(met);
        self
    }

    const fn check(&self) {
        let spec = self.durations.spec();
        check_series(spec.series, self.most_series);
        check_open(spec.open_keys.len(), spec.series, spec.places);
    }

    /// The same, with calls that can end in these errors, and in others if they have a name.
    #[must_use]
    pub const fn errors(self, codes: Codes, other: Option<fn() -> &'static str>) -> Self {
        let mut endings = self.endings();
        if other.is_some() {
            endings.codes = codes;
        }
        endings.other = other;
        self.with_endings(endings)
    }

    /// The same, with calls that can be given up half-way.
    #[must_use]
    pub const fn asynchronous(self) -> Self {
        let mut endings = self.endings();
        endings.is_asynchronous = true;
        self.with_endings(endings)
    }

    /// The same, also saying under this name how many calls there are at the moment.
    #[must_use]
    pub const fn in_flight(mut self, name: &'static str) -> Self {
        check_name(name);
        let durations = self.durations.spec();
        let spec = Spec {
            name,
            unit: "{call}",
            description: "How many calls of the function have begun and not ended.",
            kind: Kind::UpDownCounter(Number::Int),
            series: durations.series / self.endings,
            calls: Some(CallSpec {
                site: self.site(),
                endings: None,
            }),
            ..*durations
        };
        let mut in_flight = Instrument::new(spec);
        if let Some(interner) = self.durations.shared() {
            in_flight.share(spec.open_keys, interner);
        }
        self.in_flight = Some(in_flight);
        self.is_plain = false;
        self
    }

    /// The same, timed in `s`, `ms`, `us` or `ns`.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.units_per_second = match unit.as_bytes() {
            b"s" => 1.0,
            b"ms" => 1e3,
            b"us" => 1e6,
            b"ns" => 1e9,
            _ => panic!("durations are in `s`, `ms`, `us` or `ns`"),
        };
        self.durations.spec_mut().unit = unit;
        self.settled()
    }

    /// The same, saying what the function is about.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.durations.spec_mut().description = description;
        self.settled()
    }

    /// The same, with durations counted between these boundaries.
    #[must_use]
    pub const fn buckets(mut self, boundaries: &'static [f64]) -> Self {
        check_boundaries(boundaries);
        self.durations.spec_mut().kind = Kind::Histogram(boundaries);
        self.settled()
    }

    /// The function.
    #[must_use]
    pub(crate) const fn site(&self) -> &'static Site {
        match &self.durations.spec().calls {
            Some(calls) => calls.site,
            None => unreachable!(),
        }
    }

    const fn endings(&self) -> Endings {
        match self.durations.spec().calls {
            Some(CallSpec {
                endings: Some(endings),
                ..
            }) => endings,
            _ => unreachable!(),
        }
    }

    const fn with_endings(mut self, endings: Endings) -> Self {
        let calls = CallSpec {
            site: self.site(),
            endings: Some(endings),
        };
        let before = self.endings;
        self.endings = endings.count();
        let spec = self.durations.spec_mut();
        spec.calls = Some(calls);
        spec.series = spec.series / before * endings.count();
        self.check();
        self.settled()
    }

    /// True if they ask no database, and nobody wants to know how many there are at the moment.
    #[inline(always)]
    pub(crate) const fn are_plain(&self) -> bool {
        self.is_plain
    }

    /// True if the calls ask a database.
    #[inline(always)]
    pub(crate) const fn asks(&self) -> bool {
        !matches!(self.asks, Asks::Nothing)
    }

    /// True if anything else is wanted of them.
    pub(crate) const fn counts(&self) -> bool {
        !matches!(self.asks, Asks::Only)
    }

    /// A call of this series has ended, after so many ticks.
    #[inline(always)]
    pub(crate) fn record(&'static self, local: &Local, series: Series, ending: Ending, ticks: u64) {
        // In this order: the first product is there before the ticks are. As a signed number they
        // take one instruction to convert.
        let units_per_tick = clock::seconds_per_tick() * self.units_per_second;
        let duration = ticks.cast_signed() as f64 * units_per_tick;
        if series.is_open() || ending.met().is_some() {
            self.record_unusual(series, ending, duration);
        } else {
            let series = series.number() * self.endings + ending.place();
            self.durations.record_on(local, series, duration);
        }
    }

    /// Where labels are open, or the error was not known.
    #[inline(never)]
    fn record_unusual(&'static self, series: Series, ending: Ending, duration: f64) {
        let (durations, endings, place) = match (ending.met(), &self.met) {
            (Some(place), Some(met)) => (met, MOST_MET, place),
            _ => (&self.durations, self.endings, ending.place()),
        };
        let cell = series.index() * endings + place;
        if series.is_open() {
            durations.record_open(durations.still(series), cell, duration);
        } else {
            durations.record(series.number() * endings + place, duration);
        }
    }

    /// A call of this series begins.
    pub(crate) fn enter(&'static self, series: Series) {
        if let Some(in_flight) = &self.in_flight {
            begin_flight(in_flight, series);
        }
    }

    /// How many forks lead to this process, if that matters for the end of a call.
    pub(crate) fn forks(&self) -> u32 {
        self.in_flight.as_ref().map_or(0, |_| forks())
    }

    /// A call of this series that began after so many forks is over, whether or not calls are
    /// counted any more. In a forked child, its parent's calls are not in flight.
    pub(crate) fn leave(&'static self, local: &Local, series: Series, began_after_forks: u16) {
        if let Some(in_flight) = &self.in_flight
            && forks() as u16 == began_after_forks
        {
            end_flight(in_flight, local, series);
        }
    }

    /// The ending with an error of this meaning.
    #[cold]
    pub(crate) fn ending_with(&self, meaning: Option<&Classification<'_>>) -> Ending {
        if !self.counts() {
            return Ending::FAILED;
        }
        let met = self.met.as_ref();
        self.endings().with_error(meaning, |error| met?.meet(error))
    }
}

// Out of line, since most functions have no such instrument.
#[inline(never)]
fn begin_flight(in_flight: &'static Instrument, series: Series) {
    in_flight.add_int_to(series, 1);
}

#[inline(never)]
fn end_flight(in_flight: &'static Instrument, local: &Local, series: Series) {
    if series.is_open() {
        in_flight.take_back_open_int(series, 1);
    } else {
        in_flight.add_int_in_any_case(local, series.number(), u64::MAX);
    }
}

/// Puts what counts a function's calls on the program's list; generated code has the loader call
/// it.
pub extern "C" fn register_calls(calls: &'static Calls) {
    if !calls.counts() {
        return;
    }
    calls.durations.register();
    if let Some(met) = &calls.met {
        met.register();
    }
    if let Some(in_flight) = &calls.in_flight {
        in_flight.register();
    }
}
