//! Carries parcels of bytes into anything that can be written to.

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::Duration;

use super::courier::Courier;
use super::diagnostics::Diagnostics;
use super::patience::Patience;
use super::receipt::Receipt;
use crate::stats::LossCause;

/// Writes parcels; what could not be written whole is lost.
pub(crate) struct WriterCourier<W> {
    writer: W,
    diagnostics: Diagnostics,
    unit: Unit,
    /// The last parcel was written in part, so a new line must begin before the next.
    is_torn: bool,
    /// The program ends, and the writer could not take any more.
    is_given_up: bool,
}

/// What a parcel is lost by when it could not be written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// The whole of it.
    #[cfg(any(feature = "file", feature = "terminal"))]
    Parcel,
    /// Each line is an item, and those that were written are delivered.
    Line,
}

/// Why a parcel was not written to its end.
enum Stop {
    Failed(io::Error),
    /// There was no time left.
    Ended,
}

/// Between two attempts to write to something that is not ready.
const PAUSE: Duration = Duration::from_millis(1);
/// When a program ends, a writer that is not ready is given up so long before it is too late to
/// count what was written.
const MARGIN: Duration = Duration::from_millis(50);

impl<W: Write> WriterCourier<W> {
    pub(crate) const fn new(writer: W, diagnostics: Diagnostics, unit: Unit) -> Self {
        Self {
            writer,
            diagnostics,
            unit,
            is_torn: false,
            is_given_up: false,
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
            self.write_all(b"\n", &mut 0, patience)?;
            self.is_torn = false;
        }
        let result = self.write_all(bytes, written, patience);
        self.is_torn = bytes[..*written].last().is_some_and(|last| *last != b'\n');
        result?;
        self.writer.flush().map_err(|error| {
            // nobody knows how much of it has gone out
            *written = 0;
            Stop::Failed(error)
        })
    }

    /// `Write::write_all`, but says how much was written, and does not wait for ever for a writer
    /// that says that it is not ready.
    fn write_all(
        &mut self,
        bytes: &[u8],
        written: &mut usize,
        patience: &Patience<'_, Vec<u8>>,
    ) -> Result<(), Stop> {
        while *written < bytes.len() {
            match self.writer.write(&bytes[*written..]) {
                Ok(0) => return Err(Stop::Failed(ErrorKind::WriteZero.into())),
                Ok(more) => *written += more,
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock if patience.lasts(MARGIN) => thread::sleep(PAUSE),
                    ErrorKind::WouldBlock => return Err(Stop::Ended),
                    _ => return Err(Stop::Failed(error)),
                },
            }
        }
        Ok(())
    }

    fn stopped(&mut self, stop: Stop, written: &[u8], rest: &[u8]) -> Receipt {
        let (cause, reason) = match stop {
            Stop::Failed(error) => {
                self.diagnostics.lost(&error, "this part is lost");
                (LossCause::Failed, error.to_string())
            }
            Stop::Ended => {
                self.is_given_up = true;
                let reason = "what it is written to takes no more";
                (LossCause::Shutdown, reason.to_owned())
            }
        };
        if self.unit == Unit::Line && !written.is_empty() {
            let lost = rest.iter().filter(|byte| **byte == b'\n').count() as u64;
            return Receipt::Partly {
                cause,
                lost,
                reason,
            };
        }
        Receipt::Lost { cause, reason }
    }
}

impl<W: Write + Send> Courier<Vec<u8>> for WriterCourier<W> {
    fn deliver(&mut self, bytes: &mut Vec<u8>, patience: &Patience<'_, Vec<u8>>) -> Receipt {
        if self.is_given_up {
            return self.stopped(Stop::Ended, &[], bytes);
        }
        let mut written = 0;
        match self.write(bytes, &mut written, patience) {
            Ok(()) => {
                self.diagnostics.fine();
                Receipt::Delivered
            }
            Err(stop) => {
                let (written, rest) = bytes.split_at(written);
                self.stopped(stop, written, rest)
            }
        }
    }
}
