//! What an instrument is, said at compile time.

use std::panic::Location;

use super::call::{CallSpec, Endings};
use super::label::LabelValue;
use super::labels::Values;
use super::open::{MOST_COMBINATIONS, MOST_PLACES};

/// What an instrument is.
///
/// The order keeps what callers look at in front.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Spec {
    /// How many series it has; if it has places, in each of them.
    pub series: usize,
    /// What is done with the values.
    pub kind: Kind,
    /// Its name, by the [rules for instrument names].
    ///
    /// [rules for instrument names]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
    pub name: &'static str,
    /// The unit of its values, in UCUM; empty if there is none.
    pub unit: &'static str,
    /// What it is about; may be empty.
    pub description: &'static str,
    /// The keys of its attributes.
    pub keys: &'static [&'static str],
    /// Those of further attributes, all of open labels.
    pub open_keys: &'static [&'static str],
    /// How many combinations of values of open labels it tells apart; 0 if it has no open labels.
    pub places: usize,
    /// Says what the attributes of a series are, once for each key.
    pub describe: fn(usize, &mut dyn FnMut(LabelValue)),
    /// The package that declares it; empty if unknown.
    pub package: &'static str,
    /// The package's version; empty if unknown.
    pub version: &'static str,
    /// Where it is declared.
    pub place: &'static Location<'static>,
    /// The function it is about, if it is about one.
    pub calls: Option<CallSpec>,
}

impl Spec {
    /// Of one series without a unit, about no function; declared where this is called.
    #[track_caller]
    pub(super) const fn one(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            unit: "",
            description: "",
            kind,
            keys: &[],
            open_keys: &[],
            series: 1,
            places: 0,
            describe: |_, _| {},
            package: "",
            version: "",
            place: Location::caller(),
            calls: None,
        }
    }

    /// How many series it can have at the same time.
    #[must_use]
    pub const fn most_series(&self) -> usize {
        match self.places {
            0 => self.series,
            // and the overflow
            places => self.series.saturating_mul(places).saturating_add(1),
        }
    }

    /// How the calls that it times can end, if it times calls.
    pub(super) fn endings(&self) -> Option<&Endings> {
        self.calls.as_ref()?.endings.as_ref()
    }
}

/// What is done with the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Their sum, which never falls.
    Counter(Number),
    /// Their sum.
    UpDownCounter(Number),
    /// The last one.
    Gauge(Number),
    /// How many fall between these boundaries.
    Histogram(&'static [f64]),
    /// How many are of which size; the buckets follow the values.
    ExponentialHistogram,
}

/// What kind of number the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// A whole number.
    Int,
    /// A floating-point number.
    Double,
}

/// The most series that one instrument with labels known at compile time can have.
pub const MOST_SERIES: usize = 2000;

/// Refuses a name that is no name of an instrument. For use at compile time: what is wrong is a
/// panic, and so an error of the compiler.
pub(super) const fn check_name(name: &str) {
    let bytes = name.as_bytes();
    assert!(
        !bytes.is_empty() && bytes.len() <= 255,
        "the name of an instrument has 1 to 255 characters"
    );
    assert!(
        bytes[0].is_ascii_alphabetic(),
        "the name of an instrument begins with a letter"
    );
    let mut at = 1;
    while at < bytes.len() {
        assert!(
            bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'.' | b'-' | b'/'),
            "the name of an instrument consists of letters, digits, `_`, `.`, `-` and `/`"
        );
        at += 1;
    }
}

/// Refuses a text that is no unit, in the same way.
pub(super) const fn check_unit(unit: &str) {
    let bytes = unit.as_bytes();
    assert!(bytes.len() <= 63, "a unit has 63 characters at most");
    let mut at = 0;
    while at < bytes.len() {
        assert!(
            bytes[at].is_ascii_graphic(),
            "a unit consists of visible ASCII characters, such as `s`, `By` or `{{order}}`"
        );
        at += 1;
    }
}

/// Refuses boundaries that do not rise, in the same way.
pub(super) const fn check_boundaries(boundaries: &[f64]) {
    let mut at = 0;
    while at < boundaries.len() {
        assert!(
            boundaries[at].is_finite(),
            "the boundaries of a histogram are finite; the last bucket is open anyway"
        );
        assert!(
            at == 0 || boundaries[at - 1] < boundaries[at],
            "each boundary of a histogram is above the one before"
        );
        at += 1;
    }
}

/// Refuses keys that do not fit the labels, in the same way.
pub(super) const fn check_keys(keys: &[&str], width: usize) {
    assert!(
        keys.len() == width,
        "an instrument needs one key for each of its labels: `.labels(&[\"..\"])`"
    );
}

/// Refuses more series than these, in the same way.
pub(super) const fn check_series(series: usize, most: usize) {
    if most == MOST_SERIES {
        assert!(
            series <= most,
            "the labels of an instrument make more than 2000 series"
        );
    } else {
        assert!(
            series <= most,
            "the labels of an instrument make more series than its `max_series`"
        );
    }
}

/// Refuses open labels of which not all combinations can be numbered, in the same way.
pub(super) const fn check_open(open: usize, series: usize, places: usize) {
    assert!(
        open <= Values::MOST,
        "an instrument has 6 open labels at most"
    );
    assert!(
        open == 0 || series <= MOST_COMBINATIONS,
        "the labels beside an open one make more than 4096 series"
    );
    assert!(
        places <= MOST_PLACES,
        "the open labels of an instrument have more than a million combinations"
    );
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |number: &Number| match number {
            Number::Int => "whole numbers",
            Number::Double => "floating-point numbers",
        };
        match self {
            Self::Counter(number) => write!(f, "a counter of {}", of(number)),
            Self::UpDownCounter(number) => write!(f, "an up-down counter of {}", of(number)),
            Self::Gauge(number) => write!(f, "a gauge of {}", of(number)),
            Self::Histogram(boundaries) => write!(f, "a histogram with boundaries {boundaries:?}"),
            Self::ExponentialHistogram => f.write_str("an exponential histogram"),
        }
    }
}
