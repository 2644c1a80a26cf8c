//! What a request is sent with, and what can become of it.

#[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

/// One request at a time to one receiver; lives on the sender thread.
pub(super) trait Transport: Send {
    /// Sends a request, and waits for the answer until the deadline at most.
    ///
    /// Leaves `body` as it was, for another attempt.
    fn send(&mut self, body: &mut Vec<u8>, deadline: Instant) -> Result<Accepted, Failure>;
}

/// The receiver has the spans.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Accepted {
    /// All but this many.
    pub(super) rejected: u64,
    /// What it has to say about that; a warning when nothing was rejected.
    pub(super) message: String,
}

/// The receiver does not have the spans, as far as one can know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    pub(super) reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// There is nobody at that address; may be different later.
    Unreachable,
    /// May be different later, and not before this time has passed.
    Transient { retry_after: Option<Duration> },
    /// The receiver understood, and does not want it.
    Refused,
    /// It will not be different later.
    Broken,
}

impl Failure {
    pub(super) fn new(kind: FailureKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
        }
    }
}

impl FailureKind {
    /// What a failed connection means.
    #[cfg(any(feature = "otlp-http", feature = "otlp-grpc"))]
    pub(super) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => Self::Unreachable,
            // what rustls says about a certificate or a handshake comes as this
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Broken,
            _ => Self::Transient { retry_after: None },
        }
    }
}
