//! What the configuration says of calls of databases.

use std::time::Duration;

use super::Config;

impl Config {
    /// Has every span of `#[db_query]` and of the integrations with databases that takes this long
    /// or longer carry the event `otelkit.db.slow_query`, unless its annotation says otherwise
    /// (`slow = "200ms"`). Without this, only those whose annotation says so.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let config = otel_runtime::Config::new().slow_queries(Duration::from_millis(500));
    /// # let _ = config;
    /// ```
    pub fn slow_queries(mut self, from: Duration) -> Self {
        self.slow_query_ns = Some(u64::try_from(from.as_nanos()).unwrap_or(u64::MAX));
        self
    }
}
