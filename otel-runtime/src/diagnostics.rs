//! What a person is told, line by line on standard error, because nobody else would hear it.
//!
//! How much is told is one setting of the process, as there is one runtime in
//! it. Standard error is written to by the runtime's own threads, and by `install`
//! and the end of its guard. The program's threads leave their lines behind for
//! the collector thread: nobody knows how long who reads them makes a writer wait.

use std::fmt::Display;
use std::io::{Write, stderr};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::per_process::PerProcess;
use crate::site::Level;

/// Lines up to this level are told; 0 for none. A number by itself: relaxed is enough.
static TOLD: AtomicU8 = AtomicU8::new(Level::Info as u8);

/// Lines that the collector thread has not told yet.
static LEFT: PerProcess<Mutex<Left>> = PerProcess::new();
/// There are some. A hint: whoever sees it looks under the lock.
static ARE_LEFT: AtomicBool = AtomicBool::new(false);

#[derive(Debug, Default)]
struct Left {
    lines: Vec<(Level, String)>,
    /// How many more there were.
    more: usize,
}

/// The most lines that are left for later.
const MOST_LEFT: usize = 200;

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

/// Leaves one line for the collector thread, if its level is told; for the program's threads, and
/// for whoever holds a lock that they may want.
pub(crate) fn tell_later(level: Level, message: &dyn Display) {
    if !is_told(level) {
        return;
    }
    let line = message.to_string();
    let mut left = LEFT.made().lock().unwrap_or_else(PoisonError::into_inner);
    if left.lines.len() < MOST_LEFT {
        left.lines.push((level, line));
    } else {
        left.more += 1;
    }
    ARE_LEFT.store(true, Ordering::Relaxed);
}

/// Tells what was left for later; for the collector thread.
pub(crate) fn tell_what_is_left() {
    if !ARE_LEFT.swap(false, Ordering::Relaxed) {
        return;
    }
    let Some(left) = LEFT.known() else {
        return;
    };
    let left = std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner));
    for (level, line) in left.lines {
        tell(level, &line);
    }
    if left.more > 0 {
        tell(Level::Warn, &format_args!("and {} lines more", left.more));
    }
}

/// Leaves the lock behind that somebody may hold, in a forked child.
pub(crate) fn forget_in_child() {
    LEFT.abandon();
}
