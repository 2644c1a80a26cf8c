//! The cost of a log line on the caller's thread: a message and three fields as a line of JSON,
//! within a span.
//!
//! One binary per library implements [`Logs`] and calls [`main`]. Lines go to something that counts
//! them and throws them away, so nobody pays for a disk or a terminal. A library that writes on the
//! caller's thread is measured with all of its work, and with the least that it can be written to.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Clock;
use crate::micro::{Size, bursts, print};

/// The message.
pub const MESSAGE: &str = "order placed";
/// The field that is a text.
pub const CUSTOMER: &str = "alice@example.com";

/// The field that is a number of the caller's: different from line to line.
#[must_use]
pub fn total(call: u32) -> f64 {
    f64::from(call) * 0.25
}

/// A library under measurement.
pub trait Logs: Sync + Sized {
    /// The name in the results.
    const NAME: &'static str;

    /// Sets the library up to write lines of JSON to `lines`.
    fn install(lines: &Arc<Lines>) -> Self;

    /// Says `calls` lines under `clock`, within one span.
    fn run(&self, calls: u32, clock: &mut Clock);

    /// Waits until nothing is in a buffer.
    fn flush(&self);
}

/// Counts lines, and throws them away.
#[derive(Debug, Default)]
pub struct Lines(AtomicU64);

impl Lines {
    /// Counts the lines in a piece of text.
    pub fn add(&self, text: &[u8]) {
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        self.0.fetch_add(lines as u64, Ordering::Relaxed);
    }
}

/// For libraries that write a line in one piece or several: looks at the end alone, which costs
/// least.
impl Write for &Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if text.last() == Some(&b'\n') {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// For those that write many lines at once, on a thread of their own.
#[derive(Debug)]
pub struct Pieces(pub Arc<Lines>);

impl Write for Pieces {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.add(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a library's binary does: `micro log_line`.
pub fn main<L: Logs>() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["micro", "log_line", rest @ ..] => run::<L>(rest),
        _ => Err(format!("usage: {} micro log_line ..", L::NAME)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}: {message}", L::NAME);
            ExitCode::FAILURE
        }
    }
}

fn run<L: Logs>(args: &[&str]) -> Result<(), String> {
    let mut size = Size::new(512, 1);
    size.set(args)?;
    let lines = Arc::new(Lines::default());
    let library = L::install(&lines);
    let figures = bursts(
        &size,
        |calls, clock| library.run(calls, clock),
        || library.flush(),
    );
    let written = lines.0.load(Ordering::Relaxed);
    print(figures, size.calls_in_all(), written);
    Ok(())
}
