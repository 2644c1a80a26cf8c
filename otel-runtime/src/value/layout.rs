//! How a value lies in memory: inline in a [`Slot`], or as an entry among bytes.
//!
//! An entry is a sequence of 8-byte little-endian words:
//!
//! ```text
//! word 0   tag (low 32 bits) | payload length in bytes (high 32 bits)
//! word 1   key: DECLARED | index among the Site's fields, or the length of a key that follows
//!          the bytes of that key, padded to a whole word
//!          the payload, padded to a whole word
//! ```
//!
//! A key that the Site does not declare is copied: reading an entry then needs
//! no pointer, and garbage stays harmless.

/// The payload is one truth value.
pub const BOOL: u32 = 1;
/// The payload is one `i64`.
pub const INT: u32 = 2;
/// The payload is one `f64`.
pub const DOUBLE: u32 = 3;
/// The payload is text.
pub const STR: u32 = 4;
/// The payload is one byte for each truth value.
pub const BOOL_ARRAY: u32 = 5;
/// The payload is one `i64` after the other.
pub const INT_ARRAY: u32 = 6;
/// The payload is one `f64` after the other.
pub const DOUBLE_ARRAY: u32 = 7;
/// The payload is, for each text, its length as `u32` and its bytes, unpadded.
pub const STR_ARRAY: u32 = 8;
/// Added to a tag if text was cut or elements were left out.
pub const CUT: u32 = 1 << 16;

/// Set in word 1 if the rest of it is an index among the Site's declared fields.
pub const DECLARED: u64 = 1 << 63;

/// How many bytes a word has; entries start and end at whole words.
pub const WORD_BYTES: usize = 8;

/// A scalar, kept inline where the span is.
///
/// ```
/// use otel_runtime::value::{Slot, layout};
///
/// let slot = Slot { tag: layout::INT, key: 3, bits: 42 };
/// assert!(!slot.is_empty());
/// assert!(Slot::EMPTY.is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Slot {
    /// What it holds; zero if nothing.
    pub tag: u32,
    /// The index of its key among the Site's declared fields.
    pub key: u32,
    /// The value: a `bool` as 0 or 1, an `i64`, or the bits of an `f64`.
    pub bits: u64,
}

/// Which attribute a value belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// A field the Site declares, by its index.
    Declared(u32),
    /// Any other, by its name.
    Named(&'a str),
}

impl Slot {
    /// Holds nothing.
    pub const EMPTY: Self = Self {
        tag: 0,
        key: 0,
        bits: 0,
    };

    /// True if nothing was stored.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tag == 0
    }

    /// The slot as an entry among bytes: three words.
    #[inline]
    #[must_use]
    pub const fn to_words(&self) -> [u64; 3] {
        [
            header(self.tag, WORD_BYTES as u32),
            DECLARED | self.key as u64,
            self.bits,
        ]
    }

    /// Appends the slot as an entry, unless it is empty.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        if !self.is_empty() {
            append(bytes, self.to_words());
        }
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Word 0 of an entry.
#[inline]
#[must_use]
pub const fn header(tag: u32, payload_bytes: u32) -> u64 {
    tag as u64 | (payload_bytes as u64) << 32
}

/// How many bytes follow `len` bytes up to a whole word.
#[inline]
#[must_use]
pub const fn padding(len: usize) -> usize {
    len.wrapping_neg() & (WORD_BYTES - 1)
}

/// Appends everything of an entry that stands before its payload; returns where it begins.
pub(super) fn open(bytes: &mut Vec<u8>, key: Key<'_>, tag: u32) -> usize {
    let entry = bytes.len();
    match key {
        Key::Declared(index) => append(bytes, [header(tag, 0), DECLARED | u64::from(index)]),
        Key::Named(name) => {
            append(bytes, [header(tag, 0), name.len() as u64]);
            bytes.extend_from_slice(name.as_bytes());
            pad(bytes, name.len());
        }
    }
    entry
}

/// Completes the entry at `entry`, whose payload begins at `payload` and ends with the bytes.
pub(super) fn close(bytes: &mut Vec<u8>, entry: usize, payload: usize, tag: u32) {
    let payload_bytes = bytes.len() - payload;
    let length = u32::try_from(payload_bytes).unwrap_or(0);
    if length as usize != payload_bytes {
        bytes.truncate(payload); // 4 GiB in one value: leave an empty one
    }
    bytes[entry..entry + WORD_BYTES].copy_from_slice(&header(tag, length).to_le_bytes());
    pad(bytes, length as usize);
}

/// Appends a text as an entry.
#[inline]
pub(super) fn text(bytes: &mut Vec<u8>, key: Key<'_>, tag: u32, text: &str) {
    if let (Key::Declared(index), Ok(length)) = (key, u32::try_from(text.len())) {
        append(bytes, [header(tag, length), DECLARED | u64::from(index)]);
        bytes.extend_from_slice(text.as_bytes());
        return pad(bytes, text.len());
    }
    let entry = open(bytes, key, tag);
    let payload = bytes.len();
    bytes.extend_from_slice(text.as_bytes());
    close(bytes, entry, payload, tag);
}

/// Appends a scalar as an entry.
pub(super) fn scalar(bytes: &mut Vec<u8>, key: Key<'_>, tag: u32, bits: u64) {
    if let Key::Declared(key) = key {
        return append(bytes, Slot { tag, key, bits }.to_words());
    }
    let entry = open(bytes, key, tag);
    let payload = bytes.len();
    append(bytes, [bits]);
    close(bytes, entry, payload, tag);
}

/// Appends words, all at once.
#[inline(always)]
fn append<const N: usize>(bytes: &mut Vec<u8>, words: [u64; N]) {
    bytes.extend_from_slice(words.map(u64::to_le_bytes).as_flattened());
}

/// Zeroes up to a whole word: a word of them, cut. How many are needed is not known, and copying so
/// many would be a call.
#[inline(always)]
fn pad(bytes: &mut Vec<u8>, len: usize) {
    let end = bytes.len() + padding(len);
    append(bytes, [0]);
    bytes.truncate(end);
}
