//! How a finished span, and what is said of an unfinished one, lie in a ring.
//!
//! Everything is made of 64-bit words. The first word of every record tells
//! its length and what it is, so that a reader can always step to the next.
//!
//! ```text
//! span   header · site · trace (2) · span · parent · start · end · [busy] · values
//! note   header · span · what the kind of note says
//! cancel header · trace (2)
//! start  header · site · trace (2) · span · start
//! log    header · place · trace (2) · span · observed · values
//! pad    header · nothing up to the end of the ring
//! ```

use crate::site::Site;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum RecordKind {
    /// Filler before the ring's wrap.
    Pad = 0,
    /// A finished span.
    Span = 1,
    /// Values of an unfinished span.
    Fields = 2,
    /// An event of an unfinished span.
    Event = 3,
    /// A link of an unfinished span.
    Link = 4,
    /// The status of an unfinished span.
    Status = 5,
    /// The error an unfinished span is about to return.
    Error = 6,
    /// The panic that unwinds through an unfinished span.
    Panic = 7,
    /// A span that was prepared and will never start.
    Discard = 8,
    /// All spans of a trace are to be forgotten.
    Cancel = 9,
    /// The name of an unfinished span, known only now.
    Name = 10,
    /// What an unfinished span carries.
    Carried = 11,
    /// A log record.
    Log = 12,
    /// The beginning of a span that is told in a log record.
    Started = 13,
}

/// The first word of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header(pub(crate) u64);

/// What the first word of a log record says, besides its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogHeader {
    pub(crate) severity: u8,
    pub(crate) trace_flags: u8,
    /// The test capture it belongs to; 0 for none.
    #[cfg_attr(
        not(feature = "testing"),
        allow(dead_code, reason = "tests alone capture")
    )]
    pub(crate) capture: u16,
}

/// Words of a span record before the optional busy time and the values.
pub(crate) const SPAN_WORDS: usize = 8;
/// Words of a note before its own content.
pub(crate) const NOTE_WORDS: usize = 2;
/// Words of the beginning of a span.
pub(crate) const STARTED_WORDS: usize = 6;
/// Words of a log record before the values.
pub(crate) const LOG_WORDS: usize = 6;
/// The longest record, in words.
pub(crate) const LONGEST: usize = u16::MAX as usize;

/// In a span header: the parent is in another process.
pub(crate) const PARENT_IS_REMOTE: u8 = 1;
/// In a span header: notes may come from other threads.
pub(crate) const SHARED: u8 = 2;
/// In a span header: a busy time follows the fixed words.
pub(crate) const HAS_BUSY: u8 = 4;
/// In a span header: the trace id is random.
pub(crate) const RANDOM: u8 = 8;
/// In a span header: it is not sampled, and written only to be told in log records.
pub(crate) const FOR_LOG: u8 = 16;
/// In a span header: it is told in log records.
pub(crate) const TOLD: u8 = 32;

impl Header {
    /// A header with only a length and a kind.
    #[inline]
    pub(crate) const fn new(kind: RecordKind, words: usize) -> Self {
        Self(words as u64 | (kind as u64) << 16)
    }

    /// The header of a span; `bits` are those its context already has in the right place.
    #[inline]
    pub(crate) const fn span(words: usize, outcome: u8, flags: u8, bits: u64) -> Self {
        let kind = RecordKind::Span as u64;
        Self(words as u64 | kind << 16 | (outcome as u64) << 20 | Self::flag(flags) | bits)
    }

    /// The header of a log record, in which other things stand behind the kind than in a span's.
    pub(crate) const fn log(words: usize, severity: u8, trace_flags: u8, capture: u16) -> Self {
        let kind = RecordKind::Log as u64;
        let said = (severity as u64) << 20 | (trace_flags as u64) << 32 | (capture as u64) << 48;
        Self(words as u64 | kind << 16 | said)
    }

