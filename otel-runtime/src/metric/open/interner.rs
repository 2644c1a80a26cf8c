//! The open labels of one instrument, or of all instruments of one function.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::super::shard;
use super::series::{MOST_PLACES, Series};
use super::table::{Live, Place, Table};
use super::value::Value;
use crate::clock::unix_ns;

/// Gives each combination of values of open labels a place, as long as there are any: a `static`,
/// or a part of one.
///
/// Generated code declares one for each function with open labels.
#[derive(Debug)]
pub struct Interner {
    places: u32,
    /// Made when the first value comes; replaced by nothing in a forked child, where its lock may
    /// be held by a thread that is not there.
    table: AtomicPtr<Table>,
}

/// Counts the times that places were taken away.
static ROUND: AtomicU32 = AtomicU32::new(1);

impl Interner {
    /// For labels that have so many values at most.
    ///
    /// # Panics
    /// At compile time, if one has none, or if they make more than a million combinations.
    #[must_use]
    pub const fn new(maxima: &[usize]) -> Self {
        let (mut places, mut at) = (1_usize, 0);
        while at < maxima.len() {
            assert!(
                maxima[at] > 0,
                "an open label has one value at least: `max = 100`"
            );
            places = places.saturating_mul(maxima[at]);
            at += 1;
        }
        Self::with_places(places)
    }

    pub(crate) const fn with_places(places: usize) -> Self {
        assert!(
            places <= MOST_PLACES,
            "the open labels of a metric have more than a million combinations"
        );
        Self {
            places: places as u32,
            table: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// How many places there are.
    pub(crate) const fn places(&self) -> usize {
        self.places as usize
    }

    /// The series of these values, and of known ones with this number.
    #[inline]
    pub(crate) fn series(&self, index: usize, values: &[Value<'_>]) -> Series {
        let round = ROUND.load(Ordering::Relaxed);
        let found = self.table().and_then(|table| table.find(values, round));
        match found {
            Some(place) => Series::open(index, place),
            None => self.new_series(index, values),
        }
    }

    #[cold]
    #[inline(never)]
    fn new_series(&self, index: usize, values: &[Value<'_>]) -> Series {
        if self.table().is_some_and(Table::is_full) {
            return Series::OVERFLOW;
        }
        let mut place = None;
        // The allocator may be counting: it finds no place while it makes one.
        shard::alone(|| {
            let round = ROUND.load(Ordering::Relaxed);
            let table = self.table().unwrap_or_else(|| self.make_table());
            place = table.give(values, round, Instant::now(), unix_ns());
        });
        place.map_or(Series::OVERFLOW, |place| Series::open(index, place))
    }

    /// The series if its place is still for the same values, else that of what has no place.
    #[inline]
    pub(crate) fn still(&self, series: Series) -> Series {
        if series.is_overflow() {
            return series;
        }
        let round = ROUND.load(Ordering::Relaxed);
        let table = self.table();
        if table.is_some_and(|table| table.is_current(series.place(), round)) {
            series
        } else {
            Series::OVERFLOW
        }
    }

    /// All values that have a place.
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = Vec::new();
        if let Some(table) = self.table() {
            shard::alone(|| live = table.live());
        }
        live
    }

    /// Takes the places of values that were not used for so long, unless they are `needed`.
    pub(crate) fn expire(&self, now: Instant, idle: Duration, needed: &HashSet<Place>) {
        if let Some(table) = self.table() {
            shard::alone(|| table.expire(ROUND.load(Ordering::Relaxed), now, idle, needed));
        }
    }

    /// Ends the round in which places were taken away.
    pub(crate) fn next_round() {
        ROUND.fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets all values, in a forked child.
    pub(crate) fn forget(&self) {
        self.table.store(ptr::null_mut(), Ordering::Relaxed);
    }

    #[inline(always)]
    fn table(&self) -> Option<&Table> {
        // SAFETY: what was stored came from a box that is never freed; Acquire pairs with the
        // Release of `make_table`.
        unsafe { self.table.load(Ordering::Acquire).as_ref() }
    }

    fn make_table(&self) -> &Table {
        let seed = RandomState::new().hash_one(0);
        let made: &Table = Box::leak(Box::new(Table::new(self.places(), seed)));
        match self.table.compare_exchange(
            ptr::null_mut(),
            ptr::from_ref(made).cast_mut(),
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => made,
            // SAFETY: as in `table`; what was made is left unused.
            Err(there) => unsafe { &*there },
        }
    }
}
