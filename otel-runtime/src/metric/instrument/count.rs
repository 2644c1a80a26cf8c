//! What is done with an instrument on the caller's threads.

use std::sync::atomic::Ordering;

use super::super::cells;
use super::super::exemplar;
use super::super::scale;
use super::super::spec::Kind;
use super::super::switch::OFF;
use super::Instrument;
use crate::thread::{self, Local};

impl Instrument {
    /// Raises a counter of whole numbers.
    #[inline(always)]
    pub(crate) fn raise_int(&'static self, series: usize, by: u64) {
        thread::with(|local| {
            self.write(local, series, |cells| {
                // SAFETY: as in `add_int`.
                unsafe { cells::add_int(cells, series, by) };
                // SAFETY: it is a counter, and has been given cells with this series.
                unsafe { self.offer(local, series, 0, by) };
            });
        });
    }

    /// Raises a counter of floating-point numbers.
    #[inline(always)]
    pub(crate) fn raise_double(&'static self, series: usize, by: f64) {
        thread::with(|local| {
            self.write(local, series, |cells| {
                // SAFETY: as in `add_int`.
                unsafe { cells::add_number(cells, series, by) };
                // SAFETY: as in `raise_int`.
                unsafe { self.offer(local, series, 0, by.to_bits()) };
            });
        });
    }

    /// Adds whole numbers; the sum wraps around, so a negative number is its complement. Says whether
    /// it has.
    #[inline(always)]
    pub(crate) fn add_int(&'static self, series: usize, by: u64) -> bool {
        let mut has_added = false;
        thread::with(|local| {
            self.write(local, series, |cells| {
                // SAFETY: the series is one of the instrument's, and `write` gives its cells to
                // their one writer.
                unsafe { cells::add_int(cells, series, by) };
                has_added = true;
            });
        });
        has_added
    }

    /// Adds whole numbers, also while values are not wanted: what was added before is taken back.
    #[inline(always)]
    pub(crate) fn add_int_in_any_case(&'static self, local: &Local, series: usize, by: u64) {
        self.write_at(
            self.id.load(Ordering::Relaxed),
            local,
            series,
            // SAFETY: as in `add_int`.
            |cells| unsafe { cells::add_int(cells, series, by) },
        );
    }

    /// Adds floating-point numbers.
    #[inline(always)]
    pub(crate) fn add_double(&'static self, series: usize, by: f64) {
        thread::with(|local| {
            self.write(
                local,
                series,
                // SAFETY: as in `add_int`.
                |cells| unsafe { cells::add_number(cells, series, by) },
            );
        });
    }

    /// Counts a value of a histogram; one that is not finite is left out.
    #[inline(always)]
    pub(crate) fn record(&'static self, series: usize, value: f64) {
        thread::with(|local| self.record_on(local, series, value));
    }

    /// The same, on the calling thread.
    ///
    /// What is usual is inlined, and what is not begins anew out of line: a value that is needed
    /// after a call would go through memory.
    #[inline(always)]
    pub(crate) fn record_on(&'static self, local: &Local, series: usize, value: f64) {
        let slot = self.switch.slot();
        if slot == OFF {
            return;
        }
        let cells = local.cells(slot);
        if series < self.spec.series
            && !cells.is_null()
            && matches!(self.spec.kind, Kind::ExponentialHistogram)
            && scale::is_normal(value)
            // SAFETY: as in `add_int`: these are the cells of this thread.
            && unsafe { cells::try_record_exponential(cells, series, value) }
        {
            // SAFETY: it is a histogram with this series, and has been given cells.
            unsafe { self.offer(local, series, exemplar::octave(value), value.to_bits()) };
        } else {
            self.record_any(local, series, value);
        }
    }

    #[inline(never)]
    fn record_any(&'static self, local: &Local, series: usize, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.spec.kind {
            Kind::Histogram(boundaries) => self.write(local, series, |cells| {
                // SAFETY: as in `add_int`, with the instrument's own boundaries.
                let bucket = unsafe { cells::record_explicit(cells, series, boundaries, value) };
                if let Some(bucket) = bucket {
                    // SAFETY: as in `record_on`.
                    unsafe { self.offer(local, series, exemplar::bucket(bucket), value.to_bits()) };
                }
            }),
            Kind::ExponentialHistogram if value >= 0.0 => self.write(local, series, |cells| {
                // SAFETY: as in `add_int`.
                let has_counted = unsafe { cells::record_exponential(cells, series, value) };
                if has_counted {
                    // SAFETY: as in `record_on`.
                    unsafe { self.offer(local, series, exemplar::octave(value), value.to_bits()) };
                }
            }),
            _ => {}
        }
    }

    /// Sets a gauge.
    #[inline]
    pub(crate) fn set(&'static self, series: usize, bits: u64) {
        thread::with(|local| {
            self.write(local, series, |cells| {
                // SAFETY: the series is one of the instrument's.
                let cell = unsafe { cells::gauge(cells, series) };
                cell.store(cells::stored(bits), Ordering::Relaxed);
            });
        });
    }

    /// Changes a gauge by what `change` makes of its value, zero if it has none.
    pub(crate) fn change(&'static self, series: usize, change: impl Fn(u64) -> u64) {
        thread::with(|local| {
            self.write(local, series, |cells| {
                // SAFETY: the series is one of the instrument's.
                let cell = unsafe { cells::gauge(cells, series) };
                cells::change(cell, change);
            });
        });
    }

    /// Offers a value that this thread has just counted as an exemplar.
    ///
    /// # Safety
    /// It is a counter or histogram with this series, whose cells the thread has been given.
    #[inline(always)]
    unsafe fn offer(&'static self, local: &Local, series: usize, group: usize, value: u64) {
        if exemplar::is_eligible(local) {
            // SAFETY: who gave the thread the cells has made the store, and nothing frees it.
            let exemplars = unsafe { &(*self.store.load(Ordering::Relaxed)).exemplars };
            // SAFETY: the caller's promise.
            if unsafe { exemplars.is_wanted(series, group) } {
                exemplars.fill(series, group, value);
            }
        }
    }
}