    /// The header of the beginning of a span; `bits` as for [`span`](Self::span).
    pub(crate) const fn started(bits: u64) -> Self {
        Self(STARTED_WORDS as u64 | (RecordKind::Started as u64) << 16 | bits)
    }

    /// What the header of a log record says.
    pub(crate) const fn of_log(self) -> LogHeader {
        LogHeader {
            severity: (self.0 >> 20) as u8,
            trace_flags: (self.0 >> 32) as u8,
            capture: (self.0 >> 48) as u16,
        }
    }

    /// Where the flags of a span stand.
    #[inline]
    pub(crate) const fn flag(flags: u8) -> u64 {
        (flags as u64) << 24
    }

    /// The record's length, header included.
    pub(crate) const fn words(self) -> usize {
        (self.0 & 0xffff) as usize
    }

    /// What the record is; `None` if the word is no header.
    pub(crate) const fn kind(self) -> Option<RecordKind> {
        Some(match (self.0 >> 16) & 0xf {
            0 => RecordKind::Pad,
            1 => RecordKind::Span,
            2 => RecordKind::Fields,
            3 => RecordKind::Event,
            4 => RecordKind::Link,
            5 => RecordKind::Status,
            6 => RecordKind::Error,
            7 => RecordKind::Panic,
            8 => RecordKind::Discard,
            9 => RecordKind::Cancel,
            10 => RecordKind::Name,
            11 => RecordKind::Carried,
            12 => RecordKind::Log,
            13 => RecordKind::Started,
            _ => return None,
        })
    }

    /// How the span ended.
    pub(crate) const fn outcome(self) -> u8 {
        ((self.0 >> 20) & 0xf) as u8
    }

    /// The span's flags.
    pub(crate) const fn flags(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// What was noted of the span.
    pub(crate) const fn tally(self) -> NoteTally {
        NoteTally(self.0 >> 32)
    }
}

/// How many notes a span has, how many found no room, and which capture it
/// belongs to: the upper half of a span header and of the current context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NoteTally(pub(crate) u64);

impl NoteTally {
    const LOST_SHIFT: u32 = 10;
    const CAPTURE_SHIFT: u32 = 16;
    const MOST_NOTES: u64 = (1 << Self::LOST_SHIFT) - 1;
    const MOST_LOST: u64 = (1 << (Self::CAPTURE_SHIFT - Self::LOST_SHIFT)) - 1;

    /// No notes, and this capture.
    pub(crate) const fn of_capture(capture: u16) -> Self {
        Self((capture as u64) << Self::CAPTURE_SHIFT)
    }

    /// The same capture, without notes.
    #[inline]
    pub(crate) const fn fresh(self) -> Self {
        Self(self.0 & !((1 << Self::CAPTURE_SHIFT) - 1))
    }

    /// One note more. The count stays at its largest value, at which the
    /// collector waits for a whole pass instead of counting.
    pub(crate) const fn with_note(self) -> Self {
        if self.notes() < Self::MOST_NOTES {
            Self(self.0 + 1)
        } else {
            self
        }
    }

    /// One lost note more.
    pub(crate) const fn with_lost(self) -> Self {
        if self.lost() < Self::MOST_LOST {
            Self(self.0 + (1 << Self::LOST_SHIFT))
        } else {
            self
        }
    }

    /// Notes written.
    pub(crate) const fn notes(self) -> u64 {
        self.0 & Self::MOST_NOTES
    }

    /// True if there may be more notes than were counted.
    pub(crate) const fn is_saturated(self) -> bool {
        self.notes() == Self::MOST_NOTES
    }

    /// Notes that found no room.
    pub(crate) const fn lost(self) -> u64 {
        (self.0 >> Self::LOST_SHIFT) & Self::MOST_LOST
    }

