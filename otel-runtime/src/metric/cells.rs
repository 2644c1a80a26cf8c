//! What is done with the cells of a thread, one at a time.

use std::ptr;

use super::histogram::{Explicit, Exponential, add, add_double};
use super::shard::{self, Cells};
use super::sync::{AtomicPtr, AtomicU64, Ordering};
use crate::stats;

/// What is stored for a gauge that nobody has set is zero; so what is stored for a value is the
/// value and this, the bits of a NaN that no computation yields.
const UNSET: u64 = 0x7ff8_07e1_0000_0000;

/// How a gauge's value is stored.
pub(super) const fn stored(bits: u64) -> u64 {
    bits ^ UNSET
}

/// What is stored in a gauge, read.
pub(super) const fn value(stored: u64) -> Option<u64> {
    if stored == 0 {
        None
    } else {
        Some(stored ^ UNSET)
    }
}

/// What a cell points to, if there is anything yet.
pub(super) fn seen<T>(cell: &AtomicPtr<T>) -> Option<&T> {
    // SAFETY: what was stored came from a box that is never freed; Acquire pairs with the Release
    // of `filled`.
    unsafe { cell.load(Ordering::Acquire).as_ref() }
}

/// What a cell points to; made if there is nothing yet. Only for the cell's one writer. `None`, and
/// counted as lost, if it is the allocator that asks while it is asked for a cell.
#[inline(always)]
pub(super) fn filled<T>(cell: &AtomicPtr<T>, make: impl FnOnce() -> T) -> Option<&T> {
    // SAFETY: what was stored came from a box that is never freed, and was stored by this writer
    // or before a lock that this writer has taken since.
    match unsafe { cell.load(Ordering::Relaxed).as_ref() } {
        Some(there) => Some(there),
        None => fill(cell, make),
    }
}

#[cold]
#[inline(never)]
fn fill<T>(cell: &AtomicPtr<T>, make: impl FnOnce() -> T) -> Option<&T> {
    let Some(made) = shard::made(|| -> &T { Box::leak(Box::new(make())) }) else {
        stats::lose_value();
        return None;
    };
    // Pairs with the Acquire in `seen`.
    cell.store(ptr::from_ref(made).cast_mut(), Ordering::Release);
    Some(made)
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

/// Counts a value in a histogram with fixed boundaries; says in which bucket, `None` if it is lost.
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
) -> Option<usize> {
    // SAFETY: the caller's promise.
    let cell = unsafe { cell::<AtomicPtr<Explicit>>(cells, series) };
    let histogram = filled(cell, || Explicit::new(boundaries.len()))?;
    Some(histogram.record(boundaries, value))
}

/// Counts a normal value above zero in an exponential histogram, if there is a place for it and
/// nothing else to be done; says whether it has.
///
/// # Safety
/// As for [`record_exponential`].
#[inline(always)]
pub(super) unsafe fn try_record_exponential(cells: Cells, series: usize, value: f64) -> bool {
    // SAFETY: the caller's promise.
    let cell = unsafe { cell::<AtomicPtr<Exponential>>(cells, series) };
    // SAFETY: as in `filled`.
    let there = unsafe { cell.load(Ordering::Relaxed).as_ref() };
    there.is_some_and(|histogram| histogram.try_record(value))
}

/// Counts a value in an exponential histogram; says whether it has.
///
/// # Safety
/// As for [`record_explicit`], of an exponential histogram.
#[inline(always)]
pub(super) unsafe fn record_exponential(cells: Cells, series: usize, value: f64) -> bool {
    // SAFETY: the caller's promise.
    let cell = unsafe { cell::<AtomicPtr<Exponential>>(cells, series) };
    let histogram = filled(cell, Exponential::new);
    histogram.is_some_and(|histogram| {
        histogram.record(value);
        true
    })
}
