//! Failures of calls, each with a number: a call that waits for its end keeps two bytes of it.

use std::sync::OnceLock;

use super::duration::Failure;
use crate::class::ResponseStatus;

/// So many are told apart; all others are one.
const MOST: usize = 500;

static KNOWN: [OnceLock<Known>; MOST] = [const { OnceLock::new() }; MOST];

struct Known {
    error_type: Box<str>,
    status: Option<Box<str>>,
    /// The status, if it is a number.
    number: Option<i64>,
}

/// The number of a failure, or of none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FailureId(u16);

impl FailureId {
    /// The call has not failed.
    pub(crate) const NONE: Self = Self(0);
    const OTHER: Self = Self(MOST as u16 + 1);

    /// Allocates for a failure that was not known, and nothing for any other.
    pub(crate) fn of(failure: Failure<'_>) -> Self {
        for (at, slot) in KNOWN.iter().enumerate() {
            let known = slot.get_or_init(|| Known::of(failure));
            if known.is(failure) {
                return Self(at as u16 + 1);
            }
        }
        Self::OTHER
    }

    /// What it is the number of.
    pub(crate) fn failure(self) -> Option<Failure<'static>> {
        let at = usize::from(self.0).checked_sub(1)?;
        let known = KNOWN.get(at).and_then(OnceLock::get);
        Some(known.map_or(
            Failure {
                error_type: "_OTHER",
                status: None,
            },
            |known| Failure {
                error_type: &known.error_type,
                status: known.status.as_deref().map(ResponseStatus::Text),
            },
        ))
    }
}

impl Known {
    fn of(failure: Failure<'_>) -> Self {
        let (status, number) = match failure.status {
            None => (None, None),
            Some(ResponseStatus::Text(text)) => (Some(text.into()), None),
            Some(ResponseStatus::Number(number)) => (Some(number.to_string().into()), Some(number)),
        };
        Self {
            error_type: failure.error_type.into(),
            status,
            number,
        }
    }

    fn is(&self, failure: Failure<'_>) -> bool {
        *self.error_type == *failure.error_type
            && match failure.status {
                None => self.status.is_none(),
                Some(ResponseStatus::Text(text)) => {
                    self.number.is_none() && self.status.as_deref() == Some(text)
                }
                Some(ResponseStatus::Number(number)) => self.number == Some(number),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_by_its_number() {
        let failure = |status| Failure {
            error_type: "failures.test",
            status,
        };
        let numbered = FailureId::of(failure(Some(ResponseStatus::Number(7))));
        let texted = FailureId::of(failure(Some(ResponseStatus::Text("7"))));
        assert_ne!(numbered, texted);
        assert_eq!(
            FailureId::of(failure(Some(ResponseStatus::Number(7)))),
            numbered
        );
        let found = numbered.failure().unwrap();
        assert_eq!(found.error_type, "failures.test");
        assert_eq!(found.status, Some(ResponseStatus::Text("7")));
        assert!(FailureId::NONE.failure().is_none());
        assert_eq!(FailureId::OTHER.failure().unwrap().error_type, "_OTHER");
    }
}
