//! What the program says about its telemetry: in code, or through the environment.
//!
//! Stands beside the data's way: a [`Config`] is built on the installing
//! thread, checked as a whole, and taken apart by `install`. Nothing of it is
//! read afterwards.

mod database;
mod env;
mod error;
mod exporters;
mod from_env;
mod logs;
mod metrics;
mod nearest;
mod propagation;
mod redaction;
mod service;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub use error::{ConfigError, ConfigProblem};

use crate::export::Exporter;
use crate::limits::{LogLimits, SpanLimits};
use crate::log::LogFilter;
use crate::metric::{ExemplarFilter, LONGEST_ANSWER};
#[cfg(feature = "metrics")]
use crate::recorder::MetricsRecorder;
use crate::redact::Redaction;
use crate::resource::ResourceValue;
use crate::sample::Sampler;
use crate::site::Level;

/// What `install` shall do.
///
/// Begin with [`Config::from_env`], which does what the `OTEL_*` variables
/// say, or with [`Config::new`], which ignores them and exports nowhere. What
/// is then set by a method replaces what was there.
///
/// ```
/// use otel_runtime::{Config, Level};
///
/// let config = Config::new()
///     .service_name("checkout")
///     .resource_attribute("deployment.environment.name", "staging")
///     .level(Level::Debug);
/// # let _ = config;
/// ```
#[non_exhaustive]
#[must_use = "a configuration does nothing until it is installed"]
pub struct Config {
    pub(crate) disabled: bool,
    default_service_name: Option<Cow<'static, str>>,
    pub(crate) resource_attributes: Vec<(Cow<'static, str>, ResourceValue)>,
    pub(crate) level: Level,
    pub(crate) sampler: Sampler,
    pub(crate) propagation: propagation::Propagation,
    pub(crate) limits: SpanLimits,
    pub(crate) redaction: Redaction,
    pub(crate) log_filter: LogFilter,
    pub(crate) log_limits: LogLimits,
    pub(crate) logged_calls: Vec<String>,
    pub(crate) longest_log_wait: Duration,
    exporters: Vec<Box<dyn Exporter>>,
    #[cfg(feature = "otlp")]
    otlp: Vec<exporters::OtlpWish>,
    pub(crate) max_buffer_bytes: usize,
    pub(crate) drop_timeout: Duration,
    /// Up to which level something is told; `None` for nothing.
    pub(crate) diagnostics: Option<Level>,
    pub(crate) busy_time: bool,
    pub(crate) stack_traces: bool,
    pub(crate) metric_interval: Duration,
    pub(crate) series_idle: Duration,
    pub(crate) observation_timeout: Duration,
    /// `None`: beside others.
    pub(crate) own_metrics: Option<bool>,
    pub(crate) process_metrics: bool,
    #[cfg(feature = "metrics")]
    pub(crate) recorder: Option<MetricsRecorder>,
    pub(crate) exemplar_filter: ExemplarFilter,
    pub(crate) code_location: bool,
    pub(crate) slow_query_ns: Option<u64>,
    /// Settings without effect; told once as warnings.
    pub(crate) warnings: Vec<String>,
}

/// The default of [`Config::max_buffer_bytes`].
const BUFFER_BYTES: usize = 6 << 20;
/// The least for [`Config::max_buffer_bytes`].
const LEAST_BUFFER_BYTES: usize = 256 << 10;

impl Config {
    /// The defaults, with no exporter and without a look at the environment.
    ///
    /// ```
    /// let config = otel_runtime::Config::new();
    /// # let _ = config;
    /// ```
    pub fn new() -> Self {
        Self {
            disabled: false,
            default_service_name: None,
            resource_attributes: Vec::new(),
            level: Level::Info,
            sampler: Sampler::default(),
            propagation: propagation::Propagation::default(),
            limits: SpanLimits::DEFAULT,
            redaction: Redaction::credentials(),
            log_filter: LogFilter::default(),
            log_limits: LogLimits::DEFAULT,
            logged_calls: Vec::new(),
            longest_log_wait: Duration::ZERO,
            exporters: Vec::new(),
            #[cfg(feature = "otlp")]
            otlp: Vec::new(),
            max_buffer_bytes: BUFFER_BYTES,
            drop_timeout: Duration::from_secs(5),
            diagnostics: Some(Level::Info),
            busy_time: false,
            stack_traces: false,
            metric_interval: metrics::METRIC_INTERVAL,
            series_idle: metrics::SERIES_IDLE,
            observation_timeout: LONGEST_ANSWER,
            own_metrics: None,
            process_metrics: false,
            #[cfg(feature = "metrics")]
            recorder: None,
            exemplar_filter: ExemplarFilter::TraceBased,
            code_location: false,
            slow_query_ns: None,
            warnings: Vec::new(),
        }
    }

