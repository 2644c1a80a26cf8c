//! What a person is told, line by line on standard error, because nobody else would hear it.
//!
//! How much is told is one setting of the process, as there is one runtime in
//! it. Nothing here is called on the threads of the program, but for `install`
//! and the end of its guard.

use std::fmt::Display;
use std::io::{Write, stderr};
use std::sync::atomic::{AtomicU8, Ordering};

use crate::site::Level;

/// Lines up to this level are told; 0 for none. A number by itself: relaxed is enough.
static TOLD: AtomicU8 = AtomicU8::new(Level::Info as u8);

/// Tells lines up to this level from now on.
pub(crate) fn tell_up_to(level: Option<Level>) {
    TOLD.store(level.map_or(0, |level| level as u8), Ordering::Relaxed);
}

/// True if lines of this level are told.
pub(crate) fn is_told(level: Level) -> bool {
    level as u8 <= TOLD.load(Ordering::Relaxed)
}

/// Tells one line, if its level is told. Unlike `eprintln!`, it does not panic when standard
/// error is closed.
pub(crate) fn tell(level: Level, message: &dyn Display) {
    if is_told(level) {
        let _ = writeln!(stderr().lock(), "otelkit: {message}");
    }
}
