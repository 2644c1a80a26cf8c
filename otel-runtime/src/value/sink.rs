//! Where a value is written to, on the caller's thread.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::bounded::{Bounded, cut};
use super::layout::{self, Key, Slot};

/// Stands for text whose `Display` or `Debug` implementation panicked.
const PANICKED: &str = "<panicked while being formatted>";

/// No array keeps more elements than this.
const MAX_ELEMENTS: usize = 1024;

/// Takes one value of one field.
///
/// A scalar goes to an inline slot, anything else to the thread's bytes.
/// Text longer than the limit is cut at a character and marked as cut. Nothing
/// here panics, and nothing allocates once the bytes have grown to what the
/// thread's spans need.
///
/// ```
/// use otel_runtime::value::{Capture, Sink};
///
/// struct OrderId(u64);
///
/// impl Capture for OrderId {
///     fn capture(&self, sink: &mut Sink<'_>) {
///         sink.display(format_args!("order-{}", self.0));
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Sink<'a> {
    key: Key<'a>,
    slot: Option<&'a mut Slot>,
    bytes: &'a mut Vec<u8>,
    /// Gives the buffer to use once one is needed.
    lend: fn() -> Vec<u8>,
    limit_chars: usize,
}

impl<'a> Sink<'a> {
    /// Takes the value of the declared field `index`: a scalar into `slot`, anything else to the
    /// end of `bytes`, text up to `limit_chars`.
    #[inline]
    pub fn new(index: u32, slot: &'a mut Slot, bytes: &'a mut Vec<u8>, limit_chars: usize) -> Self {
        Self::lending(index, slot, bytes, Vec::new, limit_chars)
    }

    /// As [`new`](Self::new), but a `bytes` without capacity is replaced by the buffer that
    /// `lend` gives as soon as a value needs one; a scalar does not.
    #[inline]
    pub fn lending(
        index: u32,
        slot: &'a mut Slot,
        bytes: &'a mut Vec<u8>,
        lend: fn() -> Vec<u8>,
        limit_chars: usize,
    ) -> Self {
        Self {
            key: Key::Declared(index),
            slot: Some(slot),
            bytes,
            lend,
            limit_chars,
        }
    }

    /// Takes a value for which no slot is kept: everything goes to the end of `bytes`.
    #[inline]
    pub fn appending(key: Key<'a>, bytes: &'a mut Vec<u8>, limit_chars: usize) -> Self {
        Self {
            key,
            slot: None,
            bytes,
            lend: Vec::new,
            limit_chars,
        }
    }

