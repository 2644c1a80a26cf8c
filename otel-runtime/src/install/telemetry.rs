//! The guard of an installed runtime.

use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{ABSENT, FORKS, STATE, hooks};
use crate::collector::{Control, Unfulfilled, deadline_after};
use crate::db;
use crate::diagnostics;
use crate::log::{self, LogFilter};
use crate::metric::{self, Interval, Metrics};
use crate::site::{self, Level};
use crate::stats::{Baseline, Ledger, Stats};

/// An installed runtime. Dropping it delivers what is left and ends the recording.
///
/// Works from any thread and from several at once, inside and outside of any
/// executor, and in a panicking `main`: it only waits, for as long as it is
/// told. A program that ends in more than one place keeps it in an [`Arc`] or a
/// `static`.
#[derive(Debug)]
#[must_use = "the runtime is shut down when this is dropped: keep it until the end of `main`"]
pub struct Telemetry {
    state: State,
    drop_timeout: Duration,
}

#[derive(Debug)]
enum State {
    Running(Box<Running>),
    /// The configuration says that nothing is to be recorded.
    Disabled {
        is_shut: AtomicBool,
    },
}

#[derive(Debug)]
struct Running {
    control: Arc<Control>,
    /// Taken by whoever sees its end first.
    thread: Mutex<Option<JoinHandle<()>>>,
    exporters: Vec<Ledger>,
    /// Something becomes of log records.
    takes_logs: bool,
    baseline: Baseline,
    /// As long as there has been a runtime.
    interval: Interval,
    /// The figures at the end: what is lost after it is another runtime's.
    last: OnceLock<Stats>,
    /// How many forks there had been when the runtime was installed.
    forks: u64,
    /// Losses that have been told.
    told: Mutex<u64>,
}

/// Not everything was delivered.
#[derive(Clone, Debug)]
pub struct Loss {
    stats: Box<Stats>,
    lost: u64,
    reason: Option<String>,
}

impl Telemetry {
    pub(super) fn new(
        control: Arc<Control>,
        thread: JoinHandle<()>,
        exporters: Vec<Ledger>,
        baseline: Baseline,
        forks: u64,
        drop_timeout: Duration,
    ) -> Self {
        hooks::flush_at_exit(Arc::downgrade(&control), drop_timeout, forks);
        let running = Running {
            control,
            thread: Mutex::new(Some(thread)),
            takes_logs: log::wanted_by(&exporters),
            exporters,
            baseline,
            interval: Interval::of_counting(),
            last: OnceLock::new(),
            forks,
            told: Mutex::new(0),
        };
        Self {
            state: State::Running(Box::new(running)),
            drop_timeout,
        }
    }

    pub(super) fn disabled(drop_timeout: Duration) -> Self {
        Self {
            state: State::Disabled {
                is_shut: AtomicBool::new(false),
            },
            drop_timeout,
        }
    }

    /// Delivers everything recorded so far, and returns when it is done or the time is up.
    ///
    /// Spans that have not ended are not affected. After a shutdown nothing is left to deliver.
    ///
    /// # Errors
    /// If something was not delivered, or was lost since the last call that said so. The error
    /// tells how much and why.
    pub fn flush(&self, timeout: Duration) -> Result<Stats, Loss> {
        match &self.state {
            State::Running(running) => running.deliver(timeout, false),
            State::Disabled { .. } => Ok(Stats::default()),
        }
    }

    /// Stops recording, delivers everything, and ends the runtime.
    ///
    /// What an exporter has not delivered when the time is up is lost. Once this has returned
    /// `Ok`, another runtime can be installed; its sums go on where these ended, with the start that
    /// they have, and exporters of differences get what comes after. A second call waits for the end of the first one,
    /// and from then on returns the last figures; the drop does nothing more.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::sync::Arc;
    /// use std::time::{Duration, Instant};
    /// use otel_runtime::{Config, install};
    ///
    /// let telemetry = Arc::new(install(Config::new())?);
    /// let of_worker = Arc::clone(&telemetry);
    /// std::thread::spawn(move || of_worker.shutdown(Duration::from_secs(5)));
    /// telemetry.shutdown(Duration::from_secs(5))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If something was not delivered, or was lost since the last call that said so. The error
    /// tells how much and why. Called by an exporter, whose thread would wait for itself, it
    /// changes nothing.
    pub fn shutdown(&self, timeout: Duration) -> Result<Stats, Loss> {
        match &self.state {
            State::Running(running) => running.shut_down(timeout),
            State::Disabled { is_shut } => {
                // There is no thread whose end would make room for another runtime.
                if !is_shut.swap(true, Ordering::Relaxed) {
                    STATE.store(ABSENT, Ordering::Release);
                }
                Ok(Stats::default())
            }
        }
    }

