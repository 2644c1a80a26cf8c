//! All cells of one instrument: a block for each thread that counts.
//!
//! A block keeps its numbers when its thread ends, and the next thread goes on
//! counting in it. So nothing is ever moved from one place to another, and
//! there are as many blocks as there were threads at the same time.

use std::collections::HashSet;
use std::ptr;

use super::histogram::{Explicit, ExplicitCounts, Exponential, ExponentialCounts, add, add_double};
use super::open::{self, Generation, Page, Pages, Place};
use super::shard::Cells;
use super::spec::{Kind, Number, Spec};
use super::sync::{AtomicPtr, AtomicU64, Ordering};

/// The blocks of an instrument; behind a lock that is taken when a thread comes, when it goes, and
/// when somebody reads.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    all: Vec<Block>,
    /// Those whose thread has ended.
    free: Vec<usize>,
    /// The one for threads that cannot have their own. Written under the lock only.
    shared: Option<usize>,
    /// The cells of open labels' places that somebody has seen.
    pub(super) shown: HashSet<(Place, usize)>,
}

/// A cell for each series.
#[derive(Debug)]
pub(super) enum Block {
    Numbers(Box<[AtomicU64]>),
    Explicit(Box<[AtomicPtr<Explicit>]>),
    Exponential(Box<[AtomicPtr<Exponential>]>),
    /// Those of an instrument with open labels.
    Pages(Pages),
}

/// What an instrument has counted, by series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    Ints(Vec<u64>),
    Doubles(Vec<f64>),
    /// Of gauges: `None` where nothing was set.
    Bits(Vec<Option<u64>>),
    Explicit(Vec<ExplicitCounts>),
    Exponential(Vec<ExponentialCounts>),
}

/// What is stored for a gauge that nobody has set is zero; so what is stored for a value is the
/// value and this, the bits of a NaN that no computation yields.
const UNSET: u64 = 0x7ff8_07e1_0000_0000;

/// How a gauge's value is stored.
pub(super) const fn stored(bits: u64) -> u64 {
    bits ^ UNSET
}

/// What is stored in a gauge, read.
const fn value(stored: u64) -> Option<u64> {
    if stored == 0 {
        None
    } else {
        Some(stored ^ UNSET)
    }
}

impl Block {
    fn new(spec: &Spec) -> Self {
        match spec.places {
            0 => Self::known(spec, spec.series),
            places => Self::Pages(open::pages(places)),
        }
    }

    /// For so many series, whose labels are known.
    pub(super) fn known(spec: &Spec, series: usize) -> Self {
        fn nulls<T>(count: usize) -> Box<[AtomicPtr<T>]> {
            (0..count)
                .map(|_| AtomicPtr::new(ptr::null_mut()))
                .collect()
        }
        match spec.kind {
            Kind::Counter(_) | Kind::UpDownCounter(_) | Kind::Gauge(_) => {
                Self::Numbers((0..series).map(|_| AtomicU64::new(0)).collect())
            }
            Kind::Histogram(_) => Self::Explicit(nulls(series)),
            Kind::ExponentialHistogram => Self::Exponential(nulls(series)),
        }
    }

    /// Makes it one in which nothing was counted. For its one writer.
    pub(super) fn clear(&self) {
        match self {
            Self::Numbers(cells) => {
                for cell in cells {
                    cell.store(0, Ordering::Relaxed);
                }
            }
            Self::Explicit(cells) => cells.iter().filter_map(seen).for_each(Explicit::clear),
            Self::Exponential(cells) => {
                cells.iter().filter_map(seen).for_each(Exponential::clear);
            }
            // There is none inside of a page.
            Self::Pages(_) => {}
        }
    }

    pub(super) fn cells(&self) -> Cells {
        match self {
            Self::Numbers(cells) => cells.as_ptr().cast(),
            Self::Explicit(cells) => cells.as_ptr().cast(),
            Self::Exponential(cells) => cells.as_ptr().cast(),
            Self::Pages(pages) => pages.as_ptr().cast(),
        }
    }
}

impl Blocks {
    /// A block for a thread, and which one it is.
    pub(super) fn take(&mut self, spec: &Spec) -> (Cells, usize) {
        let index = self.free.pop().unwrap_or_else(|| self.add(spec));
        (self.all[index].cells(), index)
    }

    /// The block is free again.
    pub(super) fn give_back(&mut self, index: usize) {
        self.free.push(index);
    }

