//! The guard of an installed runtime.

use std::error::Error;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{ABSENT, FORKS, STATE, diagnostics, hooks};
use crate::collector::{Control, Unfulfilled, deadline_after};
use crate::site;
use crate::stats::{Baseline, ExporterStats, Stats};

/// An installed runtime. Dropping it delivers what is left and ends the recording.
///
/// Works from any thread, inside and outside of any executor, and in a
/// panicking `main`: it only waits, for as long as it is told.
#[derive(Debug)]
#[must_use = "the runtime is shut down when this is dropped: keep it until the end of `main`"]
pub struct Telemetry {
    state: State,
    drop_timeout: Duration,
    /// A loss at the drop, of which nobody else would hear, is told on standard error.
    diagnostics: bool,
}

#[derive(Debug)]
enum State {
    Running(Box<Running>),
    /// The configuration says that nothing is to be recorded.
    Disabled,
    /// After the shutdown, with the last figures.
    Ended(Stats),
}

#[derive(Debug)]
struct Running {
    control: Arc<Control>,
    thread: JoinHandle<()>,
    exporters: Vec<(&'static str, Arc<ExporterStats>)>,
    baseline: Baseline,
    /// How many forks there had been when the runtime was installed.
    forks: u64,
    /// Losses that have been told.
    told: Mutex<u64>,
}

/// Not everything was delivered.
#[derive(Clone, Debug)]
pub struct Loss {
    stats: Stats,
    lost: u64,
    reason: Option<String>,
}

impl Telemetry {
    pub(super) fn new(
        control: Arc<Control>,
        thread: JoinHandle<()>,
        exporters: Vec<(&'static str, Arc<ExporterStats>)>,
        baseline: Baseline,
        forks: u64,
        drop_timeout: Duration,
        diagnostics: bool,
    ) -> Self {
        hooks::flush_at_exit(Arc::downgrade(&control), drop_timeout, forks);
        let told = Mutex::new(0);
        let running = Running {
            control,
            thread,
            exporters,
            baseline,
            forks,
            told,
        };
        Self {
            state: State::Running(Box::new(running)),
            drop_timeout,
            diagnostics,
        }
    }

    pub(super) fn disabled(drop_timeout: Duration) -> Self {
        Self {
            state: State::Disabled,
            drop_timeout,
            diagnostics: false,
        }
    }

    /// Delivers everything recorded so far, and returns when it is done or the time is up.
    ///
    /// Spans that have not ended are not affected.
    ///
    /// # Errors
    /// If something was not delivered, or was lost since the last call that said so. The error
    /// tells how much and why.
    pub fn flush(&self, timeout: Duration) -> Result<Stats, Loss> {
        match &self.state {
            State::Running(running) => running.deliver(timeout, false),
            State::Disabled | State::Ended(_) => Ok(self.stats()),
        }
    }

    /// Stops recording, delivers everything, and ends the runtime. A second call does nothing.
    ///
    /// What an exporter has not delivered when the time is up is lost. Once this has returned
    /// `Ok`, another runtime can be installed.
    ///
    /// # Errors
    /// If something was not delivered, or was lost since the last call that said so. The error
    /// tells how much and why.
    pub fn shutdown(mut self, timeout: Duration) -> Result<Stats, Loss> {
        self.shut_down(timeout)
    }

    /// What was recorded, exported and lost so far. Reads counters; spans still in the rings are
    /// not among them.
    #[must_use]
    pub fn stats(&self) -> Stats {
        match &self.state {
            State::Running(running) => running.stats(),
            State::Disabled => Stats::default(),
            State::Ended(stats) => stats.clone(),
        }
    }

    fn shut_down(&mut self, timeout: Duration) -> Result<Stats, Loss> {
        let stats = self.stats();
        let state = std::mem::replace(&mut self.state, State::Ended(stats.clone()));
        let running = match state {
            State::Running(running) if !running.is_of_another_process() => running,
            State::Disabled => {
                // There is no thread whose end would make room for another runtime.
                STATE.store(ABSENT, Ordering::Release);
                return Ok(stats);
            }
            State::Running(of_parent) => {
                // Its thread and its locks are copies of another process's: not even dropping
                // them is safe.
                std::mem::forget(of_parent);
                return Ok(stats);
            }
            State::Ended(_) => return Ok(stats),
        };
        running.control.set_closing(deadline_after(timeout));
        site::set_dials(None);
        let result = running.deliver(timeout, true);
        self.state = State::Ended(running.stats());
        if !matches!(&result, Err(loss) if loss.is_open()) {
            // The collector has answered its last request: it ends now.
            let _ = running.thread.join();
        }
        result
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Err(loss) = self.shut_down(self.drop_timeout)
            && self.diagnostics
        {
            diagnostics::tell(&loss);
        }
    }
}

impl Running {
    fn deliver(&self, timeout: Duration, is_shutdown: bool) -> Result<Stats, Loss> {
        if self.is_of_another_process() {
            return Ok(Stats::default());
        }
        let answer = self.control.request(deadline_after(timeout), is_shutdown);
        let stats = self.stats();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = stats.lost().saturating_sub(*told);
        *told = stats.lost();
        let reason = match answer {
            Ok(()) if lost == 0 => return Ok(stats),
            Ok(()) => None,
            Err(Unfulfilled::TimedOut) => Some("the time was up".to_owned()),
            Err(Unfulfilled::Gone) => Some("the collector thread is gone".to_owned()),
            Err(Unfulfilled::AskedFromCollector) => {
                Some("asked from an exporter, which would wait for itself".to_owned())
            }
            Err(Unfulfilled::Undelivered(problem)) => Some(problem),
        };
        Err(Loss {
            stats,
            lost,
            reason,
        })
    }

    fn stats(&self) -> Stats {
        Stats::gather(&self.baseline, self.control.counts(), &self.exporters)
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

    /// True if the collector has not answered.
    fn is_open(&self) -> bool {
        self.reason.as_deref() == Some("the time was up")
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
