//! What the result of a call says about how it ended.

use std::error::Error;
use std::fmt;

use super::meter::Meter;
use super::{note, stack};
use crate::class::{Classification, ResponseStatus};
use crate::clock::ticks;
use crate::export::Outcome;
use crate::metric::Ending;
use crate::record::RecordKind;
use crate::site::Site;
use crate::thread;
use crate::value::{Capture, Debug, Key};

/// Looks at the result of an annotated call, while its span is still the current one.
#[derive(Debug)]
pub struct Observer<'a> {
    site: &'static Site,
    outcome: &'a mut Outcome,
    is_recording: bool,
    /// What counts the call, if anything does.
    meter: Option<&'a mut Meter>,
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
    /// What it means, if its type says so.
    pub meaning: Option<Classification<'a>>,
}

/// What an error of which nothing is known is called.
const OTHER: &str = "_OTHER";

/// Causes of causes beyond this many are left out: a chain may be a circle.
const LONGEST_CHAIN: usize = 32;

impl<'a> Observer<'a> {
    #[inline(always)]
    pub(super) fn new(
        site: &'static Site,
        outcome: &'a mut Outcome,
        is_recording: bool,
        meter: Option<&'a mut Meter>,
    ) -> Self {
        Self {
            site,
            outcome,
            is_recording,
            meter,
        }
    }

    /// Looks at the result of a call that has no span.
    #[inline(always)]
    pub(super) fn of_meter(meter: &'a mut Meter, look: impl FnOnce(&mut Observer<'_>)) {
        if let Some(site) = meter.site() {
            look(&mut Observer::new(
                site,
                &mut Outcome::Ok,
                false,
                Some(meter),
            ));
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
        if let Some(meter) = &mut self.meter {
            meter.set_ending(Ending::OK);
        }
    }

    /// The call failed, and nothing more is known.
    pub fn fail(&mut self) {
        *self.outcome = Outcome::Error;
        if let Some(meter) = &mut self.meter {
            meter.fail(None, OTHER);
        }
    }

    /// The call returned an error.
    #[cold]
    pub fn error(&mut self, error: &ErrorView<'_>) {
        if !error.counts_as_expected() {
            *self.outcome = Outcome::Error;
            if let Some(meter) = &mut self.meter {
                meter.fail(error.meaning.as_ref(), error.type_name);
            }
        }
        if self.is_recording {
            record_error_of_current(error, stack::is_wanted(self.site));
        }
    }

    /// The call returned something that gives an attribute this value.
    pub fn attribute(&mut self, key: &str, value: &(impl Capture + ?Sized)) {
        if self.is_recording {
            super::set_attribute(key, value);
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

/// Notes an error of the current span: when, whether it was expected; what it is and means.
pub(super) fn record_error_of_current(error: &ErrorView<'_>, with_stack: bool) {
    thread::with(|local| {
        note::prepared(
            local,
            |bytes| prepare(error, with_stack, bytes),
            |bytes| note::of_current(local, RecordKind::Error, &head(error), bytes),
        );
    });
}

/// The words of an error: when, and whether it was expected.
pub(super) fn head(error: &ErrorView<'_>) -> [u64; 2] {
    [ticks(), u64::from(error.counts_as_expected())]
}

pub(super) fn prepare(error: &ErrorView<'_>, with_stack: bool, bytes: &mut Vec<u8>) {
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
    if let Some(meaning) = &error.meaning {
        note::capture(Key::Named("code"), meaning.code, bytes);
        note::capture(Key::Named("class"), meaning.class.as_str(), bytes);
        note::capture(Key::Named("fault"), meaning.fault.as_str(), bytes);
        note::capture(Key::Named("severity"), &meaning.severity.number(), bytes);
        note::capture(Key::Named("retryable"), &meaning.retry.may_help(), bytes);
        match meaning.response_status {
            Some(ResponseStatus::Text(status)) => {
                note::capture(Key::Named("status"), status, bytes)
            }
            Some(ResponseStatus::Number(status)) => {
                note::capture(Key::Named("status"), &status, bytes);
            }
            None => {}
        }
    }
    if with_stack {
        stack::capture(bytes);
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
            meaning: None,
        }
    }

    /// True if the span has not failed, whoever says so.
    pub(super) fn counts_as_expected(&self) -> bool {
        self.is_expected || self.meaning.is_some_and(|meaning| meaning.is_expected)
    }
}
