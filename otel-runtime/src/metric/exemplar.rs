//! Values that stand for the others of their series, each with the span it was counted in.
//!
//! A series has a slot for each group of values of similar size, and a wish for
//! each slot: whoever reads the instrument wishes for new ones. A thread that
//! counts a value of a group that is wished for fills the slot, out of line; all
//! others see with one load that nothing is wanted. What is in a slot stays until
//! it is replaced, so that one reader does not take it away from the next.
//!
//! Filled by the callers' threads, read by any.

mod open;

use std::sync::atomic::{AtomicBool, AtomicU64};

use super::data::{Exemplar, NumberValue};
use super::shard;
use super::slot::Slot;
use super::spec::{Kind, Number, Spec};
use super::sync::{AtomicPtr, AtomicU32, Ordering};
use crate::clock;
use crate::context::{Current, SpanId, TraceId};
use crate::thread::{self, Local};
pub(super) use open::{OfPlace, OpenExemplars};

/// Which values may become exemplars.
///
/// The names and meanings are those of the
/// [specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#exemplarfilter).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExemplarFilter {
    /// Those that are counted within a sampled span.
    #[default]
    TraceBased,
    /// All of them; one that is not counted within a sampled span has no ids.
    AlwaysOn,
    /// None.
    AlwaysOff,
}

/// Values count that belong to no sampled span.
static ALL: AtomicBool = AtomicBool::new(false);
/// No values count.
static NONE: AtomicBool = AtomicBool::new(false);

/// When that was decided: earlier exemplars belong to another installation, whose spans are elsewhere.
static SINCE_UNIX_NS: AtomicU64 = AtomicU64::new(0);

/// Decides what becomes an exemplar from now on; those there are already are not shown any more.
pub(crate) fn set_filter(filter: ExemplarFilter) {
    SINCE_UNIX_NS.store(clock::unix_ns(), Ordering::Relaxed);
    ALL.store(filter == ExemplarFilter::AlwaysOn, Ordering::Relaxed);
    NONE.store(filter == ExemplarFilter::AlwaysOff, Ordering::Relaxed);
}

/// True if what this thread counts now may become an exemplar, as far as the thread can tell.
#[inline(always)]
pub(super) fn is_eligible(local: &Local) -> bool {
    local.span().1.is_live() || ALL.load(Ordering::Relaxed)
}

/// The exemplars of one instrument.
#[derive(Debug)]
pub(super) struct Exemplars {
    /// By series: a bit for each group, set if a new exemplar is wanted.
    wishes: Box<[AtomicU32]>,
    /// By series: the first of as many slots as there are groups; null before the first exemplar.
    slots: Box<[AtomicPtr<Slot<WORDS>>]>,
    groups: usize,
}

/// The most groups: a wish is a bit of a word.
const MOST_GROUPS: usize = 32;
/// Values of exponential histograms are grouped by their octave, and these many octaves are told
/// apart.
const OCTAVES: usize = 16;
const MANTISSA_BITS: u32 = 52;

/// The group of a value of an exponential histogram.
#[inline(always)]
pub(super) const fn octave(value: f64) -> usize {
    (value.to_bits() >> MANTISSA_BITS) as usize % OCTAVES
}

/// The group of a value that fell into this bucket.
#[inline(always)]
pub(super) const fn bucket(index: usize) -> usize {
    index % MOST_GROUPS
}

/// Of what a slot holds.
const WORDS: usize = 5;

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sample {
    value: u64,
    unix_ns: u64,
    /// Zero with the span: of none that is sampled.
    trace: [u64; 2],
    span: u64,
}

impl Exemplars {
    pub(super) fn new(spec: &Spec) -> Self {
        let groups = match spec.kind {
            Kind::Counter(_) => 1,
            Kind::Histogram(boundaries) => (boundaries.len() + 1).min(MOST_GROUPS),
            Kind::ExponentialHistogram => OCTAVES,
            Kind::UpDownCounter(_) | Kind::Gauge(_) => 0,
        };
        // A series whose place may be another's has them elsewhere.
        let has_any = groups != 0 && spec.places == 0;
        let series = if has_any { spec.series } else { 0 };
        Self {
            wishes: (0..series).map(|_| AtomicU32::new(u32::MAX)).collect(),
            slots: (0..series).map(|_| AtomicPtr::default()).collect(),
            groups,
        }
    }

