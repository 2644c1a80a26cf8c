//! What instruments with open labels do otherwise: a series has no number, but a place that is its
//! own for a while.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use super::super::block::Reading;
use super::super::cells;
use super::super::exemplar;
use super::super::labels::{Labels, Values};
use super::super::open::{self, Generation, Interner, Live, Place, Series, Value};
use super::super::shard::{self, Cells};
use super::super::spec::Kind;
use super::super::switch::{NEW, OFF};
use super::Instrument;
use crate::class::Classification;
use crate::thread;

/// Where an instrument has its open labels' values.
#[derive(Debug)]
pub(in crate::metric) enum Interned {
    /// It has none.
    None,
    Own(Interner),
    /// Together with others.
    Shared(&'static Interner),
}

impl Interned {
    /// Of its own, with so many places; none if that is none.
    pub(in crate::metric) const fn own(places: usize) -> Self {
        match places {
            0 => Self::None,
            places => Self::Own(Interner::with_places(places)),
        }
    }

    pub(in crate::metric) const fn interner(&self) -> Option<&Interner> {
        match self {
            Self::None => None,
            Self::Own(interner) => Some(interner),
            Self::Shared(interner) => Some(interner),
        }
    }
}

impl Instrument {
    /// The place of an error that was not known, given to it if need be; `None` if there are too
    /// many.
    pub(in crate::metric) fn meet(&self, error: &Classification<'_>) -> Option<usize> {
        let named = [Value::from(error.code), Value::from(error.class.as_str())];
        let series = self.met.series(0, &named);
        (!series.is_overflow()).then(|| series.place().number as usize)
    }

    /// The errors that were not known and have come.
    pub(in crate::metric) fn met(&self) -> Vec<Live> {
        self.met.live()
    }

    /// Forgets the values of open labels, in a forked child.
    pub(super) fn forget_values(&self) {
        self.met.forget();
        if let Some(interner) = self.interner() {
            interner.forget();
        }
    }

    /// The values of its open labels, if it has any.
    #[inline(always)]
    pub(crate) fn interner(&self) -> Option<&Interner> {
        self.interned.interner()
    }

    /// The same, divided by open labels whose values are kept there.
    pub(in crate::metric) const fn share(
        &mut self,
        keys: &'static [&'static str],
        interner: &'static Interner,
    ) {
        self.spec.open_keys = keys;
        self.spec.places = interner.places();
        self.interned = Interned::Shared(interner);
    }

