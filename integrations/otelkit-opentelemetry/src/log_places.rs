//! The places of log records: one for each target, and one for all others when there are too many.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use otel_runtime::log::{LogSite, LogSiteSpec};

/// The most targets with a place of their own; a place is never freed.
const MOST: usize = 1000;
/// What stands for all others.
const OTHERS: &str = "otelkit.others";

/// A place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) site: &'static LogSite,
    /// It stands for other targets, too.
    pub(crate) is_shared: bool,
}

static KNOWN: RwLock<Option<HashMap<&'static str, &'static LogSite>>> = RwLock::new(None);

/// The place of this target.
pub(crate) fn of(target: &str) -> Place {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(site) = known.as_ref().and_then(|known| known.get(target)) {
        return own(site);
    }
    let is_full = known.as_ref().is_some_and(|known| known.len() >= MOST);
    drop(known);
    match is_full {
        true => others(),
        false => make(target),
    }
}

#[cold]
fn make(target: &str) -> Place {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(site) = known.get(target) {
        return own(site);
    }
    if known.len() >= MOST {
        return others();
    }
    let target: &'static str = target.to_owned().leak();
    let site = LogSite::register(LogSiteSpec::of_target(target));
    known.insert(target, site);
    own(site)
}

const fn own(site: &'static LogSite) -> Place {
    Place {
        site,
        is_shared: false,
    }
}

fn others() -> Place {
    static SITE: OnceLock<&'static LogSite> = OnceLock::new();
    Place {
        site: SITE.get_or_init(|| LogSite::register(LogSiteSpec::of_target(OTHERS))),
        is_shared: true,
    }
}
