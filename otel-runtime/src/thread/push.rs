//! From the thread to its ring. The fast way is a comparison, the words and
//! one Release store; everything that can go differently is out of line.

use std::mem::ManuallyDrop;
use std::time::{Duration, Instant};

use super::{Local, with};
use crate::context::Current;
use crate::record::{Header, LONGEST, NOTE_WORDS, RecordKind};
use crate::ring::{Producer, Room, Writer, registry};
use crate::stats::LossCause;

/// Writes a record of at most `words` words, if that is possible without further ado; says
/// whether it was. `fill` says how many words it put.
///
/// # Safety
/// `fill` puts every offset below what it returns and none beyond, which is `words` at most, and
/// neither records nor panics.
#[inline(always)]
pub(crate) unsafe fn try_push(
    local: &Local,
    words: usize,
    fill: impl FnOnce(&mut Writer<'_>) -> usize,
) -> bool {
    // SAFETY: the producer belongs to this thread, and no reference to it lives across a call
    // that could come back here: `fill` does not record, and `push_slowly` suppresses.
    let own = unsafe { &mut *local.producer.get() };
    match own.as_mut() {
        Some(producer) if producer.has_room(words) => {
            // SAFETY: there is room, and `fill` stays below it.
            let words = fill(&mut unsafe { producer.writer() });
            producer.publish(words);
            true
        }
        _ => false,
    }
}

/// Writes a record of at most `words` words, wherever there is room; `fill` says how many it put.
///
/// # Safety
/// As for [`try_push`].
pub(crate) unsafe fn push(
    local: &Local,
    words: usize,
    fill: impl Fn(&mut Writer<'_>) -> usize,
) -> Result<(), LossCause> {
    // SAFETY: the caller's promise.
    if unsafe { try_push(local, words, &fill) } {
        return Ok(());
    }
    push_slowly(local, words, &fill)
}

/// Writes a note of `kind` about span `span`: `head`, then `bytes`, whose length is whole words.
pub(crate) fn note(
    local: &Local,
    kind: RecordKind,
    span: u64,
    head: &[u64],
    bytes: &[u8],
) -> Result<(), LossCause> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    debug_assert!(rest.is_empty());
    let words = NOTE_WORDS + head.len() + chunks.len();
    if words > LONGEST {
        return Err(LossCause::RecordTooLarge);
    }
    let fill = |writer: &mut Writer<'_>| {
        // SAFETY: `words` counts these two.
        unsafe { writer.put(0, Header::new(kind, words).0) };
        // SAFETY: as above.
        unsafe { writer.put(1, span) };
        for (index, word) in head.iter().enumerate() {
            // SAFETY: `words` counts the head.
            unsafe { writer.put(NOTE_WORDS + index, *word) };
        }
        // SAFETY: `words` counts the chunks, behind the head.
        unsafe { writer.put_all(NOTE_WORDS + head.len(), chunks) };
        words
    };
    // SAFETY: `fill` puts all words and nothing else.
    unsafe { push(local, words, fill) }
}

/// Leaves the ring behind without a trace, in a forked child.
pub(crate) fn forget_ring() {
    with(|local| {
        // SAFETY: the fork handler runs on this thread, outside of `try_push`.
        let own = unsafe { &mut *local.producer.get() };
        // The ring belongs to the parent, and its memory to a copy of the heap whose lock may be
        // held: not even freeing is safe.
        *own = ManuallyDrop::new(None);
        local.forget_starts();
    });
}

/// Closes the ring when the thread ends.
struct Sentinel;

thread_local! {
    static SENTINEL: Sentinel = const { Sentinel };
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        with(|local| {
            local.has_ended.set(true);
            let current = local.replace_current(Current::SUPPRESSED);
            // SAFETY: destructors of thread-locals do not run inside `try_push`.
            let own = unsafe { &mut *local.producer.get() };
            drop(own.take());
            drop(local.scratch.take());
            drop(local.panic.take());
            local.set_current(current);
        });
    }
}

#[cold]
#[inline(never)]
fn push_slowly(
    local: &Local,
    words: usize,
    fill: &dyn Fn(&mut Writer<'_>) -> usize,
) -> Result<(), LossCause> {
    if local.has_ended.get() {
        return Err(LossCause::ThreadEnded);
    }
    // What follows may allocate, and the allocator may be annotated.
    let current = local.replace_current(Current::SUPPRESSED);
    // SAFETY: as in `try_push`; nothing below records while the thread is suppressed.
    let own = unsafe { &mut *local.producer.get() };
    let pushed = push_somewhere(local, own, words, fill);
    local.set_current(current);
    pushed
}

fn push_somewhere(
    local: &Local,
    own: &mut Option<Producer>,
    words: usize,
    fill: &dyn Fn(&mut Writer<'_>) -> usize,
) -> Result<(), LossCause> {
    if own.is_none() {
        *own = registry().first_ring();
        SENTINEL.with(|_| ());
        local.own_starts();
    }
    let Some(producer) = own else {
        return registry()
            .with_overflow(|shared| push_with_room(shared, words, fill).map(drop))
            .unwrap_or(Err(LossCause::RingFull));
    };
    loop {
        let outcome = match push_with_room(producer, words, fill) {
            Ok(is_half_full) => {
                if is_half_full {
                    at_mark(local, producer);
                }
                return Ok(());
            }
            Err(cause) => cause,
        };
        // The old ring is closed by being dropped; the collector drains it first.
        match registry().larger_ring(producer) {
            Some(larger) => *producer = larger,
            None => {
                registry().wake_collector();
                return Err(outcome);
            }
        }
    }
}

/// Says whether the ring has become half full.
fn push_with_room(
    producer: &mut Producer,
    words: usize,
    fill: &dyn Fn(&mut Writer<'_>) -> usize,
) -> Result<bool, LossCause> {
    let is_half_full = match producer.make_room(words) {
        Room::Yes => false,
        Room::YesAndMark => true,
        Room::Full => return Err(LossCause::RingFull),
        Room::Never => return Err(LossCause::RecordTooLarge),
    };
    // SAFETY: there is room now, and `fill` stays below it.
    let words = fill(&mut unsafe { producer.writer() });
    producer.publish(words);
    Ok(is_half_full)
}

/// Wakes the collector; a ring that fills too often for that is replaced by a larger one.
fn at_mark(local: &Local, producer: &mut Producer) {
    const OFTEN: Duration = Duration::from_millis(10);
    let now = Instant::now();
    let last = local.last_mark.replace(Some(now));
    if last.is_some_and(|last| now.duration_since(last) < OFTEN)
        && let Some(larger) = registry().larger_ring(producer)
    {
        *producer = larger;
    }
    registry().wake_collector();
}
