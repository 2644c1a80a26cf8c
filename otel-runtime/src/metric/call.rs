//! What is said of instruments that are about the calls of one function, and how calls end.

use std::borrow::Cow;

use super::data::{AttributeValue, Attributes};
use super::open::Live;
use crate::class::{Classification, Code, Codes};
use crate::site::Site;

/// Instruments that are about the calls of one function.
#[derive(Clone, Copy, Debug)]
pub struct CallSpec {
    /// The function.
    pub site: &'static Site,
    /// How its calls can end, if the series are divided by it: each combination of labels has one
    /// series for each ending.
    pub endings: Option<Endings>,
}

/// How the calls of a function can end.
#[derive(Clone, Copy, Debug)]
pub struct Endings {
    /// The name of the counter that is read off their numbers.
    pub counter: &'static str,
    /// The errors that are known.
    pub codes: Codes,
    /// What other errors are called; `None` if there are not expected to be any.
    pub other: Option<fn() -> &'static str>,
    /// Calls that may be given up half-way.
    pub is_asynchronous: bool,
    /// Only those with errors that were not known before they came; which ones, their instrument
    /// keeps.
    pub are_met: bool,
}

/// How a call ended: a place among the [`Endings`] of its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ending(u16);

/// What an error without a name of its own is called, by the [semantic conventions].
///
/// [semantic conventions]: https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/
const OTHER: &str = "_OTHER";

/// The attribute that only calls with an error have.
pub(super) const ERROR_TYPE: &str = "error.type";

/// How many errors that were not known are told apart in each function; all further ones have the
/// series of errors without a name.
pub(super) const MOST_MET: usize = 20;

const ERROR_CLASS: &str = "otelkit.error.class";

/// For functions of whose errors nothing is known.
pub const ANY_ERROR: Option<fn() -> &'static str> = Some(|| OTHER);

impl Ending {
    pub(crate) const OK: Self = Self(0);
    pub(crate) const PANICKED: Self = Self(1);
    pub(crate) const CANCELLED: Self = Self(2);
    /// With an error that is not among the known ones.
    pub(crate) const FAILED: Self = Self(3);
    const FIRST_CODE: u16 = 4;
    /// Added to the place of an error that was not known.
    const MET: u16 = 1 << 15;

    #[inline(always)]
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }

    /// The place among errors that were not known before they came.
    #[inline(always)]
    pub(super) const fn met(self) -> Option<usize> {
        match self.0.checked_sub(Self::MET) {
            Some(place) => Some(place as usize),
            None => None,
        }
    }
}

impl Endings {
    pub(super) const fn new(counter: &'static str) -> Self {
        Self {
            counter,
            codes: Codes::NONE,
            other: None,
            is_asynchronous: false,
            are_met: false,
        }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        if self.are_met {
            return MOST_MET;
        }
        Ending::FIRST_CODE as usize + self.codes.len()
    }

    /// The ending with an error of this meaning; `meet` gives one that is not known a place, if
    /// there is one.
    pub(super) fn with_error(
        &self,
        meaning: Option<&Classification<'_>>,
        meet: impl FnOnce(&Classification<'_>) -> Option<usize>,
    ) -> Ending {
        let Some(error) = meaning else {
            return Ending::FAILED;
        };
        match self.codes.position(error.code, error.class) {
            Some(at) => Ending(Ending::FIRST_CODE + at as u16),
            None if self.codes.is_open() => {
                meet(error).map_or(Ending::FAILED, |at| Ending(Ending::MET + at as u16))
            }
            None => Ending::FAILED,
        }
    }

    /// The attributes of what ended like this `count` times; `None` if that is no series.
    ///
    /// What cannot happen as far as one can see is a series only once it has happened.
    pub(super) fn attributes(&self, place: usize, count: u64, met: &[Live]) -> Option<Attributes> {
        let outcome = |outcome| text("otelkit.outcome", outcome);
        let has_happened = count != 0;
        if self.are_met {
            let met = met.iter().find(|met| met.place.number as usize == place);
            let keys = [ERROR_TYPE, ERROR_CLASS].map(Cow::Borrowed);
            let named = met.filter(|_| has_happened)?.attributes.iter().cloned();
            let said = keys.into_iter().zip(named.flatten());
            return Some([outcome("error")].into_iter().chain(said).collect());
        }
        match Ending(place as u16) {
            Ending::OK => Some(vec![outcome("ok")]),
            Ending::PANICKED => Some(vec![outcome("panicked")]),
            Ending::CANCELLED => {
                (self.is_asynchronous || has_happened).then(|| vec![outcome("cancelled")])
            }
            Ending::FAILED => {
                let may_happen = self.other.is_some() && self.codes.is_open();
                let name = self.other.map_or(OTHER, |name| name());
                (may_happen || has_happened).then(|| vec![outcome("error"), text(ERROR_TYPE, name)])
            }
            Ending(place) => {
                let code = self.code((place - Ending::FIRST_CODE) as usize)?;
                Some(vec![
                    outcome("error"),
                    text(ERROR_TYPE, code.code),
                    text(ERROR_CLASS, code.class.as_str()),
                ])
            }
        }
    }

    /// The known error at this place, unless it has an earlier one.
    fn code(&self, at: usize) -> Option<Code> {
        let (mut next, mut found) = (0, None);
        self.codes.for_each(&mut |code| {
            if next == at {
                found = Some(*code);
            }
            next += 1;
        });
        found.filter(|code| self.codes.position(code.code, code.class) == Some(at))
    }
}

fn text(key: &'static str, value: &'static str) -> (Cow<'static, str>, AttributeValue) {
    (
        Cow::Borrowed(key),
        AttributeValue::Str(Cow::Borrowed(value)),
    )
}

impl CallSpec {
    /// The attribute that all series of the function have.
    pub(super) fn function(&self) -> (Cow<'static, str>, AttributeValue) {
        text("code.function.name", self.site.function())
    }
}
