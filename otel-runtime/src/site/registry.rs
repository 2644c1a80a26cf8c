//! Every Site of the program, known before `main`.

use std::sync::atomic::Ordering;

use super::{Level, Site};

/// Puts a Site on the list of the program's Sites; the expansion submits it to `inventory`.
#[derive(Debug)]
pub struct Registration(pub &'static Site);

inventory::collect!(Registration);

/// Every Site of the program and of the libraries it has loaded so far, whether or not its
/// place ever ran.
pub fn sites() -> impl Iterator<Item = &'static Site> {
    inventory::iter::<Registration>
        .into_iter()
        .map(|registration| registration.0)
}

/// Turns the dials of all Sites down to `level` on; of all Sites off for `None`.
///
/// Neither allocates nor locks: a fork handler may call it.
pub(crate) fn set_dials(level: Option<Level>) {
    for site in sites() {
        let is_on = level.is_some_and(|level| site.spec().level <= level);
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        site.dial.store(u8::from(is_on), Ordering::Relaxed);
    }
}
