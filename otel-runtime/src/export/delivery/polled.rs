//! Pipes, sockets and terminals, which may be slow: written to only when they are ready.
//!
//! A write that cannot wait can be counted: whoever gives up knows what has gone out. The descriptor
//! may be shared with other processes, so its mode is left as it is.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsRawFd;

use super::writer::Destination;

/// Writes whole lines if it can, as many as a pipe takes in one piece: those of other writers do
/// not come in between.
#[derive(Debug)]
pub(super) struct Polled {
    file: File,
}

/// A pipe that is ready takes this much without a wait, and in one piece; POSIX's `PIPE_BUF`.
const PIECE_BYTES: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };
/// How long somebody rests who has found it not ready.
const REST_MS: libc::c_int = 20;

impl Polled {
    pub(super) const fn new(file: File) -> Self {
        Self { file }
    }

    fn is_ready(&self, within_ms: libc::c_int) -> io::Result<bool> {
        let mut asked = libc::pollfd {
            fd: self.file.as_raw_fd(),
            events: libc::POLLOUT,
            revents: 0,
        };
        // SAFETY: `asked` is one valid `pollfd`, which nobody else touches during the call.
        let ready = unsafe { libc::poll(&raw mut asked, 1, within_ms) };
        match ready {
            0 => Ok(false),
            // also if the other end is closed, which the write will tell
            1.. => Ok(true),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl Write for Polled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_ready(0)? {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.file.write(piece(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Destination for Polled {
    fn rest(&mut self) {
        // what is wrong with it, the next write tells
        let _ = self.is_ready(REST_MS);
    }
}

/// As many whole lines as may be written at once; of a longer line, its beginning.
fn piece(bytes: &[u8]) -> &[u8] {
    let Some(piece) = bytes.get(..PIECE_BYTES) else {
        return bytes;
    };
    let end = piece.iter().rposition(|byte| *byte == b'\n');
    end.map_or(piece, |end| &piece[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_where_lines_end() {
        let line = [vec![b'a'; PIECE_BYTES / 3], vec![b'\n']].concat();
        let lines = line.repeat(3);
        assert_eq!(piece(&lines), line.repeat(2));
        assert_eq!(piece(&line), line);
        assert_eq!(piece(b""), b"");
    }

    #[test]
    fn a_long_line_is_written_in_parts() {
        let line = [b'a'; PIECE_BYTES + 1];
        assert_eq!(piece(&line).len(), PIECE_BYTES);
    }
}