    /// The block of all threads together.
    pub(super) fn shared(&mut self, spec: &Spec) -> Cells {
        let index = match self.shared {
            Some(index) => index,
            None => {
                let index = self.add(spec);
                self.shared = Some(index);
                index
            }
        };
        self.all[index].cells()
    }

    fn add(&mut self, spec: &Spec) -> usize {
        self.all.push(Block::new(spec));
        self.all.len() - 1
    }

    #[cfg(all(test, not(loom)))]
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// Everything that was counted so far.
    pub(super) fn read(&self, spec: &Spec) -> Reading {
        let mut reading = Reading::none(spec);
        for block in &self.all {
            reading.add(block);
        }
        reading
    }

    /// What was counted for one value of an open label.
    pub(super) fn read_place(&self, spec: &Spec, place: Place) -> Reading {
        let mut reading = Reading::none(spec);
        for page in self.pages(place.number as usize) {
            // A page that changes hands meanwhile has none of it. What is read of it may be
            // anything: nothing is done with it before that is known.
            let read = page.read(place.generation, |block| {
                let mut read = Reading::none(spec);
                read.add(block);
                read
            });
            if let Some(read) = read {
                reading.merge(&read);
            }
        }
        reading
    }

    /// What was counted for the values that have no place, and how many times.
    pub(super) fn read_overflow(&self, spec: &Spec) -> (Reading, u64) {
        let one = Spec { series: 1, ..*spec };
        let place = Place {
            number: spec.places as u32,
            generation: Generation::OVERFLOW,
        };
        let values = self.pages(spec.places).map(Page::values).sum();
        (self.read_place(&one, place), values)
    }

    /// The pages for a place.
    fn pages(&self, place: usize) -> impl Iterator<Item = &Page> {
        self.all.iter().filter_map(move |block| match block {
            Block::Pages(pages) => open::seen(pages, place),
            _ => None,
        })
    }
}

impl Reading {
    fn none(spec: &Spec) -> Self {
        let series = spec.series;
        match spec.kind {
            Kind::Counter(Number::Int) | Kind::UpDownCounter(Number::Int) => {
                Self::Ints(vec![0; series])
            }
            Kind::Counter(Number::Double) | Kind::UpDownCounter(Number::Double) => {
                Self::Doubles(vec![0.0; series])
            }
            Kind::Gauge(_) => Self::Bits(vec![None; series]),
            Kind::Histogram(boundaries) => {
                Self::Explicit(vec![ExplicitCounts::empty(boundaries.len()); series])
            }
            Kind::ExponentialHistogram => {
                Self::Exponential(vec![ExponentialCounts::empty(); series])
            }
        }
    }

