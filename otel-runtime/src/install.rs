//! Where the data's way is put together: one runtime per process.
//!
//! `install` starts the exporters and the collector thread, and turns the
//! dials of the Sites on last. The guard it returns turns them off first. A
//! forked child is an uninstalled program again.

mod hooks;
mod telemetry;
#[cfg(all(test, not(loom)))]
mod tests;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

pub use telemetry::{Loss, Telemetry};

use crate::clock::{self, Calibration};
use crate::collector::{Collector, Control, Metering, Outlet, Shown, lose_record};
use crate::config::{Config, ConfigError, ConfigProblem};
use crate::context::set_announcing;
use crate::db;
use crate::diagnostics;
use crate::export::ExporterError;
use crate::log;
use crate::metric::{self, Attached, Conflict, Interval};
use crate::propagation;
#[cfg(feature = "metrics")]
use crate::recorder::{self, Occupied};
use crate::redact::Redactor;
use crate::ring::{self, registry};
use crate::site::{self, Dials, Level};
use crate::sources::{Own, Process};
use crate::span;
use crate::stats::{Baseline, Ledger, LossCause};
use crate::thread;

/// Whether a runtime is installed. Changed from `ABSENT` by the one that installs, and back by
/// the collector thread when it ends.
static STATE: AtomicU8 = AtomicU8::new(ABSENT);
const ABSENT: u8 = 0;
const PRESENT: u8 = 1;

/// Counts forks: a guard that was made before the last one belongs to another process.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// Installs the runtime: from now on annotated functions are recorded and exported.
///
/// Keep the guard until the end of `main`; dropping it delivers what is left.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use otel_runtime::{Config, install};
///
/// let telemetry = install(Config::from_env()?)?;
/// // the program
/// telemetry.shutdown(std::time::Duration::from_secs(5))?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If a runtime is installed already, if the configuration contradicts itself,
/// or if an exporter or the collector thread cannot start. Nothing is installed
/// then.
pub fn install(config: Config) -> Result<Telemetry, InstallError> {
    config.validate()?;
    if STATE
        .compare_exchange(ABSENT, PRESENT, Ordering::AcqRel, Ordering::Acquire)
        .is_err()
    {
        return Err(InstallError(Problem::AlreadyInstalled));
    }
    let propagators = config.propagation.propagators.clone();
    let installed = start(config);
    match &installed {
        // Also where nothing is recorded: contexts are passed on.
        Ok(_) => propagation::set_configured(&propagators),
        Err(_) => STATE.store(ABSENT, Ordering::Release),
    }
    installed
}

/// Why the runtime could not be installed.
///
/// ```
/// use otel_runtime::{Config, Sampler, install};
///
/// let config = Config::new().sampler(Sampler::TraceIdRatio(25.0)).max_buffer_bytes(0);
/// let error = install(config).unwrap_err();
/// let keys: Vec<_> = error.problems().iter().map(|problem| problem.key()).collect();
/// assert_eq!(keys, ["Config::sampler", "Config::max_buffer_bytes"]);
/// ```
pub struct InstallError(Problem);

enum Problem {
    AlreadyInstalled,
    Config(ConfigError),
    Metrics(Vec<Conflict>),
    Exporter(ExporterError),
    #[cfg(feature = "metrics")]
    Recorder(Occupied),
    Thread(std::io::Error),
}

