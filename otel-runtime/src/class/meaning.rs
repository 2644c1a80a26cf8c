//! What is known of an error.

use std::time::Duration;

use super::kind::Class;

/// What an error means.
///
/// ```
/// use otel_runtime::class::{Class, Classification, Fault, Retry};
///
/// let meaning = Classification::new(Class::Unavailable, "POOL_EXHAUSTED");
/// assert_eq!(meaning.retry, Retry::Yes);
/// assert_eq!(meaning.fault, Fault::Dependency);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Classification<'a> {
    /// What kind of thing went wrong.
    pub class: Class,
    /// A stable name of this error, `error.type`: one of few, never with an id or a number that
    /// varies in it.
    pub code: &'a str,
    /// Whether the same call may work another time.
    pub retry: Retry,
    /// Who has to do something about it.
    pub fault: Fault,
    /// How grave it is.
    pub severity: Severity,
    /// Recorded, but neither the span nor an objective fails.
    pub is_expected: bool,
    /// What the other side answered, if it answered: the SQLSTATE of a database, say.
    pub response_status: Option<ResponseStatus<'a>>,
}

/// The status with which another system answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseStatus<'a> {
    /// Written out.
    Text(&'a str),
    /// A number.
    Number(i64),
}

/// Whether the same call may work another time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It will fail again.
    #[default]
    No,
    /// It may work.
    Yes,
    /// It may work, but not before this time has passed.
    After(Duration),
}

/// Who has to do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Whoever called.
    Caller,
    /// The people of this service.
    Service,
    /// The people of something that this service calls.
    Dependency,
}

/// How grave an error is: the ranges of OpenTelemetry's [severity number].
///
/// [severity number]: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Severity {
    /// Of interest to whoever follows each step.
    Trace = 1,
    /// Of interest to whoever looks for a fault.
    Debug = 5,
    /// Worth knowing.
    Info = 9,
    /// May become an error.
    Warn = 13,
    /// Something failed.
    Error = 17,
    /// Nothing works any more, or data is lost.
    Fatal = 21,
}

impl<'a> Classification<'a> {
    /// An error of this class and code, everything else as is usual for the class.
    #[must_use]
    pub const fn new(class: Class, code: &'a str) -> Self {
        Self {
            class,
            code,
            retry: if class.is_transient() {
                Retry::Yes
            } else {
                Retry::No
            },
            fault: class.fault(),
            severity: class.severity(),
            is_expected: false,
            response_status: None,
        }
    }

    /// The same, with this answer to whether the call may work another time.
    #[must_use]
    pub const fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The same, with somebody else to do something about it.
    #[must_use]
    pub const fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }

    /// The same, of this severity.
    #[must_use]
    pub const fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same, with another code.
    #[must_use]
    pub const fn with_code<'b>(self, code: &'b str) -> Classification<'b>
    where
        'a: 'b,
    {
        Classification {
            class: self.class,
            code,
            retry: self.retry,
            fault: self.fault,
            severity: self.severity,
            is_expected: self.is_expected,
            response_status: self.response_status,
        }
    }

    /// The same, with this answer of the other side: `db.response.status_code` of spans and metrics
    /// about databases.
    ///
    /// ```
    /// use otel_runtime::class::{Class, Classification, ResponseStatus};
    ///
    /// let meaning = Classification::new(Class::AlreadyExists, "DUPLICATE_ENTRY")
    ///     .with_response_status(ResponseStatus::Number(1062));
    /// assert_eq!(meaning.response_status, Some(ResponseStatus::Number(1062)));
    /// ```
    #[must_use]
    pub const fn with_response_status(mut self, status: ResponseStatus<'a>) -> Self {
        self.response_status = Some(status);
        self
    }

    /// The same, expected: a failure that is part of the ordinary course of things.
    #[must_use]
    pub const fn expected(mut self) -> Self {
        self.is_expected = true;
        self
    }
}

impl Retry {
    /// True if trying again may help, now or later.
    #[must_use]
    pub const fn may_help(self) -> bool {
        !matches!(self, Self::No)
    }
}

impl Fault {
    /// Its name, as it stands in attributes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Service => "service",
            Self::Dependency => "dependency",
        }
    }
}

impl Severity {
    /// OpenTelemetry's number of it.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// OpenTelemetry's short name of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}
