//! Every interleaving of a place that changes hands with those who write to it and read it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;

use super::stamp::{Generation, Stamp};
use super::table::{Place, Table};
use super::value::Value;

fn model(check: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(check);
}

/// The only place, as one thread has it.
struct Page {
    stamp: Stamp,
    sum: AtomicU64,
}

impl Page {
    fn new() -> Self {
        Self {
            stamp: Stamp::new(Generation::NONE),
            sum: AtomicU64::new(0),
        }
    }

    fn add(&self, place: Place, by: u64) {
        let clear = || self.sum.store(0, Ordering::Relaxed);
        if self.stamp.claim(place.generation, clear) {
            let sum = self.sum.load(Ordering::Relaxed);
            self.sum.store(sum + by, Ordering::Relaxed);
        }
    }

    fn sum(&self, place: Place) -> Option<u64> {
        let sum = |_| self.sum.load(Ordering::Relaxed);
        self.stamp.read(Some(place.generation), sum)
    }
}

struct World {
    table: Table,
    pages: [Page; 2],
    start: Instant,
}

impl World {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            table: Table::new(1, 7),
            pages: [Page::new(), Page::new()],
            start: Instant::now(),
        })
    }

    fn find(&self, text: &str, round: u32) -> Option<Place> {
        self.table.find(&[Value::from(text)], round)
    }

    fn give(&self, text: &str, round: u32) -> Option<Place> {
        let values = [Value::from(text)];
        self.table.give(&values, round, self.start, 0)
    }

    fn expire(&self, round: u32) {
        self.table
            .expire(round, self.start, Duration::ZERO, &HashSet::new());
    }

    /// What is in the series of everybody who has one: sums of `a` are below 100, others not.
    fn check(&self) {
        for live in self.table.live() {
            let is_first = format!("{:?}", live.attributes).contains("\"a\"");
            for sum in self.pages.iter().filter_map(|page| page.sum(live.place)) {
                assert!(sum == 0 || is_first == (sum < 100), "{live:?}: {sum}");
            }
        }
    }
}

#[test]
fn a_place_that_changes_hands_takes_nothing_along() {
    model(|| {
        let world = World::new();
        let first = world.give("a", 1).unwrap();
        world.pages[0].add(first, 1);
        let writer = {
            let world = Arc::clone(&world);
            thread::spawn(move || {
                if let Some(place) = world.find("a", 2) {
                    world.pages[0].add(place, 1);
                }
                if let Some(place) = world.find("b", 2) {
                    world.pages[0].add(place, 100);
                }
            })
        };
        world.expire(2);
        if let Some(place) = world.give("b", 3) {
            world.pages[1].add(place, 100);
        }
        world.check();
        writer.join().unwrap();
        world.check();
    });
}

#[test]
fn a_page_is_read_whole_or_not_at_all() {
    model(|| {
        let world = World::new();
        let first = world.give("a", 1).unwrap();
        world.pages[0].add(first, 1);
        world.expire(2);
        let second = world.give("b", 3).unwrap();
        let writer = {
            let world = Arc::clone(&world);
            thread::spawn(move || world.pages[0].add(second, 100))
        };
        assert!(matches!(world.pages[0].sum(first), None | Some(1)));
        assert!(matches!(world.pages[0].sum(second), None | Some(0 | 100)));
        writer.join().unwrap();
        world.pages[0].add(first, 1);
        assert_eq!(world.pages[0].sum(second), Some(100));
    });
}

#[test]
fn two_that_want_the_last_place_do_not_both_get_it() {
    model(|| {
        let world = World::new();
        let other = {
            let world = Arc::clone(&world);
            thread::spawn(move || world.give("b", 1))
        };
        let ours = world.give("a", 1);
        let found = world.find("a", 1);
        let theirs = other.join().unwrap();
        assert!(ours.is_none() || theirs.is_none());
        assert_eq!(ours, found);
    });
}