fn start(mut config: Config) -> Result<Telemetry, InstallError> {
    let drop_timeout = config.drop_timeout;
    if config.disabled {
        return Ok(Telemetry::disabled(drop_timeout));
    }
    diagnostics::tell_up_to(config.diagnostics);
    for warning in &config.warnings {
        diagnostics::tell(Level::Warn, warning);
    }
    let conflicts = metric::conflicts();
    if !conflicts.is_empty() {
        return Err(InstallError(Problem::Metrics(conflicts)));
    }
    let is_first = metric::begin_counting();
    let resource = config.resource();
    let mut outlets = config
        .take_exporters()?
        .into_iter()
        .map(|exporter| Outlet::start(exporter, &resource))
        .collect::<Result<Vec<_>, _>>()?;
    clock::choose_source();
    let mut calibration = Calibration::new();
    span::GATE.set(&config.sampler);
    span::set_value_limit(config.limits.value_length);
    metric::set_value_limit(config.limits.value_length);
    log::set_value_limit(config.log_limits.value_length);
    log::set_longest_wait(config.longest_log_wait);
    span::set_stack_traces(config.stack_traces);
    thread::set_noted_baggage(&config.propagation.baggage_attributes);
    metric::set_filter(config.exemplar_filter);
    metric::set_longest_answer(config.observation_timeout);
    registry().set_budget(config.max_buffer_bytes);
    discard_leftovers();
    let baseline = Baseline::now();
    let exporters: Vec<Ledger> = outlets.iter().map(Outlet::ledger).collect();
    let wants_logs = log::wanted_by(&exporters);
    tell_what_starts(&config, &outlets);
    let dials = Dials {
        level: config.level,
        busy: config.busy_time,
        logs: wants_logs,
    };
    let control = Arc::new(Control::default());
    let forks = FORKS.load(Ordering::Relaxed);
    let mut sources = Vec::new();
    #[cfg(feature = "metrics")]
    if let Some(recorder) = &config.recorder {
        let recorder = recorder.install();
        sources.push(recorder.map_err(|occupied| InstallError(Problem::Recorder(occupied)))?);
    }
    let wants_own = config.own_metrics != Some(false);
    metric::count_series(wants_own);
    if wants_own {
        let only_beside_others = config.own_metrics.is_none();
        let own = Own::new(
            Arc::clone(&control),
            baseline,
            &exporters,
            only_beside_others,
        );
        sources.push(metric::attach_own(own));
    }
    if config.process_metrics {
        sources.push(metric::attach_own(Process));
    }
    let mut redactor = Redactor::new(&config.redaction);
    if !is_first {
        let mut before = metric::collect_known(Interval::of_counting());
        redactor.labels(&mut before);
        let outlets = outlets.iter_mut();
        outlets.for_each(|outlet| outlet.counted_before(&before));
    }
    let collector = Collector::new(
        Arc::clone(&control),
        outlets,
        Shown {
            limits: config.limits,
            log_limits: config.log_limits,
            code_location: config.code_location,
            slow_query_ns: config.slow_query_ns,
        },
        redactor,
        Metering::new(config.metric_interval, config.series_idle),
        dials,
    );
    let gone = Gone {
        control: Arc::clone(&control),
        sources,
    };
    let thread = std::thread::Builder::new()
        .name("otelkit-collector".into())
        .spawn(move || {
            let _gone = gone;
            collector.run();
        })
        .map_err(|error| InstallError(Problem::Thread(error)))?;
    registry().set_collector(Some(thread.thread().clone()));
    hooks::install();
    span::install_panic_hook();
    let telemetry = Telemetry::new(control, thread, exporters, baseline, forks, drop_timeout);
    // Calls are timed in seconds from the first one on.
    if !clock::rate_is_known() {
        calibration.refresh();
    }
    log_calls(std::mem::take(&mut config.logged_calls));
    site::set_dials(Some(dials));
    log::set_filter(wants_logs.then(|| std::mem::take(&mut config.log_filter)));
    metric::turn_all(true);
    Ok(telemetry)
}

fn tell_what_starts(config: &Config, outlets: &[Outlet]) {
    let exporters: Vec<_> = outlets.iter().map(Outlet::name).collect();
    let line = format_args!(
        "installed: {} sites, recorded up to {:?}; sampler {:?}; exporters {exporters:?}",
        site::sites().count(),
        config.level,
        config.sampler,
    );
    diagnostics::tell(Level::Debug, &line);
}

/// Has the calls of these places told in log records, and no others but those that ask for it.
fn log_calls(patterns: Vec<String>) {
    set_announcing(!patterns.is_empty());
    site::log_calls(patterns);
}