    /// The test capture the span belongs to; 0 for none.
    pub(crate) const fn capture(self) -> u16 {
        (self.0 >> Self::CAPTURE_SHIFT) as u16
    }
}

/// A span record, read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanRecord<'a> {
    pub(crate) header: Header,
    pub(crate) site: &'static Site,
    /// The trace id, most significant half first.
    pub(crate) trace: [u64; 2],
    pub(crate) span: u64,
    /// Zero for a root.
    pub(crate) parent: u64,
    pub(crate) start_ticks: u64,
    pub(crate) end_ticks: u64,
    /// Zero if nobody measured.
    pub(crate) busy_ticks: u64,
    /// The inline values.
    pub(crate) values: &'a [u8],
}

impl<'a> SpanRecord<'a> {
    /// Reads a record whose header says that it is a span.
    ///
    /// # Panics
    /// If the record is shorter than a span.
    pub(crate) fn read(record: &'a [u64]) -> Self {
        let (fixed, mut rest) = record.split_at(SPAN_WORDS);
        let header = Header(fixed[0]);
        let mut busy_ticks = 0;
        if header.flags() & HAS_BUSY != 0 {
            (busy_ticks, rest) = (rest[0], &rest[1..]);
        }
        let site = std::ptr::with_exposed_provenance::<Site>(fixed[1] as usize);
        Self {
            header,
            // SAFETY: span records are written by `span::end` alone, from a `&'static Site`.
            site: unsafe { &*site },
            trace: [fixed[2], fixed[3]],
            span: fixed[4],
            parent: fixed[5],
            start_ticks: fixed[6],
            end_ticks: fixed[7],
            busy_ticks,
            values: as_bytes(rest),
        }
    }
}

/// The beginning of a span, read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartedRecord {
    pub(crate) header: Header,
    pub(crate) site: &'static Site,
    pub(crate) trace: [u64; 2],
    pub(crate) span: u64,
    pub(crate) start_ticks: u64,
}

impl StartedRecord {
    /// Reads a record whose header says that it is the beginning of a span.
    ///
    /// # Panics
    /// If the record is shorter than that.
    pub(crate) fn read(record: &[u64]) -> Self {
        let site = std::ptr::with_exposed_provenance::<Site>(record[1] as usize);
        Self {
            header: Header(record[0]),
            // SAFETY: such records are written by `span::announce` alone, from a `&'static Site`.
            site: unsafe { &*site },
            trace: [record[2], record[3]],
            span: record[4],
            start_ticks: record[5],
        }
    }
}

/// The bytes that were written into these words.
pub(crate) fn as_bytes(words: &[u64]) -> &[u8] {
    let first = words.as_ptr().cast::<u8>();
    // SAFETY: any word is eight bytes, and bytes have no alignment and no invalid values.
    unsafe { std::slice::from_raw_parts(first, size_of_val(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_header_keeps_every_part() {
        let tally = NoteTally::of_capture(0xabcd)
            .with_note()
            .with_note()
            .with_lost();
        let header = Header::span(10, 3, HAS_BUSY, Header::flag(RANDOM) | tally.0 << 32);
        assert_eq!(header.words(), 10);
        assert_eq!(header.kind(), Some(RecordKind::Span));
        assert_eq!(header.outcome(), 3);
        assert_eq!(header.flags(), HAS_BUSY | RANDOM);
        assert_eq!(header.tally(), tally);
        assert_eq!(
            (tally.notes(), tally.lost(), tally.capture()),
            (2, 1, 0xabcd)
        );
    }

    #[test]
    fn a_log_header_keeps_every_part() {
        let header = Header::log(9, 24, 3, 0xabcd);
        assert_eq!(header.words(), 9);
        assert_eq!(header.kind(), Some(RecordKind::Log));
        let said = LogHeader {
            severity: 24,
            trace_flags: 3,
            capture: 0xabcd,
        };
        assert_eq!(header.of_log(), said);
    }

    #[test]
    fn counts_stay_at_their_largest_value() {
        let mut tally = NoteTally::of_capture(7);
        for _ in 0..5000 {
            tally = tally.with_note().with_lost();
        }
        assert!(tally.is_saturated());
        assert_eq!((tally.lost(), tally.capture()), (63, 7));
    }
}
