//! A place that logs: who it is, whether it is heard, and how often.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::filter::{LogFilter, Rule};
use super::limit::Limiter;
use super::record::{self, LogRecord};
use super::severity::Severity;
use crate::registry::{Link, Linked, List};
use crate::site::Place;

static SITES: List<LogSite> = List::new();

/// What holds for all places.
static HOLDS: Mutex<Holds> = Mutex::new(Holds {
    filter: None,
    is_closing: false,
});

#[derive(Debug)]
struct Holds {
    /// None where nothing is installed.
    filter: Option<LogFilter>,
    /// Callers are heard no more, but the collector still tells of what it finds.
    is_closing: bool,
}

/// Who is told of each filter. Taken after the lock of the filter.
static WATCHERS: Mutex<Vec<Watch>> = Mutex::new(Vec::new());

/// Takes the least severity that can be heard from any place.
type Watch = fn(Option<Severity>);

/// No severity is as high.
const OFF: u8 = u8::MAX;

/// What is known of a place that logs.
#[derive(Clone, Copy, Debug)]
pub struct LogSiteSpec {
    /// The part of the program; also the name of the instrumentation scope.
    pub target: &'static str,
    /// What happened there, if that has a name of its own; else empty.
    pub event_name: &'static str,
    /// The module.
    pub module: Option<&'static str>,
    /// The file.
    pub file: Option<&'static str>,
    /// The line; 0 if unknown.
    pub line: u32,
}

/// A place that logs. It lives as long as the process, has a dial that is read with one load, and
/// counts what it could not say.
///
/// Bridges from other logging facades make one for each call site, once:
///
/// ```
/// use std::sync::OnceLock;
/// use otel_runtime::log::{LogSite, LogSiteSpec, Severity};
///
/// static SITE: OnceLock<&'static LogSite> = OnceLock::new();
///
/// let site = SITE.get_or_init(|| {
///     LogSite::register(LogSiteSpec {
///         module: Some(module_path!()),
///         file: Some(file!()),
///         line: line!(),
///         ..LogSiteSpec::of_target("shop::cart")
///     })
/// });
/// site.log(Severity::INFO, |record| {
///     record.body(format_args!("{} items put", 3));
///     record.field("cart.id", &7);
/// });
/// ```
#[derive(Debug)]
pub struct LogSite {
    /// The least severity that is recorded.
    least: AtomicU8,
    limiter: Limiter,
    dropped: AtomicU64,
    link: Link<Self>,
    /// The collector logs for it.
    is_collectors: bool,
    spec: LogSiteSpec,
}

impl Holds {
    /// The least severity that callers can be heard with from any place.
    fn least(&self) -> Option<Severity> {
        let filter = self.filter.as_ref().filter(|_| !self.is_closing)?;
        filter.least()
    }
}

impl Linked for LogSite {
    fn link(&self) -> &Link<Self> {
        &self.link
    }
}

impl LogSiteSpec {
    /// A place of which nothing but the part of the program is known.
    #[must_use]
    pub const fn of_target(target: &'static str) -> Self {
        Self {
            target,
            event_name: "",
            module: None,
            file: None,
            line: 0,
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            target: self.target,
            module: self.module.unwrap_or_default(),
            file: self.file.unwrap_or_default(),
            line: self.line,
        }
    }
}

