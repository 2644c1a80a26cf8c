//! How a value lies in memory: inline in a [`Slot`], or as an entry among bytes.
//!
//! An entry is a sequence of 8-byte little-endian words:
//!
//! ```text
//! word 0   tag (4 bits) | CUT | DECLARED | key (26 bits) | payload length in bytes (32 bits)
//!          the name, if the key is not declared, padded to a whole word
//!          the payload, padded to a whole word
//! ```
//!
//! The key is an index among the Site's fields if it is declared, else the length of the name. A
//! name is copied: reading an entry then needs no pointer, and garbage stays harmless.

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
pub const CUT: u32 = 1 << 4;

/// In word 0: the key is an index among the Site's declared fields.
pub const DECLARED: u64 = 1 << 5;

/// The bits of a tag that say what the payload is.
pub(super) const KIND: u32 = CUT - 1;
/// Where the key stands in word 0, and how many bits it has.
const KEY_SHIFT: u32 = 6;
const KEY_BITS: u32 = 26;

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

    /// The slot as an entry among bytes: two words.
    #[inline]
    #[must_use]
    pub const fn to_words(&self) -> [u64; 2] {
        let key = Key::Declared(self.key);
        [header(self.tag, &key, WORD_BYTES as u32), self.bits]
    }

    /// Appends the slot as an entry, unless it is empty.
    pub fn append_to(&self, bytes: &mut Vec<u8>) {
        if !self.is_empty() {
            for word in self.to_words() {
                bytes.extend_from_slice(&word.to_le_bytes());
            }
        }
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<'a> Key<'a> {
    /// What stands for it in word 0.
    const fn bits(&self) -> u64 {
        const MASK: u64 = (1 << KEY_BITS) - 1;
        match self {
            Self::Declared(index) => DECLARED | (*index as u64 & MASK) << KEY_SHIFT,
            Self::Named(name) => (name.len() as u64 & MASK) << KEY_SHIFT,
        }
    }

    /// The same, with a name that word 0 can tell the length of; beyond that no record has room.
    #[inline]
    pub(super) fn fitting(self) -> Self {
        const LONGEST: usize = (1 << KEY_BITS) - 1;
        match self {
            Self::Named(name) if name.len() > LONGEST => {
                Self::Named(&name[..name.floor_char_boundary(LONGEST)])
            }
            fits => fits,
        }
    }

    /// The name that is copied; empty if the key is declared.
    #[inline]
    pub(super) const fn name(self) -> &'a str {
        match self {
            Self::Declared(_) => "",
            Self::Named(name) => name,
        }
    }
}

/// Word 0 of an entry.
#[inline]
#[must_use]
pub const fn header(tag: u32, key: &Key<'_>, payload_bytes: u32) -> u64 {
    tag as u64 | key.bits() | (payload_bytes as u64) << 32
}

/// The key in word 0, as a number.
#[inline]
pub(super) const fn key_of(header: u64) -> u32 {
    (header as u32) >> KEY_SHIFT
}

/// How many bytes follow `len` bytes up to a whole word.
#[inline]
#[must_use]
pub const fn padding(len: usize) -> usize {
    len.wrapping_neg() & (WORD_BYTES - 1)
}
