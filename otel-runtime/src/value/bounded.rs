//! Text cut at a limit, also while it is formatted straight into the thread's bytes.

use std::fmt::{self, Write};

/// Writes text up to a limit, then fails, which ends the formatting.
pub(super) struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    /// In characters.
    room: usize,
    is_cut: bool,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(bytes: &'a mut Vec<u8>, limit_chars: usize) -> Self {
        Self {
            bytes,
            room: limit_chars,
            is_cut: false,
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.is_cut {
            return Err(fmt::Error); // an implementation that goes on after the first error
        }
        let kept = cut(text, self.room);
        self.bytes.extend_from_slice(kept.as_bytes());
        self.room -= kept.chars().count();
        self.is_cut = kept.len() != text.len();
        if self.is_cut {
            return Err(fmt::Error);
        }
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
    match text.char_indices().nth(limit_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
