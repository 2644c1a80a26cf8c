//! Takes places from values that have not been used for long.
//!
//! Runs on the collector thread, after everybody has been shown what was counted.

use std::collections::HashSet;
use std::ptr;
use std::time::{Duration, Instant};

use super::super::block::Reading;
use super::super::instrument::{Instrument, instruments};
use super::super::spec::Kind;
use super::interner::Interner;
use super::table::Place;

/// Forgets the values of open labels that were not used for so long.
pub(crate) fn expire(now: Instant, idle: Duration) {
    let mut done: Vec<&Interner> = Vec::new();
    for interner in instruments().filter_map(Instrument::interner) {
        if !done.iter().any(|done| ptr::eq(*done, interner)) {
            interner.expire(now, idle, &needed(interner));
            done.push(interner);
        }
    }
    Interner::next_round();
}

/// The places in which a sum that can fall is not zero: what was added may yet be taken back, a call
/// in flight may end.
fn needed(interner: &Interner) -> HashSet<Place> {
    let can_fall = |instrument: &&Instrument| {
        let ours = instrument.interner();
        ours.is_some_and(|ours| ptr::eq(ours, interner))
            && matches!(instrument.spec().kind, Kind::UpDownCounter(_))
    };
    let mut needed = HashSet::new();
    for instrument in instruments().filter(can_fall) {
        for live in interner.live() {
            let is_zero = match instrument.read_place(live.place) {
                Reading::Ints(sums) => sums.iter().all(|sum| *sum == 0),
                Reading::Doubles(sums) => sums.iter().all(|sum| *sum == 0.0),
                _ => true,
            };
            if !is_zero {
                needed.insert(live.place);
            }
        }
    }
    needed
}
