//! Reading values back, on the collector's thread.
//!
//! Input is untrusted: a wrong length, tag, key or text ends the iteration.

use super::layout::{self, Key, WORD_BYTES};

/// The entries of a byte sequence, in the order in which they were written.
///
/// ```
/// use otel_runtime::value::{Capture, Decoded, Key, Sink, Values};
///
/// let mut bytes = Vec::new();
/// 7_u8.capture(&mut Sink::appending(Key::Named("seats"), &mut bytes, 128));
///
/// let entry = Values::new(&bytes).next().unwrap();
/// assert_eq!(entry.key, Key::Named("seats"));
/// assert_eq!(entry.value, Decoded::Int(7));
/// ```
#[derive(Clone, Debug)]
pub struct Values<'a> {
    rest: &'a [u8],
}

/// One value and its key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry<'a> {
    /// Which attribute it belongs to. A declared index is as it was read: look it up with `get`.
    pub key: Key<'a>,
    /// The value.
    pub value: Decoded<'a>,
    /// True if text was cut or elements were left out.
    pub is_cut: bool,
}

/// A value, borrowed from the bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decoded<'a> {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Str(&'a str),
    /// Truth values: iterating gives [`Decoded::Bool`].
    Bools(Elements<'a>),
    /// Whole numbers: iterating gives [`Decoded::Int`].
    Ints(Elements<'a>),
    /// Floating-point numbers: iterating gives [`Decoded::Double`].
    Doubles(Elements<'a>),
    /// Texts: iterating gives [`Decoded::Str`].
    Strs(Elements<'a>),
}

/// The elements of an array, one by one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elements<'a> {
    tag: u32,
    rest: &'a [u8],
}

impl<'a> Values<'a> {
    /// The entries of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read; empty at the end unless the bytes were malformed.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline(always)]
    fn entry(&mut self) -> Option<Entry<'a>> {
        let mut rest = self.rest;
        let header = u64::from_le_bytes(take_array(&mut rest)?);
        let number = layout::key_of(header);
        let key = if header & layout::DECLARED != 0 {
            Key::Declared(number)
        } else {
            Key::Named(take_padded(&mut rest, u64::from(number))?.text()?)
        };
        let payload = take_padded(&mut rest, header >> 32)?;
        let tag = header as u32;
        let value = value(tag & layout::KIND, payload)?;
        self.rest = rest;
        Some(Entry {
            key,
            value,
            is_cut: tag & layout::CUT != 0,
        })
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Entry<'a>;

    /// Inlined, so that an entry need not go through memory to whoever takes it apart.
    #[inline(always)]
    fn next(&mut self) -> Option<Entry<'a>> {
        self.entry()
    }
}

impl Elements<'_> {
    /// Where they lie, as long as none was taken.
    pub(crate) fn address(&self) -> usize {
        self.rest.as_ptr().addr()
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Decoded<'a>;

    fn next(&mut self) -> Option<Decoded<'a>> {
        let rest = &mut self.rest;
        Some(match self.tag {
            layout::BOOL_ARRAY => Decoded::Bool(take_array::<1>(rest)? != [0]),
            layout::INT_ARRAY => Decoded::Int(i64::from_le_bytes(take_array(rest)?)),
            layout::DOUBLE_ARRAY => Decoded::Double(f64::from_le_bytes(take_array(rest)?)),
            _ => Decoded::Str(take_text(rest)?),
        })
    }
}

#[inline]
fn value(tag: u32, padded: Padded<'_>) -> Option<Decoded<'_>> {
    if tag == layout::STR {
        return Some(Decoded::Str(padded.text()?));
    }
    let payload = padded.payload();
    let word = || Some(u64::from_le_bytes(payload.try_into().ok()?));
    let elements = Elements { tag, rest: payload };
    Some(match tag {
        layout::BOOL => Decoded::Bool(word()? != 0),
        layout::INT => Decoded::Int(word()?.cast_signed()),
        layout::DOUBLE => Decoded::Double(f64::from_bits(word()?)),
        layout::BOOL_ARRAY => Decoded::Bools(elements),
        layout::INT_ARRAY if payload.len().is_multiple_of(WORD_BYTES) => Decoded::Ints(elements),
        layout::DOUBLE_ARRAY if payload.len().is_multiple_of(WORD_BYTES) => {
            Decoded::Doubles(elements)
        }
        layout::STR_ARRAY => {
            let mut texts = payload;
            while !texts.is_empty() {
                take_text(&mut texts)?;
            }
            Decoded::Strs(elements)
        }
        _ => return None,
    })
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let mut after = *rest;
    let length = u32::from_le_bytes(take_array(&mut after)?);
    let text = take(&mut after, length as usize)?;
    *rest = after;
    std::str::from_utf8(text).ok()
}

/// Bytes, and what follows them up to a whole word.
#[derive(Clone, Copy)]
struct Padded<'a> {
    words: &'a [u8],
    len: usize,
}

impl<'a> Padded<'a> {
    #[inline]
    fn payload(self) -> &'a [u8] {
        &self.words[..self.len]
    }

    /// Almost all text is ASCII, which whole words tell quickly.
    #[inline]
    #[allow(unsafe_code)]
    fn text(self) -> Option<&'a str> {
        const BEYOND_ASCII: u64 = 0x8080_8080_8080_8080;
        let (words, _) = self.words.as_chunks::<WORD_BYTES>();
        let bits = words
            .iter()
            .fold(0, |bits, word| bits | u64::from_ne_bytes(*word));
        if bits & BEYOND_ASCII == 0 {
            // SAFETY: all bytes are ASCII, which is UTF-8: the words cover them, for there are
            // whole words only.
            return Some(unsafe { std::str::from_utf8_unchecked(self.payload()) });
        }
        std::str::from_utf8(self.payload()).ok()
    }
}

#[inline]
fn take_padded<'a>(rest: &mut &'a [u8], len: u64) -> Option<Padded<'a>> {
    let len = usize::try_from(len).ok()?;
    let whole = len.checked_add(layout::padding(len))?;
    let words = take(rest, whole)?;
    Some(Padded { words, len })
}

fn take_array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(len)?;
    *rest = after;
    Some(taken)
}
