//! When instruments are read.

use std::time::Duration;

use super::Config;
use crate::metric::ExemplarFilter;

/// The default of [`Config::metric_interval`], which the specification says.
pub(super) const METRIC_INTERVAL: Duration = Duration::from_secs(60);

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
}
