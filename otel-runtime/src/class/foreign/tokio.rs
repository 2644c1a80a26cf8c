//! `tokio`: time that is up, tasks that ended otherwise, channels and locks that are closed.

use tokio::sync::{AcquireError, TryAcquireError, TryLockError, broadcast, mpsc, oneshot, watch};
use tokio::task::JoinError;
use tokio::time::error::Elapsed;

use crate::class::dynamic::{Look, look};
use crate::class::{Class, Classification, Classify, Code, Codes};

pub(super) const KNOWN: &[Look] = &[
    look::<Elapsed>,
    look::<JoinError>,
    look::<AcquireError>,
    look::<TryAcquireError>,
    look::<TryLockError>,
    look::<broadcast::error::RecvError>,
    look::<mpsc::error::TryRecvError>,
    look::<oneshot::error::RecvError>,
    look::<watch::error::RecvError>,
];

by_value! {
    Elapsed: |error| error => {
        _ => "tokio::Elapsed" DeadlineExceeded,
    }
    JoinError: |error| error.is_cancelled() => {
        true => "tokio::JoinError::Cancelled" Cancelled,
        false => "tokio::JoinError::Panic" Internal,
    }
    AcquireError: |error| error => {
        _ => "tokio::AcquireError" Unavailable,
    }
    TryAcquireError: |error| error => {
        Self::Closed => "tokio::TryAcquireError::Closed" Unavailable,
        Self::NoPermits => "tokio::TryAcquireError::NoPermits" ResourceExhausted,
    }
    TryLockError: |error| error => {
        _ => "tokio::TryLockError" Unavailable,
    }
    broadcast::error::RecvError: |error| error => {
        Self::Closed => "tokio::broadcast::RecvError::Closed" Unavailable,
        Self::Lagged(_) => "tokio::broadcast::RecvError::Lagged" DataLoss,
    }
    mpsc::error::TryRecvError: |error| error => {
        Self::Empty => "tokio::mpsc::TryRecvError::Empty" Unavailable,
        Self::Disconnected => "tokio::mpsc::TryRecvError::Disconnected" Unavailable,
    }
    oneshot::error::RecvError: |error| error => {
        _ => "tokio::oneshot::RecvError" Unavailable,
    }
    watch::error::RecvError: |error| error => {
        _ => "tokio::watch::RecvError" Unavailable,
    }
}

impl<T> Classify for mpsc::error::SendError<T> {
    const CODES: Codes = Codes::List(&[Code {
        code: "tokio::mpsc::SendError",
        class: Class::Unavailable,
    }]);

    fn classify(&self) -> Classification<'_> {
        Classification::new(Class::Unavailable, "tokio::mpsc::SendError")
    }
}
