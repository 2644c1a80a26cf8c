//! When instruments are read, and how long their series are kept.

use std::time::Duration;

use super::{Config, ConfigProblem};
use crate::metric::ExemplarFilter;
#[cfg(feature = "metrics")]
use crate::recorder::MetricsRecorder;

/// The default of [`Config::metric_interval`], which the specification says.
pub(super) const METRIC_INTERVAL: Duration = Duration::from_secs(60);

/// The default of [`Config::forget_series_after`].
pub(super) const SERIES_IDLE: Duration = Duration::from_secs(60 * 60);

impl Config {
    /// How often the instruments are read for the exporters; every 60 seconds by default. They are
    /// read at a flush and at the end as well.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().metric_interval(Duration::from_secs(10));
    /// # let _ = config;
    /// ```
    pub const fn metric_interval(mut self, interval: Duration) -> Self {
        self.metric_interval = interval;
        self
    }

    /// How long a series of an [open label](crate::metric::Open) is kept after its last use; an hour
    /// by default.
    ///
    /// Then it disappears, and its place is free for another value. Should its own value come again,
    /// the series begins anew: at zero, with a new start time. A series that is not zero and can fall,
    /// such as the calls in flight, is kept for as long as that lasts. This is looked after when the
    /// instruments are read, so nothing disappears that exporters have not seen.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().forget_series_after(Duration::from_secs(600));
    /// # let _ = config;
    /// ```
    pub const fn forget_series_after(mut self, idle: Duration) -> Self {
        self.series_idle = idle;
        self
    }

    /// How long the callback of an observable instrument, or a [`Source`], may take; a second by
    /// default.
    ///
    /// One that takes longer is left out of the reading, which is told and counted, and is not asked
    /// again before it is done. A reading waits for all of them together five times as long at most;
    /// neither the program's threads nor the spans wait.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().observation_timeout(Duration::from_secs(5));
    /// # let _ = config;
    /// ```
    ///
    /// [`Source`]: crate::metric::Source
    pub const fn observation_timeout(mut self, longest: Duration) -> Self {
        self.observation_timeout = longest;
        self
    }

    pub(super) fn observation_problem(&self) -> Option<ConfigProblem> {
        let problem = || {
            ConfigProblem::new("Config::observation_timeout", "expected more than nothing")
                .with_value("0")
        };
        self.observation_timeout.is_zero().then(problem)
    }

    /// Whether the runtime's own metrics are among those that exporters get: spans begun, recorded,
    /// exported and lost, how full its buffers are, how long deliveries take. The [guide] lists
    /// them.
    ///
    /// By default they are if there are others: a program without a metric sends none, not even to
    /// a receiver that would refuse them. They are counted in any case; this is about some twenty
    /// series more at each reading.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().own_metrics(false);
    /// # let _ = config;
    /// ```
    ///
    /// [guide]: https://github.com/otelkit/otelkit/blob/main/docs/guide.md
    pub const fn own_metrics(mut self, on: bool) -> Self {
        self.own_metrics = Some(on);
        self
    }

    /// Whether metrics of the process are among those that exporters get; off by default.
    ///
    /// They are `process.cpu.time`, `process.context_switches` and `process.paging.faults` on any
    /// Unix, and `process.memory.usage`, `process.memory.virtual`, `process.thread.count`,
    /// `process.unix.file_descriptor.count` and `process.uptime` on Linux; none on Windows. A
    /// reading costs some 50 µs and a little for each open file descriptor, on the thread that
    /// reads.
    ///
    /// ```
    /// let config = otel_runtime::Config::new().process_metrics(true);
    /// # let _ = config;
    /// ```
    pub const fn process_metrics(mut self, on: bool) -> Self {
        self.process_metrics = on;
        self
    }

    /// Which values may become exemplars; those counted within sampled spans by default.
    /// `OTEL_METRICS_EXEMPLAR_FILTER`.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::metric::ExemplarFilter;
    ///
    /// let config = Config::new().exemplar_filter(ExemplarFilter::AlwaysOff);
    /// # let _ = config;
    /// ```
    pub const fn exemplar_filter(mut self, filter: ExemplarFilter) -> Self {
        self.exemplar_filter = filter;
        self
    }

    /// Exports what is counted with the `metrics` crate as well, by the program or any of its
    /// dependencies; see [`MetricsRecorder`].
    ///
    /// `install` fails if the program has set another recorder.
    ///
    /// ```
    /// use otel_runtime::Config;
    /// use otel_runtime::recorder::MetricsRecorder;
    ///
    /// let config = Config::new().with_metrics_recorder(MetricsRecorder::new());
    /// # let _ = config;
    /// ```
    #[cfg(feature = "metrics")]
    pub const fn with_metrics_recorder(mut self, recorder: MetricsRecorder) -> Self {
        self.recorder = Some(recorder);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_needs_some_time() {
        let config = |longest| Config::new().observation_timeout(longest);
        let error = config(Duration::ZERO).validate().unwrap_err();
        assert_eq!(error.problems()[0].key(), "Config::observation_timeout");
        config(Duration::MAX).validate().unwrap();
    }
}
