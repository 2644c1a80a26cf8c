//! Instruments that cannot be one metric.

use std::collections::BTreeMap;
use std::panic::Location;
use std::ptr;

use super::call_counter::CALLS_UNIT;
use super::instrument::{self, instruments};
use super::rounds;
use super::spec::{Kind, Number, Spec};
use crate::diagnostics;
use crate::site::Level;

/// What a metric is declared as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    unit: &'static str,
    kind: Kind,
    place: &'static Location<'static>,
}

/// Two instruments that cannot be one metric, though they have one name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conflict {
    pub(crate) first: Declared,
    pub(crate) second: Declared,
    /// What they disagree about.
    pub(crate) about: &'static str,
}

/// The metrics of an instrument.
fn declared(spec: &'static Spec) -> impl Iterator<Item = Declared> {
    let own = Declared {
        name: spec.name,
        unit: spec.unit,
        kind: spec.kind,
        place: spec.place,
    };
    let counter = spec.endings().map(|endings| Declared {
        name: endings.counter,
        unit: CALLS_UNIT,
        kind: Kind::Counter(Number::Int),
        place: spec.place,
    });
    [own].into_iter().chain(counter)
}

/// The metrics of all instruments that there are so far.
fn all() -> Vec<Declared> {
    let specs = instruments().map(instrument::Instrument::spec);
    specs.chain(rounds::observed()).flat_map(declared).collect()
}

/// What two declarations of one name disagree about.
fn disagreement(first: &Declared, second: &Declared) -> Option<&'static str> {
    if first.unit != second.unit {
        Some("unit")
    } else if first.kind != second.kind {
        Some("kind")
    } else {
        None
    }
}

/// Tells that an instrument which is observed only now conflicts with another one: the runtime is
/// installed already.
pub(super) fn tell_of_late(spec: &'static Spec) {
    let is_known = || rounds::observed().iter().any(|known| ptr::eq(*known, spec));
    if !instrument::is_on() || is_known() {
        return;
    }
    for second in declared(spec) {
        let same_name = |first: &&Declared| first.name == second.name;
        for first in all().iter().filter(same_name) {
            if let Some(about) = disagreement(first, &second) {
                let conflict = Conflict {
                    first: *first,
                    second,
                    about,
                };
                diagnostics::tell_later(Level::Warn, &conflict);
                return;
            }
        }
    }
}

/// Instruments of one name that differ in unit or kind.
pub(crate) fn conflicts() -> Vec<Conflict> {
    let mut first_of: BTreeMap<&'static str, Declared> = BTreeMap::new();
    let mut conflicts = Vec::new();
    let mut all = all();
    all.sort_by_key(|of| (of.place.file(), of.place.line(), of.place.column()));
    for second in all {
        let first = *first_of.entry(second.name).or_insert(second);
        if let Some(about) = disagreement(&first, &second) {
            conflicts.push(Conflict {
                first,
                second,
                about,
            });
        }
    }
    conflicts
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            first,
            second,
            about,
        } = self;
        write!(
            f,
            "the metric `{}` is declared with one {about} at {} (unit `{}`, {}) and with another at {} (unit `{}`, {}); give one of them another name",
            first.name, first.place, first.unit, first.kind, second.place, second.unit, second.kind,
        )
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::Histogram;
    use super::*;

    #[test]
    fn two_units_of_one_name_are_a_conflict_that_names_both_places() {
        static SECONDS: Histogram = Histogram::new("test.collect.twice", &[]).unit("s");
        static BYTES: Histogram = Histogram::new("test.collect.twice", &[]).unit("By");
        SECONDS.instrument().register();
        BYTES.instrument().register();
        let all = conflicts();
        let ours: Vec<_> = all
            .iter()
            .filter(|conflict| conflict.first.name == "test.collect.twice")
            .collect();
        assert_eq!(ours.len(), 1);
        let message = ours[0].to_string();
        assert!(message.contains("one unit at"), "{message}");
        assert_eq!(message.matches("conflict.rs:").count(), 2, "{message}");
    }
}
