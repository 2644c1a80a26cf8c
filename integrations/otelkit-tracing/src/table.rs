//! From a number to what is known of it, without locks.
//!
//! Places stand in lines of eight, and a number has one line on each level, so that finding it is
//! to look at a cache line or two. A level that is full there sends on to the next, which is four
//! times as large and made when it is first needed; memory is never given back.
//!
//! Invariants: a number stands in one place at most; it is put there before anybody looks for it
//! and taken away after everybody has, as whoever uses the table knows.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Places by number; zero is none.
#[derive(Debug)]
pub(crate) struct Table<T> {
    levels: [OnceLock<Level<T>>; LEVELS],
}

#[derive(Debug)]
struct Level<T> {
    /// As many as a power of two.
    lines: Box<[Line]>,
    places: Box<[T]>,
}

#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; LINE]);

const LINE: usize = 8;
const FIRST_LINES: usize = 64;
/// The last one has 134 million places.
const LEVELS: usize = 10;

impl<T: Default> Table<T> {
    pub(crate) const fn new() -> Self {
        Self {
            levels: [const { OnceLock::new() }; LEVELS],
        }
    }

    /// The place of a number; `None` if it has none.
    #[inline]
    pub(crate) fn find(&self, number: u64) -> Option<&T> {
        self.find_with_key(number).map(|(_, place)| place)
    }

    /// Gives a number a place that it has not yet; `None` if there is no room in the whole table.
    ///
    /// What is in the place is what the last number left there.
    pub(crate) fn insert(&self, number: u64) -> Option<&T> {
        let hash = hash(number);
        for (depth, level) in self.levels.iter().enumerate() {
            let level = level.get_or_init(|| Level::new(FIRST_LINES << (2 * depth)));
            let (line, first) = level.line(hash);
            for (index, key) in line.0.iter().enumerate() {
                // Acquire pairs with the Release of `remove`: the last number's owner has read what
                // it left before we write.
                if key.load(Ordering::Relaxed) == 0
                    && key
                        .compare_exchange(0, number, Ordering::Acquire, Ordering::Relaxed)
                        .is_ok()
                {
                    return level.places.get(first + index);
                }
            }
        }
        None
    }

    /// Takes a number's place away, having looked at it.
    pub(crate) fn remove<R>(&self, number: u64, look: impl FnOnce(&T) -> R) -> Option<R> {
        let (key, place) = self.find_with_key(number)?;
        let seen = look(place);
        key.store(0, Ordering::Release);
        Some(seen)
    }

    #[inline]
    fn find_with_key(&self, number: u64) -> Option<(&AtomicU64, &T)> {
        if number == 0 {
            return None;
        }
        let hash = hash(number);
        for level in &self.levels {
            let level = level.get()?;
            let (line, first) = level.line(hash);
            // Whoever knows the number has been told after it was put here.
            let is_it = |key: &AtomicU64| key.load(Ordering::Relaxed) == number;
            if let Some(index) = line.0.iter().position(is_it) {
                return Some((&line.0[index], level.places.get(first + index)?));
            }
        }
        None
    }
}

impl<T: Default> Level<T> {
    fn new(lines: usize) -> Self {
        Self {
            lines: (0..lines).map(|_| Line::default()).collect(),
            places: (0..lines * LINE).map(|_| T::default()).collect(),
        }
    }

    /// The line of a number, and the first place of it.
    #[inline]
    fn line(&self, hash: u64) -> (&Line, usize) {
        let line = hash as usize & (self.lines.len() - 1);
        (&self.lines[line], line * LINE)
    }
}

/// Ids and addresses differ in any of their bits.
#[inline]
const fn hash(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;
    use std::thread;

    use super::*;

    #[test]
    fn numbers_keep_their_places_while_other_threads_come_and_go() {
        static TABLE: Table<AtomicU64> = Table::new();
        let rounds = if cfg!(miri) { 3 } else { 200 };
        thread::scope(|scope| {
            for thread in 1..=4_u64 {
                scope.spawn(move || {
                    for round in 0..rounds {
                        let numbers =
                            (0..300).map(|index| thread << 32 | round << 16 | index | 1 << 60);
                        let numbers: Vec<u64> = numbers.collect();
                        for number in &numbers {
                            TABLE
                                .insert(*number)
                                .unwrap()
                                .store(!number, Ordering::Relaxed);
                        }
                        for number in &numbers {
                            let seen = TABLE.find(*number).unwrap().load(Ordering::Relaxed);
                            assert_eq!(seen, !number);
                        }
                        for number in &numbers {
                            TABLE.remove(*number, |_| ()).unwrap();
                            assert!(TABLE.find(*number).is_none());
                        }
                    }
                });
            }
        });
    }

    #[test]
    fn a_full_level_sends_on_to_the_next_one() {
        let table: Table<AtomicU64> = Table::new();
        let numbers = 1..=(20 * (FIRST_LINES * LINE) as u64);
        for number in numbers.clone() {
            table
                .insert(number)
                .unwrap()
                .store(number, Ordering::Relaxed);
        }
        for number in numbers.clone() {
            assert_eq!(table.find(number).unwrap().load(Ordering::Relaxed), number);
        }
        numbers
            .clone()
            .for_each(|number| table.remove(number, |_| ()).unwrap());
        assert!(
            numbers
                .into_iter()
                .all(|number| table.find(number).is_none())
        );
    }
}
