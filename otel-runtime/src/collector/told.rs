//! What the notes of a span say beside its fields.

use super::notes::{ErrorNote, Note, PanicNote, Status as Answer};
use crate::export::{Outcome, Status};
use crate::log::Severity;

/// What is said of a span as a whole, in whatever order it was said.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    /// Empty if nobody has named it.
    pub(super) name: &'a str,
    pub(super) status: Option<Status<'a>>,
    pub(super) trace_state: &'a str,
    /// Errors and panics.
    pub(super) troubles: Vec<Trouble<'a>>,
    pub(super) has_events: bool,
    pub(super) has_links: bool,
}

/// Something went wrong; an event.
#[derive(Debug)]
pub(super) struct Trouble<'a> {
    pub(super) ticks: u64,
    pub(super) cause: Cause<'a>,
}

#[derive(Debug)]
pub(super) enum Cause<'a> {
    Error {
        is_expected: bool,
        error: ErrorNote<'a>,
    },
    Panic(PanicNote<'a>),
}

/// What made a span fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure<'a> {
    /// `error.type`.
    pub(super) code: &'a str,
    pub(super) class: Option<&'a str>,
    pub(super) severity: Option<Severity>,
    pub(super) message: &'a str,
}

impl<'a> Told<'a> {
    /// Takes what is no field; `hides_quoted` says that errors may quote values.
    pub(super) fn take(&mut self, note: Note<'a>, hides_quoted: bool) {
        match note {
            Note::Fields(_) => {}
            Note::Event { .. } => self.has_events = true,
            Note::Link { .. } => self.has_links = true,
            Note::Carried { trace_state, .. } => self.trace_state = trace_state,
            Note::Name("") => {}
            Note::Name(name) => self.name = name,
            Note::Status { code, description } => {
                self.status = Some(match code {
                    1 => Status::Ok,
                    2 => Status::Error(description),
                    _ => Status::Unset,
                });
            }
            Note::Error {
                ticks,
                is_expected,
                said,
            } => {
                let mut error = ErrorNote::read(said);
                if hides_quoted {
                    error.hide_quoted();
                }
                let cause = Cause::Error { is_expected, error };
                self.troubles.push(Trouble { ticks, cause });
            }
            Note::Panic { ticks, said } => {
                let cause = Cause::Panic(PanicNote::read(said));
                self.troubles.push(Trouble { ticks, cause });
            }
        }
    }

    /// What another system answered last, in its errors.
    pub(super) fn last_status(&self) -> Option<Answer<'a>> {
        let mut last_first = self.troubles.iter().rev();
        last_first.find_map(|trouble| match &trouble.cause {
            Cause::Error { error, .. } => error.meaning.and_then(|meaning| meaning.status),
            Cause::Panic(_) => None,
        })
    }

    /// What made the span fail: a panic before an error, the last error before earlier ones.
    pub(super) fn failure(&self, outcome: Outcome) -> Option<Failure<'_>> {
        let unclassified = |code, message| Failure {
            code,
            class: None,
            severity: None,
            message,
        };
        let mut last_first = self.troubles.iter().rev();
        let noted = last_first.find_map(|trouble| match (&trouble.cause, outcome) {
            (Cause::Panic(panic), Outcome::Panicked) => Some(unclassified("panic", panic.message)),
            (
                Cause::Error {
                    is_expected: false,
                    error,
                },
                Outcome::Error,
            ) => Some(Failure {
                code: error.code(),
                class: error.meaning.map(|meaning| meaning.class),
                severity: error.meaning.and_then(|meaning| meaning.severity),
                message: &error.message,
            }),
            _ => None,
        });
        noted.or(match outcome {
            Outcome::Ok | Outcome::Cancelled => None,
            // The note found no room.
            Outcome::Error => Some(unclassified("_OTHER", "")),
            Outcome::Panicked => Some(unclassified("panic", "")),
        })
    }
}
