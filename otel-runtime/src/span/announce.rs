//! The beginning of a span that is told in a log record.

use crate::context::Current;
use crate::record::{Header, STARTED_WORDS};
use crate::ring::Writer;
use crate::site::Site;
use crate::stats;
use crate::thread::{self, Local};

/// Writes that a span of this Site has begun.
#[cold]
#[inline(never)]
pub(super) fn write(local: &Local, site: &'static Site, current: &Current, start_ticks: u64) {
    let words = [
        Header::started(current.meta.header_bits()).0,
        std::ptr::from_ref(site).expose_provenance() as u64,
        current.trace[0],
        current.trace[1],
        current.span,
        start_ticks,
    ];
    let fill = |writer: &mut Writer<'_>| {
        for (offset, word) in words.into_iter().enumerate() {
            // SAFETY: there are as many offsets as words.
            unsafe { writer.put(offset, word) };
        }
        STARTED_WORDS
    };
    // SAFETY: `fill` puts all words and nothing else.
    if let Err(cause) = unsafe { thread::push(local, STARTED_WORDS, fill) } {
        stats::lose_log(cause);
    }
}
