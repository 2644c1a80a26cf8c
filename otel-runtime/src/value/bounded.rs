//! Text cut at a limit, also while it is formatted straight into the thread's bytes.

use std::fmt::{self, Write};

/// Writes text up to a limit, then fails, which ends the formatting.
pub(super) struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    /// Up to where characters have been counted.
    counted: usize,
    /// For so many characters there is room from there on.
    room: usize,
    is_cut: bool,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>, limit_chars: usize) -> Self {
        Self {
            counted: bytes.len(),
            bytes,
            room: limit_chars,
            is_cut: false,
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Counts characters, which it takes where there are more bytes than there may be of those.
    #[cold]
    fn write_counted(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error); // an implementation that goes on after the first error
        }
        let uncounted = self.bytes[self.counted..].iter();
        // One byte of each character does not continue one.
        self.room -= uncounted.filter(|byte| **byte & 0xc0 != 0x80).count();
        self.counted = self.bytes.len();
        let kept = cut(text, self.room);
        self.bytes.extend_from_slice(kept.as_bytes());
        self.is_cut = kept.len() != text.len();
        if self.is_cut {
            return Err(fmt::Error);
        }
        Ok(())
    }
}

impl Write for Bounded<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let uncounted = self.bytes.len() - self.counted;
        if self.is_cut || uncounted + text.len() > self.room {
            return self.write_counted(text);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// The first characters of `text`, as many as there may be. Counts them only if there are more
/// bytes than that.
#[inline]
pub(super) fn cut(text: &str, limit_chars: usize) -> &str {
    if text.len() <= limit_chars {
        return text;
    }
    cut_counted(text, limit_chars)
}

#[cold]
fn cut_counted(text: &str, limit_chars: usize) -> &str {
    match text.char_indices().nth(limit_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
