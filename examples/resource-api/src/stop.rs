//! Somebody wants the program to end: Ctrl-C, or SIGTERM.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Who wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A person.
    Interrupted,
    /// A supervisor.
    Terminated,
}

impl Stop {
    /// What a shell says of a program that died of the signal.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

/// The signals, from now on; none is missed while nobody waits.
#[derive(Debug)]
pub(crate) struct Stops {
    #[cfg(unix)]
    interrupts: Signal,
    #[cfg(unix)]
    terminations: Signal,
}

#[cfg(unix)]
impl Stops {
    /// Inside of an executor.
    ///
    /// # Errors
    /// If the system does not let us know.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupts: signal(SignalKind::interrupt())?,
            terminations: signal(SignalKind::terminate())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.interrupts.recv() => Stop::Interrupted,
            _ = self.terminations.recv() => Stop::Terminated,
        }
    }
}

#[cfg(not(unix))]
impl Stops {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    pub(crate) async fn next(&mut self) -> Stop {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Stop::Interrupted,
            // then there is no Ctrl-C to wait for
            Err(_) => std::future::pending().await,
        }
    }
}
