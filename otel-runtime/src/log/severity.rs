//! How grave what a log record tells is.

use std::fmt;
use std::str::FromStr;

use crate::class;
use crate::site::Level;

/// How grave what a log record tells is: OpenTelemetry's [severity number], 1 to 24.
///
/// ```
/// use otel_runtime::log::Severity;
///
/// assert!(Severity::WARN < Severity::ERROR);
/// assert_eq!(Severity::INFO.number(), 9);
/// assert_eq!(Severity::from_number(11).unwrap().as_str(), "INFO3");
/// assert_eq!("warn".parse(), Ok(Severity::WARN));
/// ```
///
/// [severity number]: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Severity(u8);

/// The short names of the numbers, as the specification has them.
const NAMES: [&str; 24] = [
    "TRACE", "TRACE2", "TRACE3", "TRACE4", "DEBUG", "DEBUG2", "DEBUG3", "DEBUG4", "INFO", "INFO2",
    "INFO3", "INFO4", "WARN", "WARN2", "WARN3", "WARN4", "ERROR", "ERROR2", "ERROR3", "ERROR4",
    "FATAL", "FATAL2", "FATAL3", "FATAL4",
];

impl Severity {
    /// Of interest to whoever follows each step.
    pub const TRACE: Self = Self(1);
    /// Of interest to whoever looks for a fault.
    pub const DEBUG: Self = Self(5);
    /// Worth knowing.
    pub const INFO: Self = Self(9);
    /// May become an error.
    pub const WARN: Self = Self(13);
    /// Something failed.
    pub const ERROR: Self = Self(17);
    /// Nothing works any more, or data is lost.
    pub const FATAL: Self = Self(21);

    /// The severity of this number, if it is one from 1 to 24.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1..=24 => Some(Self(number)),
            _ => None,
        }
    }

    /// OpenTelemetry's number of it.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// OpenTelemetry's short name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        NAMES[self.0 as usize - 1]
    }

    /// The level of detail that such records stand for; a fatal one is an error.
    #[must_use]
    pub const fn level(self) -> Level {
        match self.0 {
            ..=4 => Level::Trace,
            5..=8 => Level::Debug,
            9..=12 => Level::Info,
            13..=16 => Level::Warn,
            _ => Level::Error,
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
            Level::Trace => Self::TRACE,
        }
    }
}

impl From<class::Severity> for Severity {
    fn from(severity: class::Severity) -> Self {
        Self(severity.number())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that is no severity's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSeverity;

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// Reads a short name, in whatever case.
    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        (1..=24)
            .map(Self)
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownSeverity)
    }
}

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `trace`, `debug`, `info`, `warn`, `error` or `fatal`")
    }
}

impl std::error::Error for UnknownSeverity {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_name_that_reads_as_itself() {
        for number in 1..=24 {
            let severity = Severity::from_number(number).unwrap();
            assert_eq!(severity.number(), number);
            assert_eq!(severity.as_str().parse(), Ok(severity));
        }
        assert_eq!(Severity::from_number(0), None);
        assert_eq!(Severity::from_number(25), None);
        assert_eq!("INFO5".parse::<Severity>(), Err(UnknownSeverity));
    }

    #[test]
    fn levels_and_severities_of_errors_keep_their_names() {
        for (level, severity) in [
            (Level::Trace, Severity::TRACE),
            (Level::Debug, Severity::DEBUG),
            (Level::Info, Severity::INFO),
            (Level::Warn, Severity::WARN),
            (Level::Error, Severity::ERROR),
        ] {
            assert_eq!(Severity::from(level), severity);
            assert_eq!(severity.level(), level);
        }
        assert_eq!(Severity::from(class::Severity::Fatal), Severity::FATAL);
        assert_eq!(Severity::FATAL.level(), Level::Error);
    }
}