    /// True if a new exemplar is wanted.
    ///
    /// # Safety
    /// The instrument is a counter or histogram that has this series.
    #[inline(always)]
    pub(super) unsafe fn is_wanted(&self, series: usize, group: usize) -> bool {
        // SAFETY: the caller's promise.
        let wishes = unsafe { self.wishes.get_unchecked(series) };
        wishes.load(Ordering::Relaxed) & 1 << group != 0
    }

    /// Makes an exemplar of a value that the calling thread has just counted.
    ///
    /// The first one of a series allocates.
    #[cold]
    #[inline(never)]
    pub(super) fn fill(&self, series: usize, group: usize, value: u64) {
        if self.claim(series, group) && !NONE.load(Ordering::Relaxed) {
            // What the allocator counts is no exemplar, or it would allocate once more.
            shard::alone(|| self.put(series, group, Sample::now(value)));
        }
    }

    /// Of several threads that see a wish, tells one to fulfil it.
    fn claim(&self, series: usize, group: usize) -> bool {
        let bit = 1 << group;
        self.wishes[series].fetch_and(!bit, Ordering::Relaxed) & bit != 0
    }

    fn put(&self, series: usize, group: usize, sample: Sample) {
        if let Some(slot) = self.slots(series).get(group) {
            slot.put(sample.words());
        }
    }

    /// The exemplars of each series, and the wish for new ones.
    pub(super) fn read(&self, number: Number) -> Vec<Vec<Exemplar>> {
        let are_shown = !NONE.load(Ordering::Relaxed);
        let since = SINCE_UNIX_NS.load(Ordering::Relaxed);
        let of_series = |(series, wishes): (usize, &AtomicU32)| {
            let slots = self.there(series).iter().filter(|_| are_shown);
            let exemplars = slots
                .filter_map(Slot::read)
                .map(Sample::of_words)
                .filter(|sample| sample.unix_ns >= since)
                .map(|sample| sample.exemplar(number))
                .collect();
            wishes.store(u32::MAX, Ordering::Relaxed);
            exemplars
        };
        self.wishes.iter().enumerate().map(of_series).collect()
    }

    /// The slots of a series, if it has any yet.
    fn there(&self, series: usize) -> &[Slot<WORDS>] {
        let first = self.slots[series].load(Ordering::Acquire);
        if first.is_null() {
            return &[];
        }
        // SAFETY: what was stored came from a box of as many slots, which is never freed.
        unsafe { std::slice::from_raw_parts(first, self.groups) }
    }

    /// The same, made if there are none.
    fn slots(&self, series: usize) -> &[Slot<WORDS>] {
        let there = self.there(series);
        if !there.is_empty() {
            return there;
        }
        let made: Box<[Slot<WORDS>]> = (0..self.groups).map(|_| Slot::new()).collect();
        let made = Box::into_raw(made);
        // Pairs with the Acquire above.
        let stored = self.slots[series].compare_exchange(
            std::ptr::null_mut(),
            made.cast(),
            Ordering::Release,
            Ordering::Relaxed,
        );
        if stored.is_err() {
            // SAFETY: it came from a box, and nobody else has seen it.
            drop(unsafe { Box::from_raw(made) });
        }
        self.there(series)
    }
}

impl Sample {
    /// Of a value that is counted now, in the current span.
    fn now(value: u64) -> Self {
        let current = thread::with(|local| local.current());
        // The id of a span that nobody records leads nowhere.
        let Current { trace, span, .. } = match current.meta.is_live() {
            true => current,
            false => Current::NONE,
        };
        Self {
            value,
            unix_ns: clock::unix_ns(),
            trace,
            span,
        }
    }

    const fn words(&self) -> [u64; WORDS] {
        let [high, low] = self.trace;
        [self.value, self.unix_ns, high, low, self.span]
    }

    const fn of_words([value, unix_ns, high, low, span]: [u64; WORDS]) -> Self {
        Self {
            value,
            unix_ns,
            trace: [high, low],
            span,
        }
    }

    fn exemplar(&self, number: Number) -> Exemplar {
        let trace = u128::from(self.trace[0]) << 64 | u128::from(self.trace[1]);
        Exemplar {
            value: match number {
                Number::Int => NumberValue::Int(self.value.cast_signed()),
                Number::Double => NumberValue::Double(f64::from_bits(self.value)),
            },
            unix_ns: self.unix_ns,
            span: TraceId::new(trace).zip(SpanId::new(self.span)),
        }
    }
}

#[cfg(all(test, loom))]
#[path = "exemplar_model.rs"]
mod loom_model;
