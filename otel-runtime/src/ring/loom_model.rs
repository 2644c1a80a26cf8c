//! The interleavings of one producer, the collector, and registration.

use loom::thread;

use super::registry::Registry;
use super::{Producer, Ring, Room, SharedRing};
use crate::record::{Header, RecordKind};

const CAPACITY: usize = 8;

/// Every interleaving with up to two preemptions; without a bound the registry's take hours.
fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(run);
}

/// Writes a note of `words` words whose content is `mark`; false if there is no room.
fn push(producer: &mut Producer, words: usize, mark: u64) -> bool {
    if !producer.has_room(words)
        && !matches!(producer.make_room(words), Room::Yes | Room::YesAndMark)
    {
        return false;
    }
    // SAFETY: there is room for `words` words.
    let mut writer = unsafe { producer.writer() };
    for offset in 0..words {
        let word = if offset == 0 {
            Header::new(RecordKind::Fields, words).0
        } else {
            mark
        };
        // SAFETY: the offset is below `words`.
        unsafe { writer.put(offset, word) };
    }
    producer.publish(words);
    true
}

/// Drains once; every record must be whole.
fn drain(ring: &SharedRing, marks: &mut Vec<u64>) {
    ring.drain(|record| {
        assert_eq!(Header(record[0]).words(), record.len());
        assert!(
            record[1..].iter().all(|word| *word == record[1]),
            "torn: {record:?}"
        );
        marks.push(record[1]);
    });
}

#[test]
fn what_was_accepted_is_drained_once_whole_and_in_order() {
    model(|| {
        let (ring, mut producer) = Ring::with_capacity(CAPACITY, 1);
        let writer = thread::spawn(move || {
            // Three words each: the third meets the wrap and needs a pad.
            let accepted: Vec<u64> = (1..=3)
                .filter(|mark| push(&mut producer, 3, *mark))
                .collect();
            accepted
        });
        let mut marks = Vec::new();
        drain(&ring, &mut marks);
        let accepted = writer.join().unwrap();
        drain(&ring, &mut marks);
        assert_eq!(marks, accepted);
    });
}

#[test]
fn a_ring_seen_closed_has_nothing_to_come() {
    model(|| {
        let (ring, mut producer) = Ring::with_capacity(CAPACITY, 1);
        let writer = thread::spawn(move || assert!(push(&mut producer, 2, 7)));
        let is_closed = ring.is_closed();
        let mut marks = Vec::new();
        drain(&ring, &mut marks);
        if is_closed {
            assert_eq!(marks, [7]);
        }
        writer.join().unwrap();
        drain(&ring, &mut marks);
        assert!(ring.is_closed());
        assert_eq!(marks, [7]);
    });
}

#[test]
fn a_freed_word_is_written_again_only_after_it_was_read() {
    model(|| {
        let (ring, mut producer) = Ring::with_capacity(4, 1);
        assert!(push(&mut producer, 2, 1));
        assert!(push(&mut producer, 2, 2));
        let writer = thread::spawn(move || push(&mut producer, 2, 3));
        let mut marks = Vec::new();
        drain(&ring, &mut marks);
        let is_accepted = writer.join().unwrap();
        drain(&ring, &mut marks);
        assert_eq!(
            marks,
            if is_accepted {
                vec![1, 2, 3]
            } else {
                vec![1, 2]
            }
        );
    });
}

#[test]
fn every_registered_ring_is_on_the_list_and_leaves_it_when_drained() {
    model(|| {
        let registry = loom::sync::Arc::new(Registry::new(1 << 20));
        let threads: Vec<_> = (1..=2)
            .map(|mark| {
                let registry = loom::sync::Arc::clone(&registry);
                thread::spawn(move || {
                    let mut producer = registry.first_ring().unwrap();
                    assert!(push(&mut producer, 2, mark));
                })
            })
            .collect();
        let (mut version, mut rings, mut marks) = (usize::MAX, Vec::new(), Vec::new());
        let mut pass = || {
            registry.list(&mut version, &mut rings);
            for ring in &rings {
                let is_closed = ring.is_closed();
                drain(ring, &mut marks);
                if is_closed {
                    registry.remove(ring);
                }
            }
        };
        pass();
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        pass();
        pass();
        assert!(rings.is_empty());
        marks.sort_unstable();
        assert_eq!(marks, [1, 2]);
    });
}

#[test]
fn the_budget_is_never_exceeded_and_comes_back() {
    model(|| {
        let one_ring = 8 * size_of::<u64>();
        let registry = loom::sync::Arc::new(Registry::new(one_ring));
        let other = {
            let registry = loom::sync::Arc::clone(&registry);
            thread::spawn(move || registry.first_ring().is_some())
        };
        let mine = registry.first_ring();
        let theirs = other.join().unwrap();
        assert!(mine.is_some() ^ theirs);
        drop(mine);
        let (mut version, mut rings) = (usize::MAX, Vec::new());
        registry.list(&mut version, &mut rings);
        rings.iter().for_each(|ring| registry.remove(ring));
        assert!(registry.first_ring().is_some());
    });
}