    /// What was recorded, exported and lost so far. Reads counters; spans still in the rings are
    /// not among them.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match &self.state {
            State::Running(running) => running.stats(),
            State::Disabled { .. } => Stats::default(),
        }
    }

    /// What the program's instruments have counted since they began, read now, as a program needs
    /// it that shows its own numbers; exporters get theirs without it.
    ///
    /// Allocates in proportion to the number of series. Nothing if the runtime is disabled. After
    /// a shutdown it still tells what was counted before.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use otel_runtime::metric::Counter;
    /// use otel_runtime::{Config, install};
    ///
    /// static ORDERS: Counter = Counter::new("shop.orders", &[]).unit("{order}");
    ///
    /// let telemetry = install(Config::new())?;
    /// ORDERS.add(3, ());
    /// let metrics = telemetry.metrics();
    /// assert!(metrics.metric("shop.orders").is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        match &self.state {
            // The cells of a forked child are not those of the parent, and it has none installed.
            State::Running(running) if !running.is_of_another_process() => {
                db::read_waiting();
                metric::collect(running.interval)
            }
            _ => Metrics::default(),
        }
    }

    /// Sets which places are heard from now on, down to which severity, and how often.
    ///
    /// Walks all places that log. Nothing happens after a shutdown, or if no exporter takes log
    /// records.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let telemetry = otel_runtime::install(otel_runtime::Config::new())?;
    /// telemetry.set_log_filter("info,shop::cart=debug".parse()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_log_filter(&self, filter: LogFilter) {
        if let State::Running(running) = &self.state
            && running.takes_logs
            && !running.is_of_another_process()
            && !running.control.is_closing()
        {
            log::set_filter(Some(filter));
        }
    }

    /// Tells of the calls of these annotated functions in log records from now on, and of no others
    /// but those that ask for it; see [`Config::log_calls`](crate::Config::log_calls).
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let telemetry = otel_runtime::install(otel_runtime::Config::new())?;
    /// telemetry.log_calls(["shop::payment"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn log_calls<P: Into<String>>(&self, patterns: impl IntoIterator<Item = P>) {
        if let State::Running(running) = &self.state
            && running.takes_logs
            && !running.is_of_another_process()
            && !running.control.is_closing()
        {
            super::log_calls(patterns.into_iter().map(Into::into).collect());
        }
    }

    fn is_shut(&self) -> bool {
        match &self.state {
            State::Running(running) => running.control.is_closing(),
            State::Disabled { is_shut } => is_shut.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if matches!(&self.state, State::Running(running) if running.is_of_another_process()) {
            // Its thread and its locks are copies of another process's: not even dropping them
            // is safe.
            let is_shut = AtomicBool::new(true);
            std::mem::forget(std::mem::replace(
                &mut self.state,
                State::Disabled { is_shut },
            ));
        } else if !self.is_shut()
            && let Err(loss) = self.shutdown(self.drop_timeout)
        {
            // nobody else would hear of it
            diagnostics::tell(Level::Error, &loss);
        }
    }
}

impl Running {
    fn shut_down(&self, timeout: Duration) -> Result<Stats, Loss> {
        let is_first = !self.is_of_another_process()
            && !self.control.is_collector()
            && self.control.begin_closing(deadline_after(timeout));
        if is_first {
            site::set_dials(None);
            log::close();
            metric::turn_all(false);
        }
        self.deliver(timeout, true)
    }

    fn deliver(&self, timeout: Duration, is_shutdown: bool) -> Result<Stats, Loss> {
        if self.is_of_another_process() {
            return Ok(Stats::default());
        }
        let deadline = deadline_after(timeout);
        let answer = self.control.request(deadline, is_shutdown);
        let answer = match answer {
            Ok(()) | Err(Unfulfilled::Undelivered(_)) if is_shutdown && !self.end(deadline) => {
                Err(Unfulfilled::Lingering)
            }
            answer => answer,
        };
        let stats = self.stats();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = stats.lost().saturating_sub(*told);
        *told = stats.lost().max(*told);
        let reason = match answer {
            Ok(()) if lost == 0 => return Ok(stats),
            Ok(()) => None,
            Err(Unfulfilled::TimedOut) => Some("the time was up".to_owned()),
            Err(Unfulfilled::Gone) => Some("the collector thread is gone".to_owned()),
            Err(Unfulfilled::Lingering) => {
                Some("an exporter still holds the collector thread".to_owned())
            }
            Err(Unfulfilled::AskedFromCollector) => {
                Some("asked from an exporter, which would wait for itself".to_owned())
            }
            Err(Unfulfilled::Undelivered(problem)) => Some(problem),
        };
        Err(Loss {
            stats: Box::new(stats),
            lost,
            reason,
        })
    }

    /// Waits for the end of the collector thread, which has answered its last request.
    fn end(&self, deadline: Instant) -> bool {
        let is_gone = self.control.wait_until_gone(deadline);
        if is_gone {
            let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(thread) = thread.take() {
                // nothing of ours runs on it any more, so this takes no time
                let _ = thread.join();
                diagnostics::tell(Level::Debug, &format_args!("ended: {}", self.stats()));
            }
        }
        is_gone
    }

    fn stats(&self) -> Stats {
        let gather = || Stats::gather(&self.baseline, self.control.counts(), &self.exporters);
        if !self.is_of_another_process() && self.control.is_gone() {
            self.last.get_or_init(gather).clone()
        } else {
            gather()
        }
    }

    fn is_of_another_process(&self) -> bool {
        self.forks != FORKS.load(Ordering::Relaxed)
    }
}

impl Loss {
    /// Spans lost since the last call that said so, the undelivered ones not among them unless
    /// they are given up.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }

    /// All counters.
    #[must_use]
    pub const fn stats(&self) -> &Stats {
        &self.stats
    }

    /// What went wrong, if it was not only that buffers were full.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "telemetry was not delivered completely: {} spans lost",
            self.lost
        )?;
        if let Some(reason) = &self.reason {
            write!(f, "; {reason}")?;
        }
        write!(f, " ({})", self.stats)
    }
}

impl Error for Loss {}
