//! The cells of one place on one thread.
//!
//! An instrument with open labels has no cell for each series in a block, but a
//! page for each place, made when the thread first counts there: what it costs
//! is what is used. A page is stamped with the generation that its numbers are
//! of; its one writer empties it when it counts for a later one.

use std::ptr;

use super::super::block::Block;
use super::super::cells::filled;
use super::super::histogram::add;
use super::super::shard::Cells;
use super::super::spec::Spec;
use super::super::sync::{AtomicPtr, AtomicU64, Ordering};
use super::series::Series;
use super::stamp::{Generation, Stamp};

/// The pages of a block: one for each place, and one for what has none.
pub(in crate::metric) type Pages = Box<[AtomicPtr<Page>]>;

/// The cells of a place.
#[derive(Debug)]
pub(in crate::metric) struct Page {
    stamp: Stamp,
    block: Block,
    /// How many values there were; counted only of what has no place.
    values: AtomicU64,
}

impl Page {
    fn new(spec: &Spec, generation: Generation) -> Self {
        let series = if generation == Generation::OVERFLOW {
            1
        } else {
            spec.series
        };
        Self {
            stamp: Stamp::new(generation),
            block: Block::known(spec, series),
            values: AtomicU64::new(0),
        }
    }

    /// What `read` makes of the cells, if they are all of this generation.
    pub(in crate::metric) fn read<T>(
        &self,
        generation: Generation,
        read: impl FnOnce(&Block) -> T,
    ) -> Option<T> {
        self.stamp.read(Some(generation), |_| read(&self.block))
    }

    /// How many values had no place.
    pub(in crate::metric) fn values(&self) -> u64 {
        self.values.load(Ordering::Relaxed)
    }
}

/// Pages for an instrument with so many places.
pub(in crate::metric) fn pages(places: usize) -> Pages {
    (0..=places)
        .map(|_| AtomicPtr::new(ptr::null_mut()))
        .collect()
}

/// The page, if there is one yet.
pub(in crate::metric) fn seen(pages: &Pages, place: usize) -> Option<&Page> {
    // SAFETY: what was stored came from a box that is never freed; Acquire pairs with the Release
    // of `make`.
    unsafe { pages.get(place)?.load(Ordering::Acquire).as_ref() }
}

/// The cells for a value of this series, and which of them, unless it is the allocator that counts
/// while they are made; `cell` is its number among those of the place. A value that has no place is
/// counted as such.
///
/// # Safety
/// `pages` are those of an instrument of this kind, and the calling thread is their only writer.
#[inline(always)]
pub(in crate::metric) unsafe fn cells(
    pages: Cells,
    spec: &Spec,
    series: Series,
    cell: usize,
) -> Option<(Cells, usize)> {
    // SAFETY: the caller's promise.
    unsafe { cells_of(pages, spec, series, cell, 1) }
}

/// The same for what takes back a value that was counted before.
///
/// # Safety
/// As for [`cells`].
pub(in crate::metric) unsafe fn cells_again(
    pages: Cells,
    spec: &Spec,
    series: Series,
    cell: usize,
) -> Option<(Cells, usize)> {
    // SAFETY: the caller's promise.
    unsafe { cells_of(pages, spec, series, cell, 0) }
}

/// # Safety
/// As for [`cells`].
#[inline(always)]
unsafe fn cells_of(
    pages: Cells,
    spec: &Spec,
    series: Series,
    cell: usize,
    values: u64,
) -> Option<(Cells, usize)> {
    let place = series.place();
    let number = place.number as usize;
    if !series.is_overflow() && number < spec.places && cell < spec.series {
        // SAFETY: the caller's promise, and there is such a place.
        let page = unsafe { page(pages, number, spec, place.generation) }?;
        if page.stamp.claim(place.generation, || page.block.clear()) {
            return Some((page.block.cells(), cell));
        }
    }
    // SAFETY: the caller's promise; the last page is for this.
    let page = unsafe { page(pages, spec.places, spec, Generation::OVERFLOW) }?;
    add(&page.values, values);
    Some((page.block.cells(), 0))
}

/// # Safety
/// As for [`cells`], with a number of a place or the number of places.
#[inline(always)]
unsafe fn page<'a>(
    pages: Cells,
    number: usize,
    spec: &Spec,
    generation: Generation,
) -> Option<&'a Page> {
    // SAFETY: the caller's promise: there are so many.
    let place = unsafe { pages.cast::<AtomicPtr<Page>>().add(number) };
    // SAFETY: as above; pages are never freed.
    let place = unsafe { &*place };
    filled(place, || Page::new(spec, generation))
}
