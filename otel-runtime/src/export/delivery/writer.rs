//! Carries parcels of bytes into anything that can be written to.

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::Duration;

use super::courier::Courier;
use super::diagnostics::Diagnostics;
use super::patience::Patience;
use super::receipt::Receipt;
use crate::stats::{LossCause, Signal};

/// Writes parcels; what could not be written whole is lost.
pub(crate) struct WriterCourier<W> {
    writer: W,
    diagnostics: Diagnostics,
    unit: Unit,
    /// The last parcel was written in part, so a new line must begin before the next.
    is_torn: bool,
}

/// What is lost when a parcel could not be written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The whole of it.
    #[cfg(any(feature = "file", feature = "terminal"))]
    Parcel,
    /// The lines, each a log record, that were not written.
    Line {
        /// What was written has gone out, whatever becomes of the rest.
        is_direct: bool,
    },
}

/// Why a parcel was not written to its end.
enum Stop {
    Failed(io::Error),
    /// There was no time left.
    Ended,
}

/// Something that can be written to.
pub(crate) trait Destination: Write + Send {
    /// Waits a moment, after it was not ready.
    fn rest(&mut self) {
        thread::sleep(PAUSE);
    }
}

/// Between two attempts to write to something that is not ready.
const PAUSE: Duration = Duration::from_millis(1);

impl Destination for Box<dyn Write + Send> {}

impl Destination for Box<dyn Destination> {
    fn rest(&mut self) {
        (**self).rest();
    }
}

impl<W: Destination> WriterCourier<W> {
    pub(crate) const fn new(writer: W, diagnostics: Diagnostics, unit: Unit) -> Self {
        Self {
            writer,
            diagnostics,
            unit,
            is_torn: false,
        }
    }

    /// Writes as much as it can; `written` says how much of `bytes` that was.
    fn write(
        &mut self,
        bytes: &[u8],
        written: &mut usize,
        patience: &Patience<'_, Vec<u8>>,
    ) -> Result<(), Stop> {
        if self.is_torn {
            while self.write_piece(b"\n", patience, false)? == 0 {}
            self.is_torn = false;
        }
        while *written < bytes.len() {
            *written += self.write_piece(&bytes[*written..], patience, true)?;
            self.is_torn = bytes[..*written].last().is_some_and(|last| *last != b'\n');
        }
        self.writer.flush().map_err(|error| {
            // nobody knows how much of it has gone out
            *written = 0;
            Stop::Failed(error)
        })
    }

    /// Writes once, unless the writer is not ready; does not wait for ever for one that says so.
    fn write_piece(
        &mut self,
        bytes: &[u8],
        patience: &Patience<'_, Vec<u8>>,
        is_counted: bool,
    ) -> Result<usize, Stop> {
        let is_direct = self.unit == Unit::Line { is_direct: true };
        if is_direct && !patience.begin_piece() {
            return Err(Stop::Ended);
        }
        let result = self.writer.write(bytes);
        if is_direct {
            let written = result.as_ref().map_or(0, |written| *written);
            let lines = if is_counted {
                lines(&bytes[..written])
            } else {
                0
            };
            patience.end_piece(Signal::Logs, lines);
        }
        match result {
            Ok(0) => Err(Stop::Failed(ErrorKind::WriteZero.into())),
            Ok(written) => Ok(written),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => Ok(0),
                ErrorKind::WouldBlock if patience.lasts() => {
                    self.writer.rest();
                    Ok(0)
                }
                ErrorKind::WouldBlock => Err(Stop::Ended),
                _ => Err(Stop::Failed(error)),
            },
        }
    }

    fn stopped(&mut self, stop: Stop, written: usize, bytes: &[u8]) -> Receipt {
        let (cause, reason) = match stop {
            Stop::Failed(error) => {
                self.diagnostics.lost(&error, "this part is lost");
                (LossCause::Failed, error.to_string())
            }
            Stop::Ended => {
                let reason = "what it is written to takes no more";
                (LossCause::Shutdown, reason.to_owned())
            }
        };
        match self.unit {
            Unit::Line { .. } if written > 0 => Receipt::Partly {
                cause,
                lost: lines(&bytes[written..]),
                reason,
            },
            _ => Receipt::Lost { cause, reason },
        }
    }
}

impl<W: Destination> Courier<Vec<u8>> for WriterCourier<W> {
    fn deliver(&mut self, bytes: &mut Vec<u8>, patience: &Patience<'_, Vec<u8>>) -> Receipt {
        let mut written = 0;
        match self.write(bytes, &mut written, patience) {
            Ok(()) => {
                self.diagnostics.fine();
                Receipt::Delivered
            }
            Err(stop) => self.stopped(stop, written, bytes),
        }
    }
}

/// How many lines end in these bytes.
fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
