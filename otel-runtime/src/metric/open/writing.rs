//! Values for instruments with open labels.

use super::super::block;
use super::super::instrument::Instrument;
use super::super::labels::{Labels, Values};
use super::super::shard::Cells;
use super::super::spec::Kind;
use super::interner::Interner;
use super::page;
use super::series::Series;

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
    pub(in crate::metric) fn add_open_int(&'static self, series: Series, by: u64) {
        self.write_open(series, series.index(), |cells, cell| {
            // SAFETY: it is a cell of an instrument of whole numbers, given to its one writer.
            unsafe { block::add_int(cells, cell, by) }
        });
    }

    /// Adds floating-point numbers.
    #[inline]
    pub(in crate::metric) fn add_open_double(&'static self, series: Series, by: f64) {
        self.write_open(series, series.index(), |cells, cell| {
            // SAFETY: as above, of floating-point numbers.
            unsafe { block::add_number(cells, cell, by) }
        });
    }

    /// Counts a value of a histogram, in this one of the cells of the series' place.
    #[inline]
    pub(in crate::metric) fn record_open(&'static self, series: Series, cell: usize, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.spec().kind {
            Kind::Histogram(boundaries) => self.write_open(series, cell, |cells, cell| {
                // SAFETY: it is a cell of this histogram, given to its one writer.
                unsafe { block::record_explicit(cells, cell, boundaries, value) }
            }),
            Kind::ExponentialHistogram if value >= 0.0 => {
                self.write_open(series, cell, |cells, cell| {
                    // SAFETY: as above.
                    unsafe { block::record_exponential(cells, cell, value) }
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
            let (cells, cell) = unsafe { page::cells(pages, self.spec(), series, series.index()) };
            // SAFETY: it is a cell of a gauge.
            let cell = unsafe { block::gauge(cells, cell) };
            block::change(cell, change);
        });
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
                let (cells, cell) =
                    unsafe { page::cells(pages, self.spec(), series, series.index()) };
                // SAFETY: as in `add_open_int`.
                unsafe { block::add_int(cells, cell, by.wrapping_neg()) }
            });
        }
    }

    /// Gives the cell that this thread may write to `write`.
    #[inline(always)]
    fn write_open(&'static self, series: Series, cell: usize, write: impl FnOnce(Cells, usize)) {
        self.write_pages(|pages| {
            // SAFETY: the pages are those of this instrument, given to their one writer.
            let (cells, cell) = unsafe { page::cells(pages, self.spec(), series, cell) };
            write(cells, cell);
        });
    }
}
