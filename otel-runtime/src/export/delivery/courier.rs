//! What carries a parcel out of the process.

use std::time::Duration;

use super::patience::Patience;
use super::receipt::Receipt;

/// Carries parcels; lives on the worker thread.
pub(crate) trait Courier<T>: Send {
    /// Tries to deliver, for as long as `patience` lasts, and says what became of it.
    ///
    /// May change `content`, which is reused afterwards.
    fn deliver(&mut self, content: &mut T, patience: &Patience<'_, T>) -> Receipt;

    /// Called once, after the last parcel; should take no longer than `within`.
    fn close(&mut self, within: Duration) {
        let _ = within;
    }
}
