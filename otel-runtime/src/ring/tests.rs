//! The ring and its registration with real threads; Miri runs these as well.

use std::sync::Arc;
use std::thread;

use super::registry::Registry;
use super::{Producer, Ring, Room, SharedRing};
use crate::record::{Header, RecordKind};

const RECORDS: u64 = if cfg!(miri) { 200 } else { 20_000 };

/// Writes a note of `words` words whose content is `mark`; false if there is no room.
fn push(producer: &mut Producer, words: usize, mark: u64) -> bool {
    if !producer.has_room(words)
        && !matches!(producer.make_room(words), Room::Yes | Room::YesAndMark)
    {
        return false;
    }
    // SAFETY: there is room for `words` words.
    let mut writer = unsafe { producer.writer() };
    // SAFETY: the first of the words.
    unsafe { writer.put(0, Header::new(RecordKind::Fields, words).0) };
    // SAFETY: there are so many behind the first.
    unsafe { writer.put_all(1, &vec![mark.to_ne_bytes(); words - 1]) };
    producer.publish(words);
    true
}

/// Drains once; every record must be whole.
fn drain(ring: &SharedRing, marks: &mut Vec<u64>) {
    ring.drain(|record| {
        assert_eq!(Header(record[0]).words(), record.len());
        assert!(record[1..].iter().all(|word| *word == record[1]));
        marks.push(record[1]);
    });
}

#[test]
fn what_one_thread_writes_another_drains_whole_and_in_order() {
    let (ring, mut producer) = Ring::with_capacity(64, 1);
    let writer = thread::spawn(move || {
        for mark in 0..RECORDS {
            while !push(&mut producer, 2 + (mark % 7) as usize, mark) {
                thread::yield_now();
            }
        }
    });
    let mut marks = Vec::new();
    while !ring.is_closed() {
        drain(&ring, &mut marks);
        thread::yield_now();
    }
    drain(&ring, &mut marks);
    writer.join().unwrap();
    assert!(marks.iter().copied().eq(0..RECORDS));
}

#[test]
fn a_full_ring_takes_nothing_and_keeps_what_it_has() {
    let (ring, mut producer) = Ring::with_capacity(8, 1);
    let accepted = (0..5).filter(|mark| push(&mut producer, 2, *mark)).count();
    assert_eq!(accepted, 4);
    let mut marks = Vec::new();
    drain(&ring, &mut marks);
    assert_eq!(marks, [0, 1, 2, 3]);
}

#[test]
fn a_record_larger_than_half_the_ring_never_finds_room() {
    let (_ring, mut producer) = Ring::with_capacity(8, 1);
    assert!(matches!(producer.make_room(5), Room::Never));
}

#[test]
fn every_registered_ring_is_listed_until_it_is_closed_and_removed() {
    let registry = Arc::new(Registry::new(1 << 20));
    let threads: Vec<_> = (0..4)
        .map(|mark| {
            let registry = Arc::clone(&registry);
            thread::spawn(move || {
                let mut producer = registry.first_ring().unwrap();
                assert!(push(&mut producer, 2, mark));
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    let (mut version, mut rings, mut marks) = (usize::MAX, Vec::new(), Vec::new());
    registry.list(&mut version, &mut rings);
    for ring in &rings {
        assert!(ring.is_closed());
        drain(ring, &mut marks);
        registry.remove(ring);
    }
    registry.list(&mut version, &mut rings);
    assert!(rings.is_empty());
    marks.sort_unstable();
    assert_eq!(marks, [0, 1, 2, 3]);
}
