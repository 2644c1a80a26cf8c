//! A log record, read back on the collector's thread.

use super::severity::Severity;
use super::site::LogSite;
use crate::context::{SpanId, TraceFlags, TraceId};
use crate::record::{Header, LOG_WORDS, as_bytes};
use crate::stats::{self, LossCause};

/// A log record, read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogEntry<'a> {
    pub(crate) site: &'static LogSite,
    pub(crate) severity: Severity,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) span_id: Option<SpanId>,
    pub(crate) trace_flags: TraceFlags,
    /// The test capture it belongs to; 0 for none.
    #[cfg(feature = "testing")]
    pub(crate) capture: u16,
    pub(crate) observed_ticks: u64,
    /// What was said.
    pub(crate) values: &'a [u8],
}

impl<'a> LogEntry<'a> {
    /// Reads a record whose header says that it is of a log.
    ///
    /// # Panics
    /// If the record is shorter than that.
    pub(crate) fn read(record: &'a [u64]) -> Self {
        let (fixed, values) = record.split_at(LOG_WORDS);
        let said = Header(fixed[0]).of_log();
        let site = std::ptr::with_exposed_provenance::<LogSite>(fixed[1] as usize);
        Self {
            // SAFETY: log records are written by `log::record` alone, from a `&'static LogSite`.
            site: unsafe { &*site },
            severity: Severity::from_number(said.severity).unwrap_or(Severity::INFO),
            trace_id: TraceId::new(u128::from(fixed[2]) << 64 | u128::from(fixed[3])),
            span_id: SpanId::new(fixed[4]),
            trace_flags: TraceFlags::from_bits(said.trace_flags),
            #[cfg(feature = "testing")]
            capture: said.capture,
            observed_ticks: fixed[5],
            values: as_bytes(values),
        }
    }
}

/// Counts a log record that was drained and will not be exported.
pub(crate) fn lose(record: &[u64], cause: LossCause) {
    LogEntry::read(record).site.count_drop();
    stats::lose_log(cause);
}
