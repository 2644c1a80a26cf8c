//! Spans that belong to the captures of tests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::export::{SpanData, SpanView};

/// The captures under way, by their number; 0 is none.
static CAPTURED: Mutex<Option<HashMap<u16, Vec<SpanData>>>> = Mutex::new(None);

/// Begins a capture; `None` if there are as many as there are numbers.
pub(crate) fn open() -> Option<u16> {
    let mut captured = lock();
    let captures = captured.get_or_insert_default();
    let id = (1..=u16::MAX).find(|id| !captures.contains_key(id))?;
    captures.insert(id, Vec::new());
    Some(id)
}

/// The spans of a capture so far.
pub(crate) fn spans(id: u16) -> Vec<SpanData> {
    lock()
        .as_ref()
        .and_then(|captures| captures.get(&id))
        .cloned()
        .unwrap_or_default()
}

/// Ends a capture.
pub(crate) fn close(id: u16) {
    if let Some(captures) = lock().as_mut() {
        captures.remove(&id);
    }
}

/// Takes a finished span for the capture it belongs to, if any.
pub(super) fn take(id: u16, span: &SpanView<'_>) {
    if id != 0
        && let Some(spans) = lock().as_mut().and_then(|captures| captures.get_mut(&id))
    {
        spans.push(SpanData::from(span));
    }
}

fn lock() -> MutexGuard<'static, Option<HashMap<u16, Vec<SpanData>>>> {
    CAPTURED.lock().unwrap_or_else(PoisonError::into_inner)
}
