//! A source on the list of those that are asked, and what was told about it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::answer::Refused;
use super::source::Source;
use super::spec::Spec;
use crate::diagnostics;
use crate::site::Level;

pub(super) struct Entry {
    pub(super) id: u64,
    name: &'static str,
    pub(super) source: Arc<dyn Source>,
    pub(super) is_own: bool,
    /// A thread is left behind in it.
    pub(super) is_stuck: bool,
    /// What it observes, if that is an instrument.
    pub(super) spec: Option<&'static Spec>,
    is_delay_told: bool,
    is_refusal_told: bool,
}

impl Entry {
    pub(super) fn new(
        id: u64,
        name: &'static str,
        is_own: bool,
        spec: Option<&'static Spec>,
        source: Arc<dyn Source>,
    ) -> Self {
        Self {
            id,
            name,
            source,
            is_own,
            is_stuck: false,
            spec,
            is_delay_told: false,
            is_refusal_told: false,
        }
    }

    /// Tells once that it takes too long.
    pub(super) fn tell_delay(&mut self, longest: Duration) {
        if !std::mem::replace(&mut self.is_delay_told, true) {
            let line = format_args!(
                "`{}` takes longer than {longest:?} to observe, and is left out meanwhile",
                self.name
            );
            diagnostics::tell_later(Level::Warn, &line);
        }
    }

    /// Tells once that it gives what cannot be.
    pub(super) fn tell_refusal(&mut self, Refused { metric, fault }: &Refused) {
        if !std::mem::replace(&mut self.is_refusal_told, true) {
            let line = format_args!("`{metric}` of `{}` is refused: {fault}", self.name);
            diagnostics::tell_later(Level::Warn, &line);
        }
    }

    /// Lets go of a source that has panicked.
    pub(super) fn end(self) {
        let line = format_args!("`{}` panicked, and is not observed any more", self.name);
        diagnostics::tell(Level::Error, &line);
        // Its destructor may panic as well.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(self)));
    }
}
