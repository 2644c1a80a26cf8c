//! How much one span, and one log record, may hold.

/// How much of a span is kept; what exceeds a limit is left out and counted.
///
/// The counts are those of the
/// [specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits).
/// The specification leaves the length of values open; here it has a bound by
/// default, so that one large value cannot push out many spans.
///
/// ```
/// use otel_runtime::{Config, SpanLimits};
///
/// let mut limits = SpanLimits::default();
/// limits.event_count = 16;
/// let config = Config::new().limits(limits);
/// # let _ = config;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpanLimits {
    /// Attributes of a span.
    pub attribute_count: u32,
    /// Events of a span.
    pub event_count: u32,
    /// Links of a span.
    pub link_count: u32,
    /// Attributes of an event.
    pub event_attribute_count: u32,
    /// Attributes of a link.
    pub link_attribute_count: u32,
    /// Length of a text value, and of each text in an array, in characters.
    ///
    /// A longer one is cut. Whatever this says, 65,536 characters are the most.
    pub value_length: u32,
}

impl SpanLimits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        attribute_count: 128,
        event_count: 128,
        link_count: 128,
        event_attribute_count: 128,
        link_attribute_count: 128,
        value_length: 4096,
    };
}

impl Default for SpanLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How much of a log record is kept; what exceeds a limit is left out and counted.
///
/// The counts are those of the
/// [specification](https://opentelemetry.io/docs/specs/otel/logs/sdk/#logrecord-limits).
/// The specification leaves the length of values open; here it has a bound by default, so that one
/// large value cannot push out many records.
///
/// ```
/// use otel_runtime::{Config, LogLimits};
///
/// let mut limits = LogLimits::default();
/// limits.attribute_count = 16;
/// let config = Config::new().log_limits(limits);
/// # let _ = config;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogLimits {
    /// Attributes of a record.
    pub attribute_count: u32,
    /// Length of the body and of a text value, and of each text in an array, in characters.
    ///
    /// A longer one is cut. Whatever this says, 65,535 characters are the most.
    pub value_length: u32,
}

impl LogLimits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        attribute_count: 128,
        value_length: 4096,
    };
}

impl Default for LogLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
