//! What values are given to: a `static` without type parameters, under the typed ones.

mod count;
mod places;

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::block::{Blocks, Reading};
use super::call::MOST_MET;
use super::collect;
use super::data::Exemplar;
use super::exemplar::{Exemplars, OfPlace, OpenExemplars};
use super::loose;
use super::open::Interner;
use super::rounds;
use super::shard::{self, Cells, Fetched};
use super::spec::{Kind, Number, Spec};
use super::switch::{NEW, OFF, Switch};
use crate::registry::{Link, Linked, List};
use crate::stats;
use crate::thread::Local;
use places::Interned;

/// Something that values are given to.
///
/// The order keeps what callers look at in front, and near.
#[derive(Debug)]
#[repr(C)]
pub struct Instrument {
    /// What a caller looks at.
    switch: Switch,
    /// The number; zero until somebody registers it. Given once.
    id: AtomicU32,
    /// Made at the first use; replaced by nothing in a forked child, where its lock may be held
    /// by a thread that is not there.
    store: AtomicPtr<Store>,
    spec: Spec,
    interned: Interned,
    /// The errors of calls that were not known before they came.
    met: Interner,
    link: Link<Self>,
}

/// What has been counted.
#[derive(Debug)]
struct Store {
    blocks: Mutex<Blocks>,
    exemplars: Exemplars,
    /// Those of open labels' series, if there can be any.
    open_exemplars: Option<Box<OpenExemplars>>,
}

static INSTRUMENTS: List<Instrument> = List::new();
/// The number given last.
static IDS: AtomicU32 = AtomicU32::new(OFF);
/// Values are wanted.
static ON: AtomicBool = AtomicBool::new(false);

