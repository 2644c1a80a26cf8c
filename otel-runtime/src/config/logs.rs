//! What is said about log records.

use std::time::Duration;

use super::Config;
use crate::limits::LogLimits;
use crate::log::LogFilter;

impl Config {
    /// Which places are heard, down to which severity, and how often; [`LogFilter::default`] unless
    /// this says otherwise. [`Telemetry::set_log_filter`](crate::Telemetry::set_log_filter) changes
    /// it while the program runs.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::log::{LogFilter, Severity};
    ///
    /// let filter = LogFilter::new(Severity::INFO).with("hyper", Severity::WARN);
    /// let config = Config::new().log_filter(filter);
    /// # let _ = config;
    /// ```
    pub fn log_filter(mut self, filter: LogFilter) -> Self {
        self.log_filter = filter;
        self
    }

    /// Limits how much of a log record is kept; see [`LogLimits`].
    ///
    /// ```
    /// use otel_runtime::{Config, LogLimits};
    ///
    /// let mut limits = LogLimits::default();
    /// limits.value_length = 256;
    /// let config = Config::new().log_limits(limits);
    /// # let _ = config;
    /// ```
    pub const fn log_limits(mut self, limits: LogLimits) -> Self {
        self.log_limits = limits;
        self
    }

    /// Tells of the calls of these annotated functions in log records, besides those that ask for it
    /// with `#[traced(log)]`: that they began, and how they ended, with their duration, their fields,
    /// and what the error means.
    ///
    /// A pattern is a target or a module, for those below it, too, or a file and line
    /// (`src/cart.rs:17`); an empty one is for all. The records are of the level of the function, or of
    /// the severity of its error, and the [filter](Self::log_filter) is asked for each. Spans of traces
    /// that begin while there are patterns take some tens of nanoseconds longer to begin.
    /// [`Telemetry::log_calls`](crate::Telemetry::log_calls) changes it while the program runs.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().log_calls(["shop::payment"]);
    /// # let _ = config;
    /// ```
    pub fn log_calls<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.logged_calls = patterns.into_iter().map(Into::into).collect();
        self
    }

    /// How long a caller waits for room where it logs faster than the collector takes it; not at
    /// all by default: the record is lost then, and counted.
    ///
    /// The wait blocks the thread, in an executor, too. Spans are never waited for.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().when_logs_overflow(Duration::from_millis(50));
    /// # let _ = config;
    /// ```
    pub const fn when_logs_overflow(mut self, longest_wait: Duration) -> Self {
        self.longest_log_wait = longest_wait;
        self
    }
}
