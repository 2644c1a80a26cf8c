//! The counts of one series of a histogram, on one thread.
//!
//! One thread writes, any thread reads. Each word is an atomic that the writer
//! loads and stores, so that nothing waits for another core; what is read while
//! a value is written may hold the value in the sum and not yet in its bucket,
//! but never the other way round.
//! Only when the buckets of an exponential histogram are merged would a reader
//! see nonsense: a sequence count lets it try again.

use super::range::Range;
use super::scale::{COARSEST, FINEST, coarser, finest_index, normal_index};
use super::sync::{AtomicI32, AtomicU32, AtomicU64, Ordering, Own, fence, yield_now};

/// How many buckets an exponential histogram keeps: the specification's default.
pub(crate) const BUCKETS: usize = if cfg!(loom) { 2 } else { 160 };

/// Counts between fixed boundaries.
#[derive(Debug)]
pub(crate) struct Explicit {
    sum: AtomicU64,
    range: Range,
    /// One more than there are boundaries.
    counts: Box<[AtomicU64]>,
}

/// Counts by the size of the values.
///
/// What is written with every value but for its bucket lies in one cache line, and in none of
/// another thread's.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Exponential {
    /// Odd while buckets are being merged.
    sequence: AtomicU32,
    scale: AtomicI32,
    /// The index of the first bucket that is kept.
    offset: AtomicI32,
    sum: AtomicU64,
    zeros: AtomicU64,
    range: Range,
    counts: [AtomicU64; BUCKETS],
}

/// What a histogram has counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExponentialCounts {
    pub(crate) scale: i32,
    pub(crate) offset: i32,
    pub(crate) zeros: u64,
    pub(crate) sum: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    pub(crate) counts: Vec<u64>,
}

/// What a histogram with fixed boundaries has counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExplicitCounts {
    pub(crate) sum: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
    pub(crate) counts: Vec<u64>,
}

/// Adds to a word that only this thread writes.
#[inline(always)]
pub(super) fn add(word: &AtomicU64, by: u64) {
    word.store(word.own().wrapping_add(by), Ordering::Relaxed);
}

/// The same after everything that has been stored before: whoever reads it with Acquire reads that
/// too.
#[inline(always)]
fn count(word: &AtomicU64) {
    let count = word.own().wrapping_add(1);
    word.store(count, Ordering::Release);
}

/// What was counted in these buckets, to be read before the sum.
fn counts(buckets: &[AtomicU64]) -> Vec<u64> {
    let count = |bucket: &AtomicU64| bucket.load(Ordering::Acquire);
    buckets.iter().map(count).collect()
}

#[inline(always)]
pub(super) fn add_double(word: &AtomicU64, by: f64) {
    let sum = f64::from_bits(word.own()) + by;
    word.store(sum.to_bits(), Ordering::Relaxed);
}

