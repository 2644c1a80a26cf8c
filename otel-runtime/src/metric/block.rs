//! All cells of one instrument: a block for each thread that counts.
//!
//! A block keeps its numbers when its thread ends, and the next thread goes on
//! counting in it. So nothing is ever moved from one place to another, and
//! there are as many blocks as there were threads at the same time.

use std::collections::HashSet;
use std::ptr;

use super::cells::{seen, value};
use super::histogram::{Explicit, ExplicitCounts, Exponential, ExponentialCounts};
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

    #[inline]
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
    /// Nothing.
    pub(super) fn none(spec: &Spec) -> Self {
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
