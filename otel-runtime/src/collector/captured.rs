//! Spans and log records that belong to the captures of tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::export::{LogData, LogView, SpanData, SpanView};

static CAPTURED: Mutex<Captures> = Mutex::new(Captures {
    last: 0,
    under_way: None,
});

struct Captures {
    /// The number that was given last.
    last: u16,
    /// By their number; 0 is none.
    under_way: Option<HashMap<u16, Captured>>,
}

/// What belongs to one capture.
#[derive(Default)]
struct Captured {
    spans: Vec<SpanData>,
    logs: Vec<LogData>,
}

/// Begins a capture; `None` if there are as many as there are numbers.
///
/// A number is not given again before all others were: spans of the capture that had it may still
/// lie in a ring.
pub(crate) fn open() -> Option<u16> {
    let mut captures = lock();
    let last = captures.last;
    let under_way = captures.under_way.get_or_insert_default();
    let mut candidates = (last..u16::MAX).map(|last| last + 1).chain(1..=last);
    let id = candidates.find(|id| !under_way.contains_key(id))?;
    under_way.insert(id, Captured::default());
    captures.last = id;
    Some(id)
}

/// The spans of a capture so far.
pub(crate) fn spans(id: u16) -> Vec<SpanData> {
    of(id, |captured| captured.spans.clone()).unwrap_or_default()
}

/// The log records of a capture so far.
pub(crate) fn logs(id: u16) -> Vec<LogData> {
    of(id, |captured| captured.logs.clone()).unwrap_or_default()
}

/// Ends a capture.
pub(crate) fn close(id: u16) {
    if let Some(captures) = lock().under_way.as_mut() {
        captures.remove(&id);
    }
}

/// Takes a finished span for the capture it belongs to, if any.
pub(super) fn take(id: u16, span: &SpanView<'_>) {
    if id != 0 {
        of(id, |captured| captured.spans.push(SpanData::from(span)));
    }
}

/// Takes a log record for the capture it belongs to, if any.
pub(super) fn take_log(id: u16, log: &LogView<'_>) {
    if id != 0 {
        of(id, |captured| captured.logs.push(LogData::from(log)));
    }
}

fn of<T>(id: u16, look: impl FnOnce(&mut Captured) -> T) -> Option<T> {
    lock().under_way.as_mut()?.get_mut(&id).map(look)
}

fn lock() -> MutexGuard<'static, Captures> {
    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner)
}