impl Explicit {
    pub(crate) fn new(boundaries: usize) -> Self {
        Self {
            sum: AtomicU64::new(0),
            range: Range::new(),
            counts: (0..=boundaries).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Counts a finite value; says in which bucket. Only for the thread that owns it.
    #[inline]
    pub(crate) fn record(&self, boundaries: &[f64], value: f64) -> usize {
        // A value equal to a boundary belongs to the bucket below it.
        let bucket = boundaries
            .iter()
            .take_while(|boundary| **boundary < value)
            .count();
        add_double(&self.sum, value);
        self.range.widen(value);
        if let Some(bucket) = self.counts.get(bucket) {
            count(bucket);
        }
        bucket
    }

    /// Forgets everything. Only for the thread that owns it, and for readers that find out.
    pub(super) fn clear(&self) {
        self.sum.store(0, Ordering::Relaxed);
        self.range.clear();
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// What was counted so far.
    pub(crate) fn read(&self) -> ExplicitCounts {
        let counts = counts(&self.counts);
        let (least, greatest) = self.range.read();
        ExplicitCounts {
            sum: f64::from_bits(self.sum.load(Ordering::Relaxed)),
            least,
            greatest,
            counts,
        }
    }
}

impl Exponential {
    pub(crate) fn new() -> Self {
        Self {
            sequence: AtomicU32::new(0),
            scale: AtomicI32::new(FINEST),
            offset: AtomicI32::new(i32::MIN),
            sum: AtomicU64::new(0),
            zeros: AtomicU64::new(0),
            range: Range::new(),
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Counts a normal value above zero, unless it is outside of the buckets or of what has been
    /// seen so far; says whether it has. Only for the thread that owns it.
    #[inline(always)]
    pub(crate) fn try_record(&self, value: f64) -> bool {
        let by = (FINEST - self.scale.own()).cast_unsigned();
        let place = coarser(normal_index(value), by).wrapping_sub(self.offset.own());
        let Some(bucket) = self.counts.get(place as usize) else {
            return false;
        };
        let sum = f64::from_bits(self.sum.own()) + value;
        if !self.range.holds(value) {
            return false;
        }
        self.sum.store(sum.to_bits(), Ordering::Relaxed);
        count(bucket);
        true
    }

    /// Counts a finite value that is not negative. Only for the thread that owns it.
    #[inline]
    pub(crate) fn record(&self, value: f64) {
        add_double(&self.sum, value);
        self.range.widen(value);
        if value == 0.0 {
            return count(&self.zeros);
        }
        let finest = finest_index(value);
        let by = (FINEST - self.scale.own()).cast_unsigned();
        let place = coarser(finest, by).wrapping_sub(self.offset.own());
        match self.counts.get(place as usize) {
            Some(bucket) => count(bucket),
            None => self.record_outside(finest),
        }
    }

    /// Forgets everything. Only for the thread that owns it, and for readers that find out.
    pub(super) fn clear(&self) {
        self.scale.store(FINEST, Ordering::Relaxed);
        self.offset.store(i32::MIN, Ordering::Relaxed);
        self.sum.store(0, Ordering::Relaxed);
        self.zeros.store(0, Ordering::Relaxed);
        self.range.clear();
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// Makes room for a bucket that is not among those that are kept, and counts there.
    #[cold]
    #[inline(never)]
    fn record_outside(&self, finest: i32) {
        let sequence = self.sequence.own();
        self.sequence
            .store(sequence.wrapping_add(1), Ordering::Relaxed);
        // Whoever reads a word that is stored below reads the odd number too.
        fence(Ordering::Release);
        let place = self.make_room(finest);
        add(&self.counts[place], 1);
        // Pairs with the Acquire with which a reader begins.
        self.sequence
            .store(sequence.wrapping_add(2), Ordering::Release);
    }

    /// Moves and merges the buckets until the one of this index is among them; says where.
    fn make_room(&self, finest: i32) -> usize {
        let scale = self.scale.own();
        let offset = self.offset.own();
        // A copy on the stack: nothing here may allocate, since the allocator may be counting.
        let old: [u64; BUCKETS] = std::array::from_fn(|place| self.counts[place].own());
        let first = old.iter().position(|count| *count != 0);
        let last = old.iter().rposition(|count| *count != 0);
        let index = coarser(finest, (FINEST - scale).cast_unsigned());
        let (mut least, mut greatest) = match first.zip(last) {
            Some((first, last)) => (
                index.min(offset + first as i32),
                index.max(offset + last as i32),
            ),
            None => (index, index),
        };
        let mut by = 0;
        while greatest - least >= BUCKETS as i32 && scale - by > COARSEST {
            least = coarser(least, 1);
            greatest = coarser(greatest, 1);
            by += 1;
        }
        let by = by.cast_unsigned();
        // Room on both sides, so that the next value outside needs no move.
        let new_offset = least - (BUCKETS as i32 - 1 - (greatest - least)) / 2;
        self.scale
            .store(scale - by.cast_signed(), Ordering::Relaxed);
        self.offset.store(new_offset, Ordering::Relaxed);
        self.counts
            .iter()
            .for_each(|count| count.store(0, Ordering::Relaxed));
        for (place, count) in old.into_iter().enumerate().filter(|(_, count)| *count != 0) {
            let at = coarser(offset + place as i32, by);
            add(&self.counts[(at - new_offset) as usize], count);
        }
        (coarser(index, by) - new_offset) as usize
    }

    /// What was counted so far.
    pub(crate) fn read(&self) -> ExponentialCounts {
        loop {
            let before = self.sequence.load(Ordering::Acquire);
            if before.is_multiple_of(2) {
                let counts = self.read_once();
                // The words above are read before the number below.
                fence(Ordering::Acquire);
                if self.sequence.load(Ordering::Relaxed) == before {
                    return counts;
                }
            }
            yield_now();
        }
    }

    fn read_once(&self) -> ExponentialCounts {
        let zeros = self.zeros.load(Ordering::Acquire);
        let counts = counts(&self.counts);
        let (least, greatest) = self.range.read();
        ExponentialCounts {
            scale: self.scale.load(Ordering::Relaxed),
            offset: self.offset.load(Ordering::Relaxed),
            zeros,
            sum: f64::from_bits(self.sum.load(Ordering::Relaxed)),
            least,
            greatest,
            counts,
        }
    }
}

impl ExponentialCounts {
    /// Nothing counted yet.
    pub(crate) fn empty() -> Self {
        Self {
            scale: FINEST,
            offset: 0,
            zeros: 0,
            sum: 0.0,
            least: f64::NAN,
            greatest: f64::NAN,
            counts: Vec::new(),
        }
    }

    /// How many values were counted.
    pub(crate) fn count(&self) -> u64 {
        self.zeros + self.counts.iter().sum::<u64>()
    }

    /// Adds what another thread has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.zeros = self.zeros.saturating_add(other.zeros);
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        let mut theirs: Vec<(i32, u64)> = other.occupied().collect();
        if theirs.is_empty() {
            return;
        }
        let mut ours: Vec<(i32, u64)> = self.occupied().collect();
        let mut scale = self.scale.min(other.scale);
        let down = |buckets: &mut Vec<(i32, u64)>, by: i32| {
            buckets
                .iter_mut()
                .for_each(|(at, _)| *at = coarser(*at, by.cast_unsigned()));
        };
        down(&mut ours, self.scale - scale);
        down(&mut theirs, other.scale - scale);
        ours.extend(theirs);
        let ends = |buckets: &[(i32, u64)]| {
            let indices = || buckets.iter().map(|(at, _)| *at);
            indices().min().zip(indices().max()).unwrap_or_default()
        };
        while ends(&ours).1 - ends(&ours).0 >= BUCKETS as i32 && scale > COARSEST {
            scale -= 1;
            down(&mut ours, 1);
        }
        let (first, last) = ends(&ours);
        self.scale = scale;
        self.offset = first;
        self.counts = vec![0; (last - first + 1) as usize];
        for (at, count) in ours {
            let sum = &mut self.counts[(at - first) as usize];
            *sum = sum.saturating_add(count);
        }
    }

    /// The buckets without the empty ones at both ends, and the index of the first.
    pub(crate) fn trimmed(&self) -> (i32, &[u64]) {
        let first = self.counts.iter().position(|count| *count != 0);
        let last = self.counts.iter().rposition(|count| *count != 0);
        match first.zip(last) {
            Some((first, last)) => (self.offset + first as i32, &self.counts[first..=last]),
            None => (0, &[]),
        }
    }

    fn occupied(&self) -> impl Iterator<Item = (i32, u64)> {
        let offset = self.offset;
        let places = self.counts.iter().enumerate();
        places
            .filter(|(_, count)| **count != 0)
            .map(move |(place, count)| (offset + place as i32, *count))
    }
}

impl ExplicitCounts {
    /// Nothing counted yet.
    pub(crate) fn empty(boundaries: usize) -> Self {
        Self {
            sum: 0.0,
            least: f64::NAN,
            greatest: f64::NAN,
            counts: vec![0; boundaries + 1],
        }
    }

    /// How many values were counted.
    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Adds what another thread has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sum += other.sum;
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
    }
}
