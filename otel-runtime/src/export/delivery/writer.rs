//! Carries parcels of bytes into anything that can be written to.

use std::io::{self, ErrorKind, Write};

use super::courier::Courier;
use super::diagnostics::Diagnostics;
use super::patience::Patience;
use super::receipt::Receipt;
use crate::stats::LossCause;

/// Writes whole parcels; a parcel that could not be written whole is lost.
pub(crate) struct WriterCourier<W> {
    writer: W,
    diagnostics: Diagnostics,
    /// The last parcel was written in part, so a new line must begin before the next.
    is_torn: bool,
}

impl<W: Write> WriterCourier<W> {
    pub(crate) fn new(writer: W, diagnostics: Diagnostics) -> Self {
        Self {
            writer,
            diagnostics,
            is_torn: false,
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_torn {
            self.write_all(b"\n")?;
            self.is_torn = false;
        }
        self.write_all(bytes)?;
        self.writer.flush()
    }

    /// `Write::write_all`, but remembers whether anything was written.
    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.writer.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    bytes = &bytes[written..];
                    self.is_torn = !bytes.is_empty();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<W: Write + Send> Courier<Vec<u8>> for WriterCourier<W> {
    fn deliver(&mut self, bytes: &mut Vec<u8>, _patience: &Patience<'_, Vec<u8>>) -> Receipt {
        match self.write(bytes) {
            Ok(()) => {
                self.diagnostics.fine();
                Receipt::Delivered
            }
            Err(error) => {
                self.diagnostics.lost(&error, "this part is lost");
                Receipt::Lost {
                    cause: LossCause::Failed,
                    reason: error.to_string(),
                }
            }
        }
    }
}