    /// Where the values of its open labels are kept, if that is not its own.
    pub(in crate::metric) const fn shared(&self) -> Option<&'static Interner> {
        match self.interned {
            Interned::Shared(interner) => Some(interner),
            Interned::None | Interned::Own(_) => None,
        }
    }

    /// The series of these labels, some of which are open. While values are not wanted, no place
    /// is given to any.
    #[inline]
    pub(in crate::metric) fn series<L: Labels>(&'static self, given: &L::Given<'_>) -> Series {
        let interner = if self.is_wanted() {
            self.interner()
        } else {
            None
        };
        let Some(interner) = interner else {
            return Series::OVERFLOW;
        };
        let mut values = Values::new();
        L::values(given, &mut values);
        interner.series(L::index(given), values.all())
    }

    /// Adds whole numbers, as [`add_int`](Self::add_int) does.
    #[inline]
    pub(in crate::metric) fn add_open_int(&'static self, series: Series, by: u64) -> bool {
        let mut has_added = false;
        self.write_open(series, series.index(), |cells, cell| {
            // SAFETY: it is a cell of an instrument of whole numbers, given to its one writer.
            unsafe { cells::add_int(cells, cell, by) }
            self.offer_open(series, series.index(), 0, by);
            has_added = true;
        });
        has_added
    }

    /// Offers a value that this thread has just counted as an exemplar.
    #[inline(always)]
    fn offer_open(&'static self, series: Series, cell: usize, group: usize, value: u64) {
        if thread::with(exemplar::is_eligible) {
            self.offer_open_now(series, cell, group, value);
        }
    }

    #[inline(never)]
    fn offer_open_now(&'static self, series: Series, cell: usize, group: usize, value: u64) {
        if let Some(exemplars) = &self.store().open_exemplars {
            if series.is_overflow() {
                // Its page comes after those of the places, and has one cell.
                let number = self.spec().places as u32;
                let generation = Generation::OVERFLOW;
                exemplars.offer(Place { number, generation }, 0, group, value);
            } else {
                exemplars.offer(series.place(), cell, group, value);
            }
        }
    }

    /// Adds floating-point numbers.
    #[inline]
    pub(in crate::metric) fn add_open_double(&'static self, series: Series, by: f64) {
        self.write_open(series, series.index(), |cells, cell| {
            // SAFETY: as above, of floating-point numbers.
            unsafe { cells::add_number(cells, cell, by) }
            self.offer_open(series, series.index(), 0, by.to_bits());
        });
    }

    /// Counts a value of a histogram, in this one of the cells of the series' place.
    #[inline]
    pub(in crate::metric) fn record_open(&'static self, series: Series, cell: usize, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.spec().kind {
            Kind::Histogram(boundaries) => self.write_open(series, cell, |cells, at| {
                // SAFETY: it is a cell of this histogram, given to its one writer.
                let bucket = unsafe { cells::record_explicit(cells, at, boundaries, value) };
                if let Some(bucket) = bucket {
                    self.offer_open(series, cell, exemplar::bucket(bucket), value.to_bits());
                }
            }),
            Kind::ExponentialHistogram if value >= 0.0 => {
                self.write_open(series, cell, |cells, at| {
                    // SAFETY: as above.
                    if unsafe { cells::record_exponential(cells, at, value) } {
                        self.offer_open(series, cell, exemplar::octave(value), value.to_bits());
                    }
                });
            }
            _ => {}
        }
    }

    /// Changes a gauge by what `change` makes of its value, zero if it has none.
    ///
    /// All threads write the same cell, which may be somebody else's at any moment: so there is one
    /// writer at a time, under the lock.
    pub(in crate::metric) fn change_open(
        &'static self,
        series: Series,
        change: impl Fn(u64) -> u64,
    ) {
        self.write_alone(|pages| {
            // SAFETY: under the lock, this thread is the one writer of the pages.
            let found = unsafe { open::cells(pages, self.spec(), series, series.index()) };
            if let Some((cells, cell)) = found {
                // SAFETY: it is a cell of a gauge.
                let cell = unsafe { cells::gauge(cells, cell) };
                cells::change(cell, change);
            }
        });
    }

    /// Raises a counter in a series that may be open, and may have lost its place since.
    #[inline(always)]
    pub(in crate::metric) fn raise_int_to(&'static self, series: Series, by: u64) {
        if series.is_open() {
            self.add_late_int(series, by);
        } else {
            self.raise_int(series.number(), by);
        }
    }

    /// Adds whole numbers to a series that may be open, and may have lost its place since.
    #[inline(always)]
    pub(in crate::metric) fn add_int_to(&'static self, series: Series, by: u64) {
        if series.is_open() {
            self.add_late_int(series, by);
        } else {
            self.add_int(series.number(), by);
        }
    }

    #[inline(never)]
    fn add_late_int(&'static self, series: Series, by: u64) {
        self.add_open_int(self.still(series), by);
    }

    /// The same with a value of a histogram.
    #[inline(always)]
    pub(in crate::metric) fn record_to(&'static self, series: Series, value: f64) {
        if series.is_open() {
            self.record_open(self.still(series), series.index(), value);
        } else {
            self.record(series.number(), value);
        }
    }

    /// The series if it still has its place, else that of what has none.
    #[inline]
    pub(in crate::metric) fn still(&self, series: Series) -> Series {
        self.interner()
            .map_or(Series::OVERFLOW, |interner| interner.still(series))
    }

    /// Takes back what was added, whether or not values are wanted any more; nothing, if the place
    /// has gone with it.
    #[inline(never)]
    pub(in crate::metric) fn take_back_open_int(&'static self, series: Series, by: u64) {
        if self.still(series) == series {
            self.write_pages_in_any_case(|pages| {
                // SAFETY: as in `write_open`.
                let found =
                    unsafe { open::cells_again(pages, self.spec(), series, series.index()) };
                if let Some((cells, cell)) = found {
                    // SAFETY: as in `add_open_int`.
                    unsafe { cells::add_int(cells, cell, by.wrapping_neg()) }
                }
            });
        }
    }

    /// Gives the cell that this thread may write to `write`.
    #[inline(always)]
    fn write_open(&'static self, series: Series, cell: usize, write: impl FnOnce(Cells, usize)) {
        self.write_pages(|pages| {
            // SAFETY: the pages are those of this instrument, given to their one writer.
            let found = unsafe { open::cells(pages, self.spec(), series, cell) };
            if let Some((cells, cell)) = found {
                write(cells, cell);
            }
        });
    }

    /// True if values are wanted.
    #[inline(always)]
    pub(in crate::metric) fn is_wanted(&'static self) -> bool {
        match self.switch.slot() {
            OFF => false,
            NEW => self.is_wanted_from_now(),
            _ => true,
        }
    }

    #[cold]
    fn is_wanted_from_now(&'static self) -> bool {
        self.register();
        self.switch.slot() != OFF
    }

    /// Gives this thread's pages to `write`.
    #[inline(always)]
    pub(in crate::metric) fn write_pages(&'static self, write: impl FnOnce(Cells)) {
        thread::with(|local| self.write_somewhere(self.switch.slot(), local, write));
    }

    /// The same, also while values are not wanted.
    pub(in crate::metric) fn write_pages_in_any_case(&'static self, write: impl FnOnce(Cells)) {
        let id = self.id.load(Ordering::Relaxed);
        thread::with(|local| self.write_somewhere(id, local, write));
    }

    /// Gives the cells of all threads to `write`, one thread after the other.
    pub(in crate::metric) fn write_alone(&'static self, write: impl FnOnce(Cells)) {
        if self.is_wanted() {
            shard::alone(|| {
                let mut blocks = self.blocks();
                write(blocks.shared(&self.spec));
            });
        }
    }

    /// What was counted for one value of its open labels.
    pub(in crate::metric) fn read_place(&self, place: Place) -> Reading {
        shard::undisturbed(|| self.blocks().read_place(&self.spec, place))
    }

    /// What was counted for the values that have no place, and how many times.
    pub(in crate::metric) fn read_overflow(&self) -> (Reading, u64) {
        shard::undisturbed(|| self.blocks().read_overflow(&self.spec))
    }

    /// Which cells of places have been shown: only those of sums that can fall, since others stay
    /// above zero.
    pub(in crate::metric) fn shown(&self) -> HashSet<(Place, usize)> {
        shard::undisturbed(|| self.blocks().shown.clone())
    }

    /// Says which have been shown just now.
    pub(in crate::metric) fn set_shown(&self, shown: HashSet<(Place, usize)>) {
        if matches!(self.spec.kind, Kind::UpDownCounter(_)) {
            shard::undisturbed(|| self.blocks().shown = shown);
        }
    }
}