    /// Records the Sites up to this level of detail; [`Level::Info`] by default.
    ///
    /// A Site beyond it costs as much as if nothing were installed.
    ///
    /// ```
    /// use otel_runtime::{Config, Level};
    ///
    /// let config = Config::new().level(Level::Trace);
    /// # let _ = config;
    /// ```
    pub const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Decides which traces are recorded; see [`Sampler`].
    ///
    /// ```
    /// use otel_runtime::{Config, Sampler};
    ///
    /// let config = Config::new().sampler(Sampler::parent_based(Sampler::TraceIdRatio(0.25)));
    /// # let _ = config;
    /// ```
    pub fn sampler(mut self, sampler: Sampler) -> Self {
        self.sampler = sampler;
        self
    }

    /// Limits how much of a span is kept; see [`SpanLimits`].
    ///
    /// ```
    /// use otel_runtime::{Config, SpanLimits};
    ///
    /// let mut limits = SpanLimits::default();
    /// limits.value_length = 256;
    /// let config = Config::new().limits(limits);
    /// # let _ = config;
    /// ```
    pub const fn limits(mut self, limits: SpanLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Bounds the memory for spans that were recorded and not yet taken by the
    /// exporters, all threads together; 6 MiB by default, 256 KiB at least.
    ///
    /// What exceeds it is lost and counted; the caller never waits. Exporters
    /// have bounds of their own for what they have taken.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().max_buffer_bytes(1 << 20);
    /// # let _ = config;
    /// ```
    pub const fn max_buffer_bytes(mut self, bytes: usize) -> Self {
        self.max_buffer_bytes = bytes;
        self
    }

    /// How long the guard may wait for the exporters when it is dropped; five
    /// seconds by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().drop_timeout(Duration::from_secs(1));
    /// # let _ = config;
    /// ```
    pub const fn drop_timeout(mut self, timeout: Duration) -> Self {
        self.drop_timeout = timeout;
        self
    }

    /// Up to which level OtelKit tells on standard error, in few lines, what becomes of
    /// spans; [`Level::Info`] by default, and `None` for nothing at all. `OTEL_LOG_LEVEL`.
    ///
    /// Losses are errors; what is tried again, and settings without effect, are warnings; that
    /// all is well again is information; what was installed, and the figures at the end, are for
    /// debugging.
    ///
    /// ```
    /// use otel_runtime::{Config, Level};
    ///
    /// let config = Config::new().diagnostics(Level::Error);
    /// let silent = Config::new().diagnostics(None);
    /// # let _ = (config, silent);
    /// ```
    pub fn diagnostics(mut self, up_to: impl Into<Option<Level>>) -> Self {
        self.diagnostics = up_to.into();
        self
    }

    /// Records nothing and starts nothing; `install` succeeds all the same.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().disabled(true);
    /// # let _ = config;
    /// ```
    pub const fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Whether async spans tell how long they ran (`busy_ns`) and how long
    /// they waited (`idle_ns`); off by default, because it costs two clock reads
    /// at each poll. A single function asks for it with `#[traced(busy)]`.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().busy_time(true);
    /// # let _ = config;
    /// ```
    pub const fn busy_time(mut self, on: bool) -> Self {
        self.busy_time = on;
        self
    }

    /// Records every error with the stack of the place that returned it, `exception.stacktrace`;
    /// without it, only where the annotation says `stack_trace`. Off by default.
    ///
    /// Taking a stack allocates, and costs tens of microseconds, milliseconds the first time.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().stack_traces(true);
    /// # let _ = config;
    /// ```
    pub const fn stack_traces(mut self, on: bool) -> Self {
        self.stack_traces = on;
        self
    }

    /// Whether spans carry `code.function.name`, `code.file.path` and
    /// `code.line.number`; off by default.
    ///
    /// Callers' threads do not pay for them, but every exported span grows by
    /// about a hundred bytes that are the same each time.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().code_location(true);
    /// # let _ = config;
    /// ```
    pub const fn code_location(mut self, on: bool) -> Self {
        self.code_location = on;
        self
    }

    /// Checks what the types cannot; `install` does so too.
    ///
    /// ```
    /// use otel_runtime::{Config, Sampler};
    ///
    /// let error = Config::new().sampler(Sampler::TraceIdRatio(25.0)).validate().unwrap_err();
    /// assert_eq!(error.problems()[0].key(), "Config::sampler");
    /// ```
    ///
    /// # Errors
    /// If a setting has no meaning. The error holds every such setting.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        if let Some(ratio) = self.sampler.invalid_ratio() {
            let problem = ConfigProblem::new("Config::sampler", "expected a ratio from 0 to 1");
            problems.push(problem.with_value(ratio.to_string()));
        }
        if self.max_buffer_bytes < LEAST_BUFFER_BYTES {
            let reason = format!("expected at least {LEAST_BUFFER_BYTES}");
            let problem = ConfigProblem::new("Config::max_buffer_bytes", reason);
            problems.push(problem.with_value(self.max_buffer_bytes.to_string()));
        }
        let empty = |(key, _): &(Cow<'_, str>, _)| key.is_empty();
        if self.resource_attributes.iter().any(empty) {
            let reason = "a key is never empty";
            problems.push(ConfigProblem::new("Config::resource_attribute", reason));
        }
        problems.extend(self.propagation.problems());
        problems.extend(self.observation_problem());
        problems.extend(self.redaction_problems());
        #[cfg(feature = "otlp")]
        problems.extend(self.otlp.iter().filter_map(exporters::OtlpWish::problem));
        match problems.is_empty() {
            true => Ok(()),
            false => Err(ConfigError::new(problems)),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exporters: Vec<_> = self.exporters.iter().map(|it| it.name()).collect();
        let mut f = f.debug_struct("Config");
        #[cfg(feature = "otlp")]
        f.field("otlp", &self.otlp);
        f.field("disabled", &self.disabled)
            .field("default_service_name", &self.default_service_name)
            .field("resource_attributes", &self.resource_attributes)
            .field("level", &self.level)
            .field("sampler", &self.sampler)
            .field("propagation", &self.propagation)
            .field("limits", &self.limits)
            .field("redaction", &self.redaction)
            .field("log_filter", &self.log_filter)
            .field("log_limits", &self.log_limits)
            .field("logged_calls", &self.logged_calls)
            .field("longest_log_wait", &self.longest_log_wait)
            .field("exporters", &exporters)
            .field("max_buffer_bytes", &self.max_buffer_bytes)
            .field("drop_timeout", &self.drop_timeout)
            .field("diagnostics", &self.diagnostics)
            .field("busy_time", &self.busy_time)
            .field("stack_traces", &self.stack_traces)
            .field("metric_interval", &self.metric_interval)
            .field("series_idle", &self.series_idle)
            .field("observation_timeout", &self.observation_timeout)
            .field("own_metrics", &self.own_metrics)
            .field("process_metrics", &self.process_metrics)
            .field("code_location", &self.code_location)
            .field("slow_query_ns", &self.slow_query_ns)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