impl Instrument {
    /// The instrument of this description, which nobody has checked.
    #[must_use]
    pub const fn new(spec: Spec) -> Self {
        Self {
            switch: Switch::new(),
            id: AtomicU32::new(0),
            store: AtomicPtr::new(ptr::null_mut()),
            interned: Interned::own(spec.places),
            met: Interner::with_places(MOST_MET),
            spec,
            link: Link::new(),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The same, described differently; before it is used.
    pub(super) const fn spec_mut(&mut self) -> &mut Spec {
        &mut self.spec
    }

    /// Puts it on the program's list, if it is not there yet.
    pub fn register(&'static self) {
        if !self.link.is_listed() {
            self.enlist(|| INSTRUMENTS.push(self));
        }
    }

    /// Gives it a number and puts it on a list, the first time it is called.
    pub(super) fn enlist(&'static self, push: impl FnOnce() -> bool) {
        // A number that is not used after all is a null pointer in a table.
        let id = IDS.fetch_add(1, Ordering::Relaxed) + 1;
        let given = self
            .id
            .compare_exchange(0, id, Ordering::Relaxed, Ordering::Relaxed);
        if given.is_ok() && push() {
            self.switch.join(id, || ON.load(Ordering::Relaxed));
        }
    }

    /// Gives the cells that this thread may write to `write`. A series that there is not is left
    /// alone.
    #[inline(always)]
    fn write(&'static self, local: &Local, series: usize, write: impl FnOnce(Cells)) {
        self.write_at(self.switch.slot(), local, series, write);
    }

    #[inline(always)]
    fn write_at(&'static self, slot: u32, local: &Local, series: usize, write: impl FnOnce(Cells)) {
        if series < self.spec.series {
            self.write_somewhere(slot, local, write);
        }
    }

    #[inline(always)]
    fn write_somewhere(&'static self, slot: u32, local: &Local, write: impl FnOnce(Cells)) {
        if slot == OFF {
            return;
        }
        let cells = local.cells(slot);
        if cells.is_null() {
            self.write_first(slot, write);
        } else {
            write(cells);
        }
    }

    /// The first time on this thread, or the last.
    #[cold]
    #[inline(never)]
    fn write_first(&'static self, mut slot: u32, write: impl FnOnce(Cells)) {
        if slot == NEW {
            self.register();
            slot = self.switch.slot();
        }
        if slot == OFF {
            return;
        }
        let fetch = || {
            let mut blocks = self.blocks();
            if matches!(self.spec.kind, Kind::Gauge(_)) {
                (blocks.shared(&self.spec), None)
            } else {
                let (cells, block) = blocks.take(&self.spec);
                (cells, Some(block))
            }
        };
        // Another thread may be registering the instrument at this moment: it has no number yet.
        let fetched = if slot == NEW {
            Fetched::Nowhere
        } else {
            shard::fetch(self, slot, fetch)
        };
        match fetched {
            Fetched::Cells(cells) => write(cells),
            // The lock makes this thread the one writer for as long as it is held.
            Fetched::Nowhere => shard::alone(|| write(self.blocks().shared(&self.spec))),
            Fetched::Busy => stats::lose_value(),
        }
    }

    /// A thread has ended that had this block.
    pub(super) fn take_back(&self, block: usize) {
        self.blocks().give_back(block);
    }

    /// Everything that was counted so far, by all threads.
    pub(crate) fn read(&self) -> Reading {
        shard::undisturbed(|| self.blocks().read(&self.spec))
    }

    /// How many threads have counted at the same time, at most.
    #[cfg(all(test, not(loom)))]
    pub(super) fn block_count(&self) -> usize {
        self.blocks().count()
    }

    /// What kind of number the exemplars are of; `None` if it has none at all.
    ///
    /// A sum that falls has none: OpenMetrics knows none of gauges, which it is for a Prometheus, and
    /// one of many steps up and down says nothing of where they led.
    fn exemplar_number(&self) -> Option<Number> {
        match self.spec.kind {
            Kind::Counter(number) => Some(number),
            Kind::Histogram(_) | Kind::ExponentialHistogram => Some(Number::Double),
            Kind::UpDownCounter(_) | Kind::Gauge(_) => None,
        }
    }

    /// The exemplars of each series, and the wish for new ones; empty if it has none at all.
    pub(crate) fn exemplars(&self) -> Vec<Vec<Exemplar>> {
        let number = self.exemplar_number();
        number.map_or_else(Vec::new, |number| self.store().exemplars.read(number))
    }

    /// The same of an instrument with open labels.
    pub(super) fn open_exemplars(&self) -> Vec<OfPlace> {
        let exemplars = self.store().open_exemplars.as_ref();
        let read = exemplars.zip(self.exemplar_number());
        read.map_or_else(Vec::new, |(exemplars, number)| exemplars.read(number))
    }

    fn store(&self) -> &Store {
        let there = self.store.load(Ordering::Acquire);
        // SAFETY: what was stored came from a box that is never freed.
        if let Some(there) = unsafe { there.as_ref() } {
            return there;
        }
        let number = self.exemplar_number();
        let made: &Store = Box::leak(Box::new(Store {
            blocks: Mutex::default(),
            exemplars: Exemplars::new(&self.spec),
            open_exemplars: (self.spec.places != 0 && number.is_some())
                .then(|| Box::new(OpenExemplars::new())),
        }));
        match self.store.compare_exchange(
            ptr::null_mut(),
            ptr::from_ref(made).cast_mut(),
            Ordering::AcqRel,
            Ordering::Acquire,
        ) {
            Ok(_) => made,
            // SAFETY: as above; what was made is left unused.
            Err(there) => unsafe { &*there },
        }
    }

    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        let blocks = self.store().blocks.lock();
        blocks.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Linked for Instrument {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

/// Puts an instrument on the program's list; generated code has the loader call it.
pub extern "C" fn register_instrument(instrument: &'static Instrument) {
    instrument.register();
}

/// Every instrument on the program's list, the last one first.
pub(crate) fn instruments() -> impl Iterator<Item = &'static Instrument> {
    INSTRUMENTS.iter()
}

/// True if values are wanted.
#[inline(always)]
pub(super) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Those as well that are made while the program runs.
fn all() -> impl Iterator<Item = &'static Instrument> {
    instruments().chain(loose::instruments())
}

/// Turns all instruments on or off. Neither allocates nor locks: a fork handler may call it.
pub(crate) fn turn_all(on: bool) {
    let list = || all().map(|it| (&it.switch, it.id.load(Ordering::Relaxed)));
    Switch::turn_all(on, |on| ON.store(on, Ordering::Relaxed), list);
}

/// How many forks lead to this process: what was counted before the last one is its parent's.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// How many forks lead to this process.
#[inline(always)]
pub(super) fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// Makes a forked child an uninstalled program: nothing counted, no lock held.
pub(crate) fn forget_in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    turn_all(false);
    for instrument in all() {
        instrument.forget_values();
        instrument.store.store(ptr::null_mut(), Ordering::Relaxed);
    }
    collect::forget();
    shard::forget();
    rounds::forget();
    loose::forget();
}
