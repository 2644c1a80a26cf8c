//! Whom a span asks, if it asks a database.

use super::{Meter, Metered, Span, note};
use crate::db::Target;
use crate::record::RecordKind;
use crate::thread;
use crate::value::Key;

impl<const N: usize> Metered<N> {
    /// The call asks this database, unless that is not known. Nobody looks if nothing is wanted of
    /// the call.
    #[inline]
    pub fn ask(&mut self, target: impl FnOnce() -> Option<&'static Target>) {
        let is_recording = self.is_recording();
        let meter = self.meter();
        if meter.is_none() && !is_recording {
            return;
        }
        if let Some(target) = target() {
            if let Some(meter) = meter {
                meter.ask(target);
            }
            if is_recording {
                note_of_current(target);
            }
        }
    }
}

impl<const N: usize> Span<N> {
    /// The same of a call that is a future or stream.
    #[inline]
    pub fn ask(&mut self, meter: &mut Meter, target: impl FnOnce() -> Option<&'static Target>) {
        if !meter.is_active() && !self.is_recording() {
            return;
        }
        if let Some(target) = target() {
            meter.ask(target);
            self.note_target(target);
        }
    }

    /// Says whom the span asks.
    pub fn note_target(&mut self, target: &Target) {
        self.note(RecordKind::Fields, &[], |bytes| prepare(target, bytes));
    }
}

fn note_of_current(target: &Target) {
    thread::with(|local| {
        note::prepared(
            local,
            |bytes| prepare(target, bytes),
            |bytes| note::of_current(local, RecordKind::Fields, &[], bytes),
        );
    });
}

fn prepare(target: &Target, bytes: &mut Vec<u8>) {
    if let Some(address) = target.address() {
        note::capture(Key::Named("server.address"), address, bytes);
    }
    if let Some(port) = target.port() {
        note::capture(Key::Named("server.port"), &port, bytes);
    }
    if let Some(namespace) = target.namespace() {
        note::capture(Key::Named("db.namespace"), namespace, bytes);
    }
}