    fn add(&mut self, block: &Block) {
        match (self, block) {
            (Self::Ints(sums), Block::Numbers(cells)) => {
                for (sum, cell) in sums.iter_mut().zip(cells) {
                    *sum = sum.wrapping_add(cell.load(Ordering::Relaxed));
                }
            }
            (Self::Doubles(sums), Block::Numbers(cells)) => {
                for (sum, cell) in sums.iter_mut().zip(cells) {
                    *sum += f64::from_bits(cell.load(Ordering::Relaxed));
                }
            }
            (Self::Bits(values), Block::Numbers(cells)) => {
                for (last, cell) in values.iter_mut().zip(cells) {
                    *last = value(cell.load(Ordering::Relaxed)).or(*last);
                }
            }
            (Self::Explicit(sums), Block::Explicit(cells)) => {
                for (sum, cell) in sums.iter_mut().zip(cells) {
                    if let Some(histogram) = seen(cell) {
                        sum.merge(&histogram.read());
                    }
                }
            }
            (Self::Exponential(sums), Block::Exponential(cells)) => {
                for (sum, cell) in sums.iter_mut().zip(cells) {
                    if let Some(histogram) = seen(cell) {
                        sum.merge(&histogram.read());
                    }
                }
            }
            // A block is made for the kind its instrument has, and that never changes.
            _ => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        fn each<T>(ours: &mut [T], theirs: &[T], merge: impl Fn(&mut T, &T)) {
            ours.iter_mut()
                .zip(theirs)
                .for_each(|(ours, theirs)| merge(ours, theirs));
        }
        match (self, other) {
            (Self::Ints(ours), Self::Ints(theirs)) => {
                each(ours, theirs, |ours, theirs| {
                    *ours = ours.wrapping_add(*theirs)
                });
            }
            (Self::Doubles(ours), Self::Doubles(theirs)) => {
                each(ours, theirs, |ours, theirs| *ours += theirs);
            }
            (Self::Bits(ours), Self::Bits(theirs)) => {
                each(ours, theirs, |ours, theirs| *ours = theirs.or(*ours));
            }
            (Self::Explicit(ours), Self::Explicit(theirs)) => {
                each(ours, theirs, ExplicitCounts::merge);
            }
            (Self::Exponential(ours), Self::Exponential(theirs)) => {
                each(ours, theirs, ExponentialCounts::merge);
            }
            // Both are readings of one instrument.
            _ => {}
        }
    }
}

/// What a cell points to, if there is anything yet.
fn seen<T>(cell: &AtomicPtr<T>) -> Option<&T> {
    // SAFETY: what was stored came from a box that is never freed; Acquire pairs with the Release
    // of `filled`.
    unsafe { cell.load(Ordering::Acquire).as_ref() }
}

/// What a cell points to; made if there is nothing yet. Only for the cell's one writer.
#[inline(always)]
fn filled<T>(cell: &AtomicPtr<T>, make: impl FnOnce() -> T) -> &T {
    // SAFETY: what was stored came from a box that is never freed, and was stored by this writer
    // or before a lock that this writer has taken since.
    match unsafe { cell.load(Ordering::Relaxed).as_ref() } {
        Some(there) => there,
        None => fill(cell, make),
    }
}

#[cold]
fn fill<T>(cell: &AtomicPtr<T>, make: impl FnOnce() -> T) -> &T {
    let made: &T = Box::leak(Box::new(make()));
    // The allocator may have counted, and have been here first.
    match cell.compare_exchange(
        ptr::null_mut(),
        ptr::from_ref(made).cast_mut(),
        Ordering::Release,
        Ordering::Relaxed,
    ) {
        Ok(_) => made,
        // SAFETY: as in `filled`; what was made is left unused.
        Err(there) => unsafe { &*there },
    }
}

/// One of the cells; they are never freed.
///
/// # Safety
/// There are more than `series` of them, and they are of this type.
#[inline(always)]
unsafe fn cell<'a, T>(cells: Cells, series: usize) -> &'a T {
    // SAFETY: the caller's promise.
    let cell = unsafe { cells.cast::<T>().add(series) };
    // SAFETY: the caller's promise.
    unsafe { &*cell }
}

/// Adds to the sum of a series.
///
/// # Safety
/// `cells` are those of an instrument of whole numbers with more than `series` series, and the
/// calling thread is their only writer.
#[inline(always)]
pub(super) unsafe fn add_int(cells: Cells, series: usize, by: u64) {
    // SAFETY: the caller's promise.
    add(unsafe { cell::<AtomicU64>(cells, series) }, by);
}

/// The same with floating-point numbers.
///
/// # Safety
/// As for [`add_int`], of an instrument of floating-point numbers.
#[inline(always)]
pub(super) unsafe fn add_number(cells: Cells, series: usize, by: f64) {
    // SAFETY: the caller's promise.
    add_double(unsafe { cell::<AtomicU64>(cells, series) }, by);
}

/// The cell of a gauge.
///
/// # Safety
/// `cells` are those of a gauge with more than `series` series.
#[inline(always)]
pub(super) unsafe fn gauge<'a>(cells: Cells, series: usize) -> &'a AtomicU64 {
    // SAFETY: the caller's promise.
    unsafe { cell(cells, series) }
}

/// Changes a gauge by what `change` makes of its value, zero if it has none.
pub(super) fn change(cell: &AtomicU64, change: impl Fn(u64) -> u64) {
    let _ = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |bits| {
        Some(stored(change(value(bits).unwrap_or(0))))
    });
}

/// Counts a value in a histogram with fixed boundaries; says in which bucket.
///
/// # Safety
/// `cells` are those of a histogram with these boundaries and more than `series` series, and the
/// calling thread is their only writer.
#[inline(always)]
pub(super) unsafe fn record_explicit(
    cells: Cells,
    series: usize,
    boundaries: &'static [f64],
    value: f64,
) -> usize {
    // SAFETY: the caller's promise.
    let cell = unsafe { cell::<AtomicPtr<Explicit>>(cells, series) };
    filled(cell, || Explicit::new(boundaries.len())).record(boundaries, value)
}

/// Counts a value in an exponential histogram.
///
/// # Safety
/// As for [`record_explicit`], of an exponential histogram.
#[inline(always)]
pub(super) unsafe fn record_exponential(cells: Cells, series: usize, value: f64) {
    // SAFETY: the caller's promise.
    let cell = unsafe { cell::<AtomicPtr<Exponential>>(cells, series) };
    filled(cell, Exponential::new).record(value);
}
