//! What the result of a call says about how it ended.

use std::error::Error;
use std::fmt;

use super::note;
use crate::clock::ticks;
use crate::export::Outcome;
use crate::record::RecordKind;
use crate::thread;
use crate::value::{Capture, Debug, Key};

/// Looks at the result of an annotated call, while its span is still the current one.
#[derive(Debug)]
pub struct Observer<'a> {
    outcome: &'a mut Outcome,
    is_recording: bool,
}

/// An error, as much as its type lets one see.
#[derive(Clone, Copy)]
pub struct ErrorView<'a> {
    /// The error's type, `error.type` of the span.
    pub type_name: &'static str,
    /// Its message: `Display` if the type has it.
    pub message: Option<&'a dyn fmt::Display>,
    /// Its `Debug` form, for types without a message.
    pub debug: Option<&'a dyn fmt::Debug>,
    /// What caused it.
    pub source: Option<&'a (dyn Error + 'static)>,
    /// Recorded, but the span has not failed.
    pub is_expected: bool,
}

/// Causes of causes beyond this many are left out: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;

impl<'a> Observer<'a> {
    pub(super) fn new(outcome: &'a mut Outcome, is_recording: bool) -> Self {
        Self {
            outcome,
            is_recording,
        }
    }

    /// True if the span will be written when it ends.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.is_recording
    }

    /// The call went well.
    pub fn ok(&mut self) {
        *self.outcome = Outcome::Ok;
    }

    /// The call failed, and nothing more is known.
    pub fn fail(&mut self) {
        *self.outcome = Outcome::Error;
    }

    /// The call returned an error.
    #[cold]
    pub fn error(&mut self, error: &ErrorView<'_>) {
        if !error.is_expected {
            *self.outcome = Outcome::Error;
        }
        if self.is_recording {
            record_error_of_current(error);
        }
    }

    /// The call returned this value, and it is to be recorded as `return`.
    pub fn ret(&mut self, value: &(impl Capture + ?Sized)) {
        if self.is_recording {
            super::set_attribute("return", value);
        }
    }
}

impl fmt::Debug for ErrorView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorView")
            .field("type_name", &self.type_name)
            .field("is_expected", &self.is_expected)
            .finish_non_exhaustive()
    }
}

/// Notes an error of the current span: when, whether it was expected; type, message, chain.
pub(super) fn record_error_of_current(error: &ErrorView<'_>) {
    thread::with(|local| {
        note::prepared(
            local,
            |bytes| prepare(error, bytes),
            |bytes| {
                let head = [ticks(), u64::from(error.is_expected)];
                note::of_current(local, RecordKind::Error, &head, bytes);
            },
        );
    });
}

pub(super) fn prepare(error: &ErrorView<'_>, bytes: &mut Vec<u8>) {
    note::capture(Key::Named("type"), error.type_name, bytes);
    if let Some(message) = error.message {
        note::capture(
            Key::Named("message"),
            &crate::value::Display(message),
            bytes,
        );
    } else if let Some(debug) = error.debug {
        note::capture(Key::Named("message"), &Debug(debug), bytes);
    }
    let mut source = error.source;
    for _ in 0..LONGEST_CHAIN {
        let Some(cause) = source else { break };
        note::capture(Key::Named("source"), &crate::value::Display(cause), bytes);
        source = cause.source();
    }
}

impl<'a> ErrorView<'a> {
    /// Of a proper error.
    pub fn of<E: Error>(error: &'a E) -> Self {
        Self {
            type_name: std::any::type_name::<E>(),
            message: Some(error),
            debug: None,
            source: error.source(),
            is_expected: false,
        }
    }
}
