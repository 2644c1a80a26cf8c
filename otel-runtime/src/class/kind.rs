//! The class of an error.

use std::fmt;

use super::meaning::{Fault, Severity};

/// What kind of thing went wrong.
///
/// The sixteen [status codes of gRPC] that stand for a failure, and two that
/// they cannot tell apart from others. The statuses of gRPC and HTTP follow
/// from it by the standard mappings.
///
/// ```
/// use otel_runtime::class::Class;
///
/// assert_eq!(Class::NotFound.http_status(), 404);
/// assert_eq!(Class::Network.grpc_code(), Class::Unavailable.grpc_code());
/// assert_eq!("deadline_exceeded".parse(), Ok(Class::DeadlineExceeded));
/// ```
///
/// [status codes of gRPC]: https://grpc.io/docs/guides/status-codes/
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum Class {
    /// The caller does not want the result any more.
    Cancelled = 1,
    /// Nobody knows: the class of every error that does not say more.
    Unknown = 2,
    /// The request is wrong, whatever the state of the system.
    InvalidArgument = 3,
    /// The time was up before the work was done.
    DeadlineExceeded = 4,
    /// What was asked for does not exist.
    NotFound = 5,
    /// What was to be created exists.
    AlreadyExists = 6,
    /// The caller is known, and may not do this.
    PermissionDenied = 7,
    /// A quota, or the room on a disk, is used up.
    ResourceExhausted = 8,
    /// The system is not in the state this needs.
    FailedPrecondition = 9,
    /// A conflict with work at the same time.
    Aborted = 10,
    /// Past the end of something.
    OutOfRange = 11,
    /// This cannot be done here.
    Unimplemented = 12,
    /// Something that must hold does not: a bug.
    Internal = 13,
    /// The service is not there just now.
    Unavailable = 14,
    /// Data is lost for good.
    DataLoss = 15,
    /// Nobody knows who the caller is.
    Unauthenticated = 16,
    /// The way to another service is broken; for gRPC this is `UNAVAILABLE`.
    Network = 17,
    /// Data is there and makes no sense; for gRPC this is `DATA_LOSS`.
    DataCorruption = 18,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 18] = [
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
        Self::Network,
        Self::DataCorruption,
    ];

    /// Its name, as it stands in attributes and labels.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::InvalidArgument => "invalid_argument",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::ResourceExhausted => "resource_exhausted",
            Self::FailedPrecondition => "failed_precondition",
            Self::Aborted => "aborted",
            Self::OutOfRange => "out_of_range",
            Self::Unimplemented => "unimplemented",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::DataLoss => "data_loss",
            Self::Unauthenticated => "unauthenticated",
            Self::Network => "network",
            Self::DataCorruption => "data_corruption",
        }
    }

    /// The status code of gRPC, 1 to 16.
    #[must_use]
    pub const fn grpc_code(self) -> i32 {
        match self {
            Self::Network => Self::Unavailable as i32,
            Self::DataCorruption => Self::DataLoss as i32,
            canonical => canonical as i32,
        }
    }

    /// The class of a status code of gRPC; `None` for 0, which is no failure, and for unknown
    /// ones.
    #[must_use]
    pub fn from_grpc_code(code: i32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|class| *class as i32 == code && code <= Self::Unauthenticated as i32)
    }

    /// The status of HTTP, by the mapping that gRPC's [`google.rpc.Code`] states.
    ///
    /// [`google.rpc.Code`]: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition | Self::OutOfRange => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Cancelled => 499,
            Self::Unknown | Self::Internal | Self::DataLoss | Self::DataCorruption => 500,
            Self::Unimplemented => 501,
            Self::Unavailable | Self::Network => 503,
            Self::DeadlineExceeded => 504,
        }
    }

    /// The class of a status of HTTP; `None` below 400.
    ///
    /// The most telling class where the mapping of [`http_status`](Self::http_status) has more
    /// than one.
    #[must_use]
    pub const fn from_http_status(status: u16) -> Option<Self> {
        Some(match status {
            0..=399 => return None,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 | 410 => Self::NotFound,
            408 | 504 => Self::DeadlineExceeded,
            409 => Self::Aborted,
            412 | 428 => Self::FailedPrecondition,
            416 => Self::OutOfRange,
            429 => Self::ResourceExhausted,
            499 => Self::Cancelled,
            405 | 501 => Self::Unimplemented,
            400..=498 => Self::InvalidArgument,
            502 | 503 => Self::Unavailable,
            500..=599 => Self::Internal,
            _ => Self::Unknown,
        })
    }

    /// Whose fault errors of this class are, unless they say otherwise.
    #[must_use]
    pub const fn fault(self) -> Fault {
        match self {
            Self::Cancelled
            | Self::InvalidArgument
            | Self::NotFound
            | Self::AlreadyExists
            | Self::PermissionDenied
            | Self::ResourceExhausted
            | Self::FailedPrecondition
            | Self::Aborted
            | Self::OutOfRange
            | Self::Unauthenticated => Fault::Caller,
            Self::Unknown
            | Self::Unimplemented
            | Self::Internal
            | Self::DataLoss
            | Self::DataCorruption => Fault::Service,
            Self::DeadlineExceeded | Self::Unavailable | Self::Network => Fault::Dependency,
        }
    }

    /// How grave errors of this class are, unless they say otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::DataLoss | Self::DataCorruption => Severity::Fatal,
            _ => match self.fault() {
                Fault::Caller => Severity::Warn,
                Fault::Service | Fault::Dependency => Severity::Error,
            },
        }
    }

    /// True if trying again may help with errors of this class, unless they say otherwise: the
    /// ones that gRPC's documentation says so of, and a broken way.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::Unavailable | Self::Network | Self::Aborted)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownClass;

impl std::str::FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or(UnknownClass)
    }
}

impl fmt::Display for UnknownClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no error class of this name; the classes are ")?;
        for (index, class) in Class::ALL.into_iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{class}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownClass {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grpc_codes_are_the_canonical_ones_and_come_back() {
        for class in Class::ALL {
            let code = class.grpc_code();
            assert!((1..=16).contains(&code), "{class}");
            let back = Class::from_grpc_code(code).unwrap();
            assert_eq!(back.grpc_code(), code, "{class}");
            assert_eq!(back.http_status(), class.http_status(), "{class}");
        }
        assert_eq!(Class::from_grpc_code(0), None);
        assert_eq!(Class::from_grpc_code(17), None);
    }

    #[test]
    fn a_name_parses_to_its_class_and_no_other_text_does() {
        for class in Class::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        assert_eq!("NotFound".parse::<Class>(), Err(UnknownClass));
        assert!(UnknownClass.to_string().contains("`data_corruption`"));
    }

    #[test]
    fn every_status_of_http_that_is_a_failure_has_a_class_with_the_same_hundred() {
        assert_eq!(Class::from_http_status(399), None);
        for status in 400..600 {
            let class = Class::from_http_status(status).unwrap();
            let is_of_the_client = class.http_status() < 500;
            // 405 and 408 are the client's for HTTP, and the server's for gRPC.
            if !matches!(status, 405 | 408) {
                assert_eq!(is_of_the_client, status < 500, "{status} {class}");
            }
        }
        assert_eq!(Class::from_http_status(u16::MAX), Some(Class::Unknown));
    }
}
