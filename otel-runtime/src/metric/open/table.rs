//! Which place which value has.
//!
//! Whoever counts looks a value up without a lock: a hash, a slot, and the words
//! of the key. A value that is not there goes on to a lock, under which it gets
//! a free place if there is one. So does the collector, which takes places from
//! values that have not been used for long. What is found is a place and its
//! [`Generation`], and these two belong to one value for ever: at worst they are
//! out of date.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::super::data::AttributeValue;
use super::key::Key;
use super::stamp::{Generation, Stamp};
use super::sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, MutexGuard, Ordering};
use super::value::Value;

/// A place, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) number: u32,
    pub(crate) generation: Generation,
}

/// The places of one set of open labels.
#[derive(Debug)]
pub(super) struct Table {
    /// The upper half of a hash and the number of a place, more by two; or one of the two below.
    slots: Box<[AtomicU64]>,
    entries: Box<[Entry]>,
    /// No place is free. Changed under the lock.
    is_full: AtomicBool,
    seed: u64,
    state: Mutex<State>,
}

/// There is nothing here, nor further on.
const EMPTY: u64 = 0;
/// There is nothing here any more; there may be further on.
const GONE: u64 = 1;
const FIRST: u64 = 2;

/// As many as values usually have at most: six short ones, and a text or two.
const FEW_WORDS: usize = 24;

#[derive(Debug)]
struct Entry {
    stamp: Stamp,
    /// The round in which it was last used.
    round: AtomicU32,
    key: Key,
}

#[derive(Debug)]
struct State {
    free: Vec<u32>,
    /// By number.
    tenants: Vec<Option<Tenant>>,
}

/// The value that has a place.
#[derive(Debug)]
struct Tenant {
    hash: u64,
    generation: Generation,
    attributes: Box<[Option<AttributeValue>]>,
    start_unix_ns: u64,
    last_use: Instant,
    /// The round that was seen in its entry last.
    seen: u32,
}

/// A value that has a place.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) place: Place,
    /// One for each open label.
    pub(crate) attributes: Box<[Option<AttributeValue>]>,
    pub(crate) start_unix_ns: u64,
}

impl Table {
    /// Who knows the seed knows which values have the same hash.
    pub(super) fn new(places: usize, seed: u64) -> Self {
        let slots = (places * 4).next_power_of_two();
        let entry = || Entry {
            stamp: Stamp::new(Generation::NONE),
            round: AtomicU32::new(0),
            key: Key::new(),
        };
        Self {
            slots: (0..slots).map(|_| AtomicU64::new(EMPTY)).collect(),
            entries: (0..places).map(|_| entry()).collect(),
            is_full: AtomicBool::new(places == 0),
            seed,
            state: Mutex::new(State {
                free: (0..places as u32).rev().collect(),
                tenants: (0..places).map(|_| None).collect(),
            }),
        }
    }

