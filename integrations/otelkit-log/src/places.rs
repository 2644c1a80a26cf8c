//! The places that log, each known to the runtime once.
//!
//! ```text
//!  record ─► the thread's own table: file, line, target ─► LogSite
//!                     │ not there
//!                     ▼
//!            all places, behind a lock; made there if it is new and there is room
//! ```
//!
//! A place of the runtime is never freed. Files and lines are those of the
//! program's code, so their number has an end; targets can be texts made while
//! the program runs. A line has so many of them at most, and one place more for
//! all others, whose records say their target themselves.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use log::Record;
use otel_runtime::log::{LogSite, LogSiteSpec};

/// The most targets of one line.
const MOST_OF_LINE: usize = 8;
/// The most targets of records that do not say where they come from, all together.
const MOST_ELSEWHERE: usize = 500;
/// What stands for all further targets of those.
const OTHERS: &str = "otelkit.others";
/// How many places a thread finds without the lock.
const NEAR: usize = 64;

/// A place, and whether it is the one of the record alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) site: &'static LogSite,
    /// It stands for other targets, too.
    pub(crate) is_shared: bool,
}

/// A line of the program; of records that do not say theirs, the first line of no file.
type Line = (usize, u32);

/// The places of one line.
#[derive(Debug, Default)]
struct OfLine {
    by_target: Vec<&'static LogSite>,
    others: Option<&'static LogSite>,
}

static ALL: RwLock<Option<HashMap<Line, OfLine>>> = RwLock::new(None);

thread_local! {
    static RECENT: [Cell<Option<(Line, &'static LogSite)>>; NEAR] =
        const { [const { Cell::new(None) }; NEAR] };
}

/// The place of a record.
pub(crate) fn of(record: &Record<'_>) -> Place {
    let line = line_of(record);
    let target = record.target();
    let recent = RECENT
        .try_with(|recent| recent[near(line)].get())
        .ok()
        .flatten();
    if let Some((known, site)) = recent
        && known == line
        && site.spec().target == target
    {
        return Place {
            site,
            is_shared: false,
        };
    }
    let place = find(line, target).unwrap_or_else(|| make(line, record));
    if !place.is_shared {
        let _ = RECENT.try_with(|recent| recent[near(line)].set(Some((line, place.site))));
    }
    place
}

/// The place of a target whose records do not say where they come from.
pub(crate) fn of_target(target: &str) -> &'static LogSite {
    const NOWHERE: Line = (0, 0);
    let place = find(NOWHERE, target);
    let place = place.unwrap_or_else(|| make(NOWHERE, &Record::builder().target(target).build()));
    place.site
}

/// A text of the program is at the same address each time; another one may come to an address.
fn line_of(record: &Record<'_>) -> Line {
    let file = record.file_static().map_or(0, |file| file.as_ptr().addr());
    match file {
        0 => (0, 0),
        file => (file, record.line().unwrap_or(0)),
    }
}

fn near((file, line): Line) -> usize {
    (file ^ (line as usize).wrapping_mul(0x9e37)) % NEAR
}

fn find(line: Line, target: &str) -> Option<Place> {
    let all = ALL.read().unwrap_or_else(PoisonError::into_inner);
    let of_line = all.as_ref()?.get(&line)?;
    let own = of_line
        .by_target
        .iter()
        .find(|site| site.spec().target == target);
    let is_full = of_line.by_target.len() >= most_of(line);
    match own {
        Some(site) => Some(Place {
            site,
            is_shared: false,
        }),
        None => of_line.others.filter(|_| is_full).map(|site| Place {
            site,
            is_shared: true,
        }),
    }
}

#[cold]
fn make(line: Line, record: &Record<'_>) -> Place {
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    let of_line = all.get_or_insert_default().entry(line).or_default();
    let target = record.target();
    let own = of_line
        .by_target
        .iter()
        .find(|site| site.spec().target == target);
    if let Some(site) = own {
        return Place {
            site,
            is_shared: false,
        };
    }
    if of_line.by_target.len() < most_of(line) {
        let site = LogSite::register(spec(target.to_owned().leak(), record));
        of_line.by_target.push(site);
        return Place {
            site,
            is_shared: false,
        };
    }
    let target = record.module_path_static().unwrap_or(OTHERS);
    let site = *of_line
        .others
        .get_or_insert_with(|| LogSite::register(spec(target, record)));
    Place {
        site,
        is_shared: true,
    }
}

const fn most_of(line: Line) -> usize {
    match line {
        (0, _) => MOST_ELSEWHERE,
        _ => MOST_OF_LINE,
    }
}

fn spec(target: &'static str, record: &Record<'_>) -> LogSiteSpec {
    let spec = LogSiteSpec::of_target(target);
    match record.file_static() {
        None => spec,
        file => LogSiteSpec {
            file,
            module: record.module_path_static(),
            line: record.line().unwrap_or(0),
            ..spec
        },
    }
}
