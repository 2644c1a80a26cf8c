//! When instruments are read.

use std::time::Duration;

use super::Config;

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
}
