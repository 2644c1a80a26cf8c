//! Telling a person what they would otherwise not hear.

use std::fmt::Display;
use std::io::{Write, stderr};

/// Writes a line to standard error. Unlike `eprintln!`, it does not panic when that is closed.
pub(super) fn tell(message: &dyn Display) {
    let _ = writeln!(stderr().lock(), "otelkit: {message}");
}
