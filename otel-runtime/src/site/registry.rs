//! Every Site of the program, known before `main`.

use std::sync::atomic::{AtomicU8, Ordering, fence};
use std::sync::{Mutex, PoisonError};

use super::{DIAL_BUSY, DIAL_CALLS, DIAL_LOG, DIAL_OFF, DIAL_SPANS, Level, Site, SiteSpec};
use crate::registry::{Link, Linked, List};

static SITES: List<Site> = List::new();
/// How the dials stand, for Sites that are added: a level in the lower half, [`BUSY_EVERYWHERE`]
/// above; zero if all are off.
static DIALS: AtomicU8 = AtomicU8::new(0);
const BUSY_EVERYWHERE: u8 = 1 << 4;
/// In the same word: something becomes of log records.
const LOGS_WANTED: u8 = 1 << 5;

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

/// Adds a Site of a place that is known only while the program runs, with its dial as those of the
/// others stand; for bridges from other libraries.
///
/// It is never freed: whoever adds Sites bounds how many there are. Allocates.
#[must_use]
pub fn add(spec: SiteSpec) -> &'static Site {
    let site: &'static Site = Box::leak(Box::new(Site::new(spec)));
    SITES.push(site);
    // Pairs with the fence in `set_dials`: who comes later sees the list or the dials of the other.
    fence(Ordering::SeqCst);
    let dial = Dials::from_bits(DIALS.load(Ordering::Relaxed));
    let dial = dial.map_or(DIAL_OFF, |dials| dials.of(site.spec()));
    site.dial.store(dial, Ordering::Relaxed);
    site
}

/// The places whose calls are told in log records, besides those that ask for it.
static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Has the calls of these places told from now on, and no others but those that ask for it.
pub(crate) fn log_calls(patterns: Vec<String>) {
    *LOGGED.lock().unwrap_or_else(PoisonError::into_inner) = patterns;
    if let Some(dials) = Dials::from_bits(DIALS.load(Ordering::Relaxed)) {
        set_dials(Some(dials));
    }
}

fn is_logged(spec: &SiteSpec) -> bool {
    let patterns = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    let place = spec.place();
    patterns.iter().any(|pattern| place.is_meant_by(pattern))
}

/// How the dials of all Sites stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dials {
    /// Sites down to this level are on.
    pub(crate) level: Level,
    /// All Sites measure the busy time, not only those that ask for it.
    pub(crate) busy: bool,
    /// Something becomes of log records.
    pub(crate) logs: bool,
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
            if self.logs && (spec.logged || is_logged(spec)) {
                dial |= DIAL_LOG;
            }
        }
        if spec.metered {
            dial |= DIAL_CALLS;
        }
        dial
    }

    fn bits(self) -> u8 {
        let busy = if self.busy { BUSY_EVERYWHERE } else { 0 };
        let logs = if self.logs { LOGS_WANTED } else { 0 };
        self.level as u8 | busy | logs
    }

    fn from_bits(bits: u8) -> Option<Self> {
        const LEVELS: [Level; 5] = [
            Level::Error,
            Level::Warn,
            Level::Info,
            Level::Debug,
            Level::Trace,
        ];
        let level = bits & (BUSY_EVERYWHERE - 1);
        Some(Self {
            level: *LEVELS.get(usize::from(level).checked_sub(1)?)?,
            busy: bits & BUSY_EVERYWHERE != 0,
            logs: bits & LOGS_WANTED != 0,
        })
    }
}

/// Sets the dials of all Sites; all off for `None`.
///
/// Does not allocate, and with `None` does not lock either: a fork handler may call it.
pub(crate) fn set_dials(dials: Option<Dials>) {
    DIALS.store(dials.map_or(0, Dials::bits), Ordering::Relaxed);
    // Pairs with the fence in `add`.
    fence(Ordering::SeqCst);
    for site in sites() {
        let dial = dials.map_or(DIAL_OFF, |dials| dials.of(site.spec()));
        // Nothing is ordered by the dial: a span more or less at the switch is no error.
        site.dial.store(dial, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dials_come_back_from_their_bits() {
        assert!(Dials::from_bits(0).is_none());
        for (level, busy, logs) in [(Level::Error, false, true), (Level::Trace, true, false)] {
            let dials = Dials { level, busy, logs };
            let again = Dials::from_bits(dials.bits()).unwrap();
            assert_eq!((again.level, again.busy, again.logs), (level, busy, logs));
        }
    }

    #[test]
    fn a_site_that_is_added_is_on_the_list() {
        let site = add(SiteSpec::new("added", "", "", "", "", 0, 0));
        assert!(sites().any(|listed| std::ptr::eq(listed, site)));
    }
}
