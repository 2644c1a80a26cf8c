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
}

/// The note records of one span, one after the other.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) words: Vec<u64>,
    pub(super) count: u64,
}

/// All notes together take no more than 2 MiB.
const MOST_WORDS: usize = 256 * 1024;

impl Pending {
    /// Keeps a note record; says how many other notes had to go for it.
    pub(super) fn add(&mut self, span: u64, record: &[u64]) -> u64 {
        let notes = self.spans.entry(span).or_insert_with(|| {
            self.oldest_first.push_back(span);
            Notes::default()
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

    /// How many notes of a span are here.
    pub(super) fn count(&self, span: u64) -> u64 {
        self.spans.get(&span).map_or(0, |notes| notes.count)
    }

    /// Hands the notes of a span out.
    pub(super) fn take(&mut self, span: u64) -> Option<Notes> {
        let notes = self.spans.remove(&span)?;
        self.words -= notes.words.len();
        Some(notes)
    }
}

/// Span ids are random already.
#[derive(Debug, Default)]
pub(super) struct IdHasher(u64);

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
        assert_eq!(
            (pending.count(1), pending.count(2), pending.count(3)),
            (2, 1, 0)
        );
        assert_eq!(pending.take(1).unwrap().words, [10, 11, 12]);
        assert!(pending.take(1).is_none());
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
        assert_eq!(
            (pending.count(0), pending.count(1), pending.count(fits)),
            (0, 1, 1)
        );
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
