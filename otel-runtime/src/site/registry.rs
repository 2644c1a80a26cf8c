//! Every Site of the program, known before `main`.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{DIAL_BUSY, DIAL_CALLS, DIAL_OFF, DIAL_SPANS, Level, Site, SiteSpec};
use crate::registry::{Link, Linked, List};

static SITES: List<Site> = List::new();

/// How the dials of all Sites stand, in one byte; zero if they are off.
static STAND: AtomicU8 = AtomicU8::new(0);

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

/// Puts a Site on the program's list that is made while the program runs, and sets its dial as
/// those of all others stand.
///
/// For bridges: a place of another API becomes a Site when it is first reached. It is never freed,
/// so that there must be no more of them than there are places in the program. Allocates.
pub fn register_late(spec: SiteSpec) -> &'static Site {
    let site: &'static Site = Box::leak(Box::new(Site::new(spec)));
    // In this order, which is that of `set_dials` turned round: whoever comes second sees the other.
    register(site);
    site.turn(Dials::from_byte(STAND.load(Ordering::SeqCst)));
    site
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
    const ON: u8 = 1 << 7;
    const BUSY: u8 = 1 << 6;

    const fn to_byte(self) -> u8 {
        Self::ON | (self.busy as u8) << 6 | self.level as u8
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        let level = match byte & !(Self::ON | Self::BUSY) {
            1 => Level::Error,
            2 => Level::Warn,
            3 => Level::Info,
            4 => Level::Debug,
            _ => Level::Trace,
        };
        let dials = Self {
            level,
            busy: byte & Self::BUSY != 0,
        };
        if byte & Self::ON == 0 {
            None
        } else {
            Some(dials)
        }
    }

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
    STAND.store(dials.map_or(0, Dials::to_byte), Ordering::SeqCst);
    sites().for_each(|site| site.turn(dials));
}

impl Site {
    fn turn(&self, dials: Option<Dials>) {
        let dial = dials.map_or(DIAL_OFF, |dials| dials.of(self.spec()));
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        self.dial.store(dial, Ordering::Relaxed);
    }
}