impl LogSite {
    /// Makes a place known. It is never given back: call this once for each place, and for a bounded
    /// number of them.
    ///
    /// Allocates, and takes a lock.
    #[must_use]
    pub fn register(spec: LogSiteSpec) -> &'static Self {
        Self::made_known(spec, false)
    }

    /// The same of a place for which the collector logs.
    pub(crate) fn register_collectors(spec: LogSiteSpec) -> &'static Self {
        Self::made_known(spec, true)
    }

    fn made_known(spec: LogSiteSpec, is_collectors: bool) -> &'static Self {
        let site: &'static Self = Box::leak(Box::new(Self {
            least: AtomicU8::new(OFF),
            limiter: Limiter::new(),
            dropped: AtomicU64::new(0),
            link: Link::new(),
            is_collectors,
            spec,
        }));
        // Under the lock, so that a filter set meanwhile does not pass it by.
        let holds = lock();
        SITES.push(site);
        site.set(&holds);
        site
    }

    /// What is known of it.
    #[must_use]
    pub const fn spec(&self) -> &LogSiteSpec {
        &self.spec
    }

    /// True if a record of this severity would be written, as far as the filter says. One load.
    #[inline]
    #[must_use]
    pub fn is_enabled(&self, severity: Severity) -> bool {
        severity.number() >= self.least.load(Ordering::Relaxed)
    }

    /// How many of its records were lost before they reached the collector.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Writes a record that belongs to the current span: what `say` says, unless the filter or the
    /// rate limit is against it, or nothing is installed.
    ///
    /// One record in the thread's ring; no allocation once the thread's buffer has grown. Never
    /// blocks, unless [`Config::when_logs_overflow`](crate::Config::when_logs_overflow) says so. What is
    /// logged by `say` itself, as by a `Display` that it formats, becomes a record of its own.
    ///
    /// ```
    /// # use otel_runtime::log::{LogSite, LogSiteSpec, Severity};
    /// # let site = LogSite::register(LogSiteSpec::of_target("shop"));
    /// site.log(Severity::WARN, |record| record.body(format_args!("low on {}", "apples")));
    /// ```
    #[inline]
    pub fn log(&'static self, severity: Severity, say: impl FnOnce(&mut LogRecord<'_>)) {
        if self.hears(severity) {
            record::write(self, severity, say);
        }
    }

    /// True if a record of this severity is to be written: asks the rate limit, too.
    #[inline]
    pub(crate) fn hears(&self, severity: Severity) -> bool {
        self.is_enabled(severity) && self.limiter.allows_one()
    }

    pub(super) fn count_drop(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// How many records the rate limit has kept from being written since the last call.
    pub(crate) fn take_suppressed(&self) -> u64 {
        self.limiter.take_suppressed()
    }

    fn set(&self, holds: &Holds) {
        let filter = (holds.filter.as_ref()).filter(|_| self.is_collectors || !holds.is_closing);
        let rule = filter.map_or(Rule::OFF, |filter| filter.rule(&self.spec.place()));
        self.limiter.set(rule.limit);
        let least = rule.least.map_or(OFF, Severity::number);
        // Nothing is ordered by the dial: a record more or less at the switch is no error.
        self.least.store(least, Ordering::Relaxed);
    }
}

/// Every place that has logged, or was made known, so far.
pub fn log_sites() -> impl Iterator<Item = &'static LogSite> {
    SITES.iter()
}

/// Sets the dials of all places, also of those to come; all off for `None`.
pub(crate) fn set_filter(filter: Option<LogFilter>) {
    let is_closing = false;
    set(&mut lock(), Holds { filter, is_closing });
}

/// Turns the dials of all places off, but for those whose records the collector writes.
pub(crate) fn close() {
    let mut holds = lock();
    let filter = holds.filter.take();
    let is_closing = true;
    set(&mut holds, Holds { filter, is_closing });
}

fn set(held: &mut Holds, holds: Holds) {
    *held = holds;
    for site in log_sites() {
        site.set(held);
    }
    let least = held.least();
    for watch in &*lock_watchers() {
        watch(least);
    }
}

/// Calls `watch` now, and whenever another filter holds, with the least severity that can be heard
/// from any place; `None` if nothing can, or nothing is installed.
///
/// For bridges from facades that have a level of their own, before which nothing comes to us. `watch`
/// is called under a lock: it neither logs nor sets filters.
pub fn watch_filter(watch: fn(Option<Severity>)) {
    let held = lock();
    watch(held.least());
    lock_watchers().push(watch);
}

/// Turns all dials off in a forked child, where the lock may be held by a thread that is not there.
pub(crate) fn forget_in_child() {
    for site in log_sites() {
        site.least.store(OFF, Ordering::Relaxed);
    }
}

fn lock_watchers() -> MutexGuard<'static, Vec<Watch>> {
    WATCHERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn lock() -> MutexGuard<'static, Holds> {
    HOLDS.lock().unwrap_or_else(PoisonError::into_inner)
}
