//! The receiver, in a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::build::value;

/// A running receiver; it leaves when it is dropped or stopped.
pub(crate) struct Sink {
    process: Child,
    stdout: BufReader<ChildStdout>,
    endpoint: String,
}

impl Sink {
    pub(crate) fn start(program: &Path) -> Result<Self, String> {
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start the sink: {error}"))?;
        let mut stdout = BufReader::new(process.stdout.take().ok_or("the sink has no output")?);
        let mut port = String::new();
        stdout
            .read_line(&mut port)
            .map_err(|error| error.to_string())?;
        let endpoint = format!("http://127.0.0.1:{}", port.trim());
        Ok(Self {
            process,
            stdout,
            endpoint,
        })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Ends the receiver: spans, bytes and requests it got.
    pub(crate) fn stop(mut self) -> Result<(f64, f64, f64), String> {
        drop(self.process.stdin.take());
        let mut line = String::new();
        self.stdout
            .read_to_string(&mut line)
            .map_err(|error| error.to_string())?;
        Ok((
            value(&line, "spans")?,
            value(&line, "bytes")?,
            value(&line, "requests")?,
        ))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It may have left already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
