//! Every Site of the program, known before `main`.

use std::sync::atomic::Ordering;

use super::{DIAL_BUSY, DIAL_CALLS, DIAL_OFF, DIAL_SPANS, Level, Site, SiteSpec};
use crate::registry::{Link, Linked, List};

static SITES: List<Site> = List::new();

impl Linked for Site {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

/// Every Site of the program and of the libraries it has loaded so far, whether or not its
/// place ever ran.
pub fn sites() -> impl Iterator<Item = &'static Site> {
    SITES.iter()
}

/// Puts a Site on the program's list; generated code has the loader call it.
///
/// With the C ABI because it cannot unwind: its callers then need no landing pad. Out of line,
/// so that the code of each Site is one call.
#[inline(never)]
pub extern "C" fn register(site: &'static Site) {
    SITES.push(site);
}

/// How the dials of all Sites stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dials {
    /// Sites down to this level are on.
    pub(crate) level: Level,
    /// All Sites measure the busy time, not only those that ask for it.
    pub(crate) busy: bool,
}

impl Dials {
    /// How the dial of such a Site stands.
    fn of(self, spec: &SiteSpec) -> u8 {
        let mut dial = DIAL_OFF;
        if spec.traced && spec.level <= self.level {
            dial |= DIAL_SPANS;
            if self.busy || spec.busy {
                dial |= DIAL_BUSY;
            }
        }
        if spec.metered {
            dial |= DIAL_CALLS;
        }
        dial
    }
}

/// Sets the dials of all Sites; all off for `None`.
///
/// Neither allocates nor locks: a fork handler may call it.
pub(crate) fn set_dials(dials: Option<Dials>) {
    for site in sites() {
        let dial = dials.map_or(DIAL_OFF, |dials| dials.of(site.spec()));
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        site.dial.store(dial, Ordering::Relaxed);
    }
}