/// True if a runtime is installed, whoever did it.
#[cfg(feature = "testing")]
pub(crate) fn is_installed() -> bool {
    STATE.load(Ordering::Acquire) == PRESENT
}

/// Delivers everything through whichever runtime is installed; false if there is none.
#[cfg(feature = "testing")]
pub(crate) fn flush_installed(timeout: std::time::Duration) -> bool {
    let deadline = crate::collector::deadline_after(timeout);
    hooks::installed().is_some_and(|control| {
        use crate::collector::Unfulfilled;
        !matches!(
            control.request(deadline, false),
            Err(Unfulfilled::Gone | Unfulfilled::TimedOut | Unfulfilled::AskedFromCollector)
        )
    })
}

/// Makes room for the next runtime when the collector thread ends, however it ends.
struct Gone {
    control: Arc<Control>,
    /// Sources of metrics that the runtime has attached.
    sources: Vec<Attached>,
}

impl Drop for Gone {
    fn drop(&mut self) {
        site::set_dials(None);
        log::set_filter(None);
        metric::turn_all(false);
        registry().set_collector(None);
        self.sources.clear();
        STATE.store(ABSENT, Ordering::Release);
        self.control.declare_gone();
    }
}

/// Empties the rings of what an earlier runtime did not take any more.
fn discard_leftovers() {
    let (mut version, mut rings) = (usize::MAX, Vec::new());
    registry().list(&mut version, &mut rings);
    for ring in rings {
        ring.drain(|record| lose_record(record, LossCause::Shutdown));
    }
}

/// Makes this process, a forked child, an uninstalled program. Called by the fork handler: only
/// atomics and this thread's own state may be touched.
fn forget_in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    site::set_dials(None);
    log::forget_in_child();
    metric::forget_in_child();
    #[cfg(feature = "metrics")]
    recorder::forget_in_child();
    diagnostics::forget_in_child();
    db::abandon();
    ring::Registry::abandon();
    thread::forget_carried();
    thread::forget_ring();
    thread::with(|local| local.reseed());
    STATE.store(ABSENT, Ordering::Release);
}

impl InstallError {
    /// Everything that is wrong with the configuration; nothing if that is not the reason.
    #[must_use]
    pub fn problems(&self) -> &[ConfigProblem] {
        match &self.0 {
            Problem::Config(error) => error.problems(),
            _ => &[],
        }
    }

    /// True if the reason is a runtime that is installed already, which goes on.
    #[must_use]
    pub const fn is_already_installed(&self) -> bool {
        matches!(self.0, Problem::AlreadyInstalled)
    }
}

impl fmt::Display for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::AlreadyInstalled => f.write_str(
                "a runtime is already installed in this process; keep one guard, in `main`",
            ),
            Problem::Config(error) => error.fmt(f),
            Problem::Metrics(conflicts) => {
                conflicts
                    .iter()
                    .enumerate()
                    .try_for_each(|(index, conflict)| {
                        let separator = if index == 0 { "" } else { "; " };
                        write!(f, "{separator}{conflict}")
                    })
            }
            Problem::Exporter(error) => error.fmt(f),
            #[cfg(feature = "metrics")]
            Problem::Recorder(error) => error.fmt(f),
            Problem::Thread(error) => write!(f, "cannot start the collector thread: {error}"),
        }
    }
}

/// As it is displayed: this is what a `main` that returns the error prints.
impl fmt::Debug for InstallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for InstallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Problem::AlreadyInstalled | Problem::Metrics(_) => None,
            Problem::Config(error) => error.source(),
            Problem::Exporter(error) => error.source(),
            #[cfg(feature = "metrics")]
            Problem::Recorder(error) => Some(error),
            Problem::Thread(error) => Some(error),
        }
    }
}

impl From<ConfigError> for InstallError {
    fn from(error: ConfigError) -> Self {
        Self(Problem::Config(error))
    }
}

impl From<ExporterError> for InstallError {
    fn from(error: ExporterError) -> Self {
        Self(Problem::Exporter(error))
    }
}
