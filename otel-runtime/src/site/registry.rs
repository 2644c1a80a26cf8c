//! Every Site of the program, known before `main`.

use std::sync::atomic::Ordering;

use super::{DIAL_BUSY, DIAL_OFF, DIAL_ON, Level, Site};

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

/// How the dials of all Sites stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dials {
    /// Sites down to this level are on.
    pub(crate) level: Level,
    /// All Sites measure the busy time, not only those that ask for it.
    pub(crate) busy: bool,
}

/// Sets the dials of all Sites; all off for `None`.
///
/// Neither allocates nor locks: a fork handler may call it.
pub(crate) fn set_dials(dials: Option<Dials>) {
    for site in sites() {
        let spec = site.spec();
        let dial = match dials {
            Some(dials) if spec.level <= dials.level => {
                if dials.busy || spec.busy {
                    DIAL_BUSY
                } else {
                    DIAL_ON
                }
            }
            _ => DIAL_OFF,
        };
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        site.dial.store(dial, Ordering::Relaxed);
    }
}
