//! Notes that wait for their span to end.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// Notes by span, bounded in memory: the oldest span's notes go first.
#[derive(Debug, Default)]
pub(super) struct Pending {
    spans: HashMap<u64, Notes, BuildHasherDefault<IdHasher>>,
    /// In the order of their first note; spans that have ended meanwhile included.
    oldest_first: VecDeque<u64>,
    words: usize,
    /// Allocations for the notes of further spans.
    spare: Vec<Vec<u64>>,
}

/// The note records of one span, one after the other.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) words: Vec<u64>,
    pub(super) count: u64,
}

/// All notes together take no more than 2 MiB.
const MOST_WORDS: usize = 256 * 1024;
/// So many allocations are kept, of no more than so many words each.
const MOST_SPARE: usize = 64;
const MOST_SPARE_WORDS: usize = 1024;

impl Pending {
    /// Keeps a note record; says how many other notes had to go for it.
    pub(super) fn add(&mut self, span: u64, record: &[u64]) -> u64 {
        let notes = self.spans.entry(span).or_insert_with(|| {
            self.oldest_first.push_back(span);
            Notes {
                words: self.spare.pop().unwrap_or_default(),
                count: 0,
            }
        });
        notes.words.extend_from_slice(record);
        notes.count += 1;
        self.words += record.len();
        let mut forgotten = 0;
        while self.words > MOST_WORDS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            forgotten += self.take(oldest).map_or(0, |notes| notes.count);
        }
        if self.oldest_first.len() > 2 * self.spans.len() + 1024 {
            self.oldest_first
                .retain(|span| self.spans.contains_key(span));
        }
        forgotten
    }

    /// Hands the notes of a span out.
    pub(super) fn take(&mut self, span: u64) -> Option<Notes> {
        let notes = self.spans.remove(&span)?;
        self.words -= notes.words.len();
        if self.oldest_first.back() == Some(&span) {
            self.oldest_first.pop_back();
        }
        Some(notes)
    }

    /// Hands the notes of a span out, if there are so many at least.
    pub(super) fn take_if_complete(&mut self, span: u64, count: u64) -> Option<Notes> {
        let known = self.spans.get(&span)?;
        if known.count < count {
            return None;
        }
        self.take(span)
    }

    /// Takes an allocation back that was handed out.
    pub(super) fn give_back(&mut self, notes: Notes) {
        let mut words = notes.words;
        let is_worth_it = 1..=MOST_SPARE_WORDS;
        if self.spare.len() < MOST_SPARE && is_worth_it.contains(&words.capacity()) {
            words.clear();
            self.spare.push(words);
        }
    }
}

/// Span ids are random already.
#[derive(Debug, Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = self.0.rotate_left(5) ^ id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_by_span_in_their_order() {
        let mut pending = Pending::default();
        pending.add(1, &[10, 11]);
        pending.add(2, &[20]);
        pending.add(1, &[12]);
        assert!(pending.take_if_complete(1, 3).is_none());
        let notes = pending.take_if_complete(1, 2).unwrap();
        assert_eq!(
            (notes.words.as_slice(), notes.count),
            (&[10, 11, 12][..], 2)
        );
        pending.give_back(notes);
        assert!(pending.take(1).is_none());
        assert!(pending.take_if_complete(3, 0).is_none());
        pending.add(4, &[40]);
        assert_eq!(pending.take(4).unwrap().words, [40]);
        assert_eq!(pending.take(2).unwrap().words, [20]);
    }

    #[test]
    fn the_oldest_notes_go_when_there_are_too_many() {
        let mut pending = Pending::default();
        let record = [0; 1024];
        let fits = (MOST_WORDS / record.len()) as u64;
        for span in 0..fits {
            assert_eq!(pending.add(span, &record), 0);
        }
        assert_eq!(pending.add(fits, &record), 1);
        assert!(pending.take(0).is_none());
        assert!(pending.take(1).is_some() && pending.take(fits).is_some());
    }

    #[test]
    fn spans_that_come_and_go_leave_nothing_behind() {
        let mut pending = Pending::default();
        for span in 0..100_000 {
            pending.add(span, &[1, 2, 3]);
            pending.take(span);
        }
        assert_eq!(pending.words, 0);
        assert!(pending.oldest_first.len() < 4096);
    }
}