    /// The place of these values, which are used in this round.
    #[inline]
    pub(super) fn find(&self, values: &[Value<'_>], round: u32) -> Option<Place> {
        self.look(values, round).1.0
    }

    /// The hash of these values, and where they are, as [`probe`](Self::probe) says it.
    #[inline]
    fn look(&self, values: &[Value<'_>], round: u32) -> (u64, (Option<Place>, usize)) {
        // Usually few: said once, for the hash and for each comparison.
        let mut words = [0; FEW_WORDS];
        match gathered(values, &mut words) {
            Some(words) => {
                let mixed = words.iter().fold(self.seed, |hash, word| mix(hash, *word));
                let hash = self.finished(mixed);
                (hash, self.probe(hash, |key| key.is_of(words), round))
            }
            None => self.look_by_values(values, round),
        }
    }

    #[cold]
    #[inline(never)]
    fn look_by_values(&self, values: &[Value<'_>], round: u32) -> (u64, (Option<Place>, usize)) {
        let mut mixed = self.seed;
        let mut mix = |word| {
            mixed = mix(mixed, word);
            true
        };
        let _ = values.iter().all(|value| value.each_word(&mut mix));
        let hash = self.finished(mixed);
        (
            hash,
            self.probe(hash, |key| key.is_of_values(values), round),
        )
    }

    /// True if nobody who has no place will get one.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.is_full.load(Ordering::Acquire)
    }

    /// The place of these values, given to them if need be; `None` if none is free.
    pub(super) fn give(
        &self,
        values: &[Value<'_>],
        round: u32,
        now: Instant,
        unix_ns: u64,
    ) -> Option<Place> {
        let mut state = self.state();
        let (hash, (found, slot)) = self.look(values, round);
        if found.is_some() {
            return found;
        }
        let number = *state.free.last()?;
        let generation = Generation::next()?;
        let tenant = Tenant {
            hash,
            generation,
            attributes: values.iter().map(Value::attribute).collect(),
            start_unix_ns: unix_ns,
            last_use: now,
            seen: round,
        };
        let entry = &self.entries[number as usize];
        entry.stamp.begin();
        entry.key.set(values);
        entry.round.store(round, Ordering::Relaxed);
        entry.stamp.publish(generation);
        // Pairs with the Acquire in `probe`.
        let named = upper(hash) | (u64::from(number) + FIRST);
        self.slots[slot].store(named, Ordering::Release);
        state.free.pop();
        state.tenants[number as usize] = Some(tenant);
        self.is_full.store(state.free.is_empty(), Ordering::Release);
        Some(Place { number, generation })
    }

    /// True if the place is still that of whoever it was given to then, who uses it in this round.
    #[inline]
    pub(super) fn is_current(&self, place: Place, round: u32) -> bool {
        let Some(entry) = self.entries.get(place.number as usize) else {
            return false;
        };
        entry.touch(round);
        entry.stamp.now() == place.generation || self.is_current_after_all(place)
    }

    /// It may be looked at whether the place can be taken away at this moment.
    #[cold]
    fn is_current_after_all(&self, place: Place) -> bool {
        // Not waited for: this thread may be the one that has the lock, and be allocating.
        self.state.try_lock().is_ok_and(|state| {
            let tenant = state.tenants[place.number as usize].as_ref();
            tenant.is_some_and(|tenant| tenant.generation == place.generation)
        })
    }

    /// All values that have a place.
    pub(super) fn live(&self) -> Vec<Live> {
        let state = self.state();
        let tenants = (0..).zip(&state.tenants);
        tenants
            .filter_map(|(number, tenant)| {
                let tenant = tenant.as_ref()?;
                Some(Live {
                    place: Place {
                        number,
                        generation: tenant.generation,
                    },
                    attributes: tenant.attributes.clone(),
                    start_unix_ns: tenant.start_unix_ns,
                })
            })
            .collect()
    }

    /// Takes the places of values that were not used for so long, unless they are `needed`. This
    /// ends the round.
    pub(super) fn expire(&self, round: u32, now: Instant, idle: Duration, needed: &HashSet<Place>) {
        let mut state = self.state();
        let State { free, tenants } = &mut *state;
        for (number, tenant) in (0..).zip(tenants) {
            let Some(there) = tenant else { continue };
            let entry = &self.entries[number as usize];
            let place = Place {
                number,
                generation: there.generation,
            };
            if there.was_used(entry, round) || needed.contains(&place) {
                there.last_use = now;
                continue;
            }
            if now.saturating_duration_since(there.last_use) < idle {
                continue;
            }
            entry.stamp.withdraw();
            if there.was_used(entry, round) {
                there.last_use = now;
                entry.stamp.publish(there.generation);
                continue;
            }
            self.vacate(there.hash, number);
            *tenant = None;
            free.push(number);
            self.is_full.store(false, Ordering::Release);
        }
    }

    /// Where the key is that is asked for; else the slot that it would get, which is meaningful only
    /// under the lock.
    ///
    /// Between the slot at which a key's way begins and its own there is never an empty one, so a
    /// key that is there all the time is always found.
    #[inline]
    fn probe(&self, hash: u64, is_it: impl Fn(&Key) -> bool, round: u32) -> (Option<Place>, usize) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        let mut reusable = None;
        for _ in 0..=mask {
            let slot = self.slots[at].load(Ordering::Acquire);
            match slot {
                EMPTY => break,
                GONE => {
                    reusable.get_or_insert(at);
                }
                _ if upper(slot) == upper(hash) => {
                    let number = (slot as u32) - FIRST as u32;
                    let entry = &self.entries[number as usize];
                    if let Some(generation) = entry.generation_of(&is_it, round) {
                        return (Some(Place { number, generation }), at);
                    }
                }
                _ => {}
            }
            at = (at + 1) & mask;
        }
        (None, reusable.unwrap_or(at))
    }

    /// Takes a place out of the slots, and what is gone with nothing behind it altogether.
    fn vacate(&self, hash: u64, number: u32) {
        let mask = self.slots.len() - 1;
        let load = |at: usize| self.slots[at].load(Ordering::Relaxed);
        let store = |at: usize, slot| self.slots[at].store(slot, Ordering::Release);
        let mut at = hash as usize & mask;
        while load(at) as u32 != number + FIRST as u32 {
            if load(at) == EMPTY {
                return;
            }
            at = (at + 1) & mask;
        }
        store(at, GONE);
        if load((at + 1) & mask) == EMPTY {
            while load(at) == GONE {
                store(at, EMPTY);
                at = at.wrapping_sub(1) & mask;
            }
        }
    }

    /// The hash of what has been mixed, beginning with the seed.
    #[inline(always)]
    fn finished(&self, mixed: u64) -> u64 {
        fold(mixed, self.seed | 1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    #[cfg(all(test, not(loom)))]
    pub(super) fn used_slots(&self) -> usize {
        let slots = self.slots.iter();
        slots
            .filter(|slot| slot.load(Ordering::Relaxed) != EMPTY)
            .count()
    }
}

impl Tenant {
    /// In this round, or in an earlier one since the last question.
    fn was_used(&mut self, entry: &Entry, round: u32) -> bool {
        let used = entry.round.load(Ordering::SeqCst);
        let seen = std::mem::replace(&mut self.seen, used);
        used == round || used != seen
    }
}

impl Entry {
    /// For whom it is, if its key is the one that is asked for.
    #[inline(always)]
    fn generation_of(&self, is_it: impl Fn(&Key) -> bool, round: u32) -> Option<Generation> {
        let found = self.stamp.read(None, |generation| {
            is_it(&self.key).then(|| {
                self.touch(round);
                generation
            })
        });
        found.flatten()
    }

    /// It is used. To be followed by a look at the stamp: either that sees that the place is being
    /// taken away, or whoever does so sees this.
    #[inline(always)]
    fn touch(&self, round: u32) {
        if self.round.load(Ordering::SeqCst) != round {
            self.round.store(round, Ordering::SeqCst);
        }
    }
}

/// The words of these values, unless there are too many.
#[inline(always)]
fn gathered<'a>(values: &[Value<'_>], words: &'a mut [u64; FEW_WORDS]) -> Option<&'a [u64]> {
    let mut length = 0;
    let mut put = |word| {
        let place = words.get_mut(length);
        length += 1;
        place.map(|place| *place = word).is_some()
    };
    let fit = values.iter().all(|value| value.each_word(&mut put));
    fit.then(|| &words[..length])
}

#[inline(always)]
fn mix(hash: u64, word: u64) -> u64 {
    fold(hash ^ word, 0x9e37_79b9_7f4a_7c15)
}

/// All bits of both, mixed.
#[inline(always)]
fn fold(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product as u64) ^ (product >> 64) as u64
}

const fn upper(word: u64) -> u64 {
    word & !(u32::MAX as u64)
}
