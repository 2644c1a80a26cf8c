//! What the program says in words: log records.
//!
//! Runs on the callers' threads. A [`LogSite`] is a place that logs; its dial says what is heard of
//! it, and is turned by a [`LogFilter`], also while the program runs. What is said becomes one
//! record in the thread's ring, with the current span, and goes the way of spans from there: to
//! the collector, and to every exporter that takes logs.
//!
//! Programs log through `tracing`, `log` or the OpenTelemetry API, whose bridges end here.

mod entry;
mod filter;
mod limit;
mod record;
mod severity;
mod site;

use crate::stats::Ledger;
pub(crate) use entry::{LogEntry, lose};
pub use filter::{LogFilter, LogFilterError};
pub use limit::RateLimit;
pub use record::LogRecord;
pub(crate) use record::{encode, part, set_longest_wait, set_value_limit};
pub use severity::{Severity, UnknownSeverity};
pub use site::{LogSite, LogSiteSpec, log_sites, watch_filter};
pub(crate) use site::{close, forget_in_child, set_filter};

/// True if somebody wants log records: an exporter, or a test, which captures what none takes.
pub(crate) fn wanted_by(exporters: &[Ledger]) -> bool {
    cfg!(feature = "testing") || exporters.iter().any(|exporter| exporter.takes_logs)
}