    /// Takes a truth value.
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.scalar(layout::BOOL, u64::from(value));
    }

    /// Takes a whole number.
    #[inline]
    pub fn int(&mut self, value: i64) {
        self.scalar(layout::INT, value.cast_unsigned());
    }

    /// Takes a floating-point number.
    #[inline]
    pub fn double(&mut self, value: f64) {
        self.scalar(layout::DOUBLE, value.to_bits());
    }

    /// Takes text.
    pub fn str(&mut self, value: &str) {
        let kept = cut(value, self.limit_chars);
        let tag = layout::STR | cut_flag(kept.len() != value.len());
        self.borrow();
        layout::text(self.bytes, self.key, tag, kept);
    }

    /// Takes texts, one behind the other, as one; cheaper than formatting them.
    pub fn joined(&mut self, parts: &[&str]) {
        let entry = self.open(layout::STR);
        let payload = self.bytes.len();
        let mut room_chars = self.limit_chars;
        let mut is_cut = false;
        // A character has one byte at least.
        let fits = parts.iter().map(|part| part.len()).sum::<usize>() <= room_chars;
        for part in parts {
            let kept = if fits { part } else { cut(part, room_chars) };
            self.bytes.extend_from_slice(kept.as_bytes());
            if !fits {
                room_chars -= kept.chars().count();
                is_cut |= kept.len() != part.len();
            }
        }
        layout::close(self.bytes, entry, payload, layout::STR | cut_flag(is_cut));
    }

    /// Takes text as `{}` formats it; formatting stops at the limit, and a panic in it is caught.
    pub fn display(&mut self, value: impl fmt::Display) {
        self.format(format_args!("{value}"));
    }

    /// Takes text as `{:?}` formats it; formatting stops at the limit, and a panic in it is caught.
    pub fn debug(&mut self, value: impl fmt::Debug) {
        self.format(format_args!("{value:?}"));
    }

    /// Takes formatted text; formatting stops at the limit, and a panic in it is caught.
    pub fn format(&mut self, text: fmt::Arguments<'_>) {
        let entry = self.open(layout::STR);
        let payload = self.bytes.len();
        let mut writer = Bounded::new(self.bytes, self.limit_chars);
        // An error is either the limit's, which is what we want, or the user's, and then what
        // was written before it is all there is.
        let panic = catch_unwind(AssertUnwindSafe(|| {
            let _ = fmt::write(&mut writer, text);
        }));
        let mut is_cut = writer.is_cut();
        if let Err(cause) = panic {
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(cause))) {
                std::mem::forget(again);
            }
            self.bytes.truncate(payload);
            self.bytes.extend_from_slice(PANICKED.as_bytes());
            is_cut = false;
        }
        layout::close(self.bytes, entry, payload, layout::STR | cut_flag(is_cut));
    }

    /// Takes an array of truth values.
    pub fn bools(&mut self, values: impl IntoIterator<Item = bool>) {
        self.elements(layout::BOOL_ARRAY, values, |bytes, value| {
            bytes.push(u8::from(value));
            false
        });
    }

    /// Takes an array of whole numbers.
    pub fn ints(&mut self, values: impl IntoIterator<Item = i64>) {
        self.elements(layout::INT_ARRAY, values, |bytes, value| {
            bytes.extend_from_slice(&value.to_le_bytes());
            false
        });
    }

    /// Takes an array of floating-point numbers.
    pub fn doubles(&mut self, values: impl IntoIterator<Item = f64>) {
        self.elements(layout::DOUBLE_ARRAY, values, |bytes, value| {
            bytes.extend_from_slice(&value.to_le_bytes());
            false
        });
    }

    /// Takes an array of texts, each cut at the limit.
    pub fn strs<S: AsRef<str>>(&mut self, values: impl IntoIterator<Item = S>) {
        let limit_chars = self.limit_chars.min(u32::MAX as usize);
        self.elements(layout::STR_ARRAY, values, |bytes, value| {
            let value = value.as_ref();
            let kept = cut(value, limit_chars);
            bytes.extend_from_slice(&(kept.len() as u32).to_le_bytes());
            bytes.extend_from_slice(kept.as_bytes());
            kept.len() != value.len()
        });
    }

    fn open(&mut self, tag: u32) -> usize {
        self.borrow();
        layout::open(self.bytes, self.key, tag)
    }

    /// Makes sure that there is a buffer.
    #[inline(always)]
    fn borrow(&mut self) {
        if self.bytes.capacity() == 0 {
            *self.bytes = (self.lend)();
        }
    }

    #[inline]
    fn scalar(&mut self, tag: u32, bits: u64) {
        match (&mut self.slot, self.key) {
            (Some(slot), Key::Declared(key)) => **slot = Slot { tag, key, bits },
            _ => self.append_scalar(tag, bits),
        }
    }

    #[cold]
    fn append_scalar(&mut self, tag: u32, bits: u64) {
        self.borrow();
        layout::scalar(self.bytes, self.key, tag, bits);
    }

    /// `append` says whether it left something of the element out.
    fn elements<T>(
        &mut self,
        tag: u32,
        values: impl IntoIterator<Item = T>,
        mut append: impl FnMut(&mut Vec<u8>, T) -> bool,
    ) {
        let entry = self.open(tag);
        let payload = self.bytes.len();
        let mut values = values.into_iter();
        let mut is_cut = false;
        for value in values.by_ref().take(MAX_ELEMENTS) {
            is_cut |= append(self.bytes, value);
        }
        let tag = tag | cut_flag(is_cut || values.next().is_some());
        layout::close(self.bytes, entry, payload, tag);
    }
}

const fn cut_flag(is_cut: bool) -> u32 {
    if is_cut { layout::CUT } else { 0 }
}
