//! Entries, written to the end of the thread's bytes.
//!
//! Runs on the callers' threads. Names and texts are mostly a few words long: room is made once for
//! the whole entry, and words are stored one by one, where a call would take longer than the copy.

use std::ptr;

use super::layout::{self, Key, WORD_BYTES};

/// Up to this length a text is copied by words, and beyond it by a call.
const SHORT_BYTES: usize = 64;

/// An entry whose payload is not there yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    key: Key<'a>,
    /// Where word 0 is.
    head: usize,
    /// Where the payload begins.
    pub(super) payload: usize,
}

/// Where the next word goes.
#[derive(Clone, Copy)]
struct Room(*mut u8);

/// Appends an entry of one word.
#[inline]
pub(super) fn word(bytes: &mut Vec<u8>, key: Key<'_>, tag: u32, bits: u64) {
    let key = key.fitting();
    let name = key.name().as_bytes();
    let head = layout::header(tag, &key, WORD_BYTES as u32);
    let length = 2 * WORD_BYTES + padded(name.len());
    let room = Room::behind(bytes, length);
    // SAFETY: there is room for the head, the name and the word.
    let room = unsafe { room.put(head) };
    // SAFETY: as above.
    let room = unsafe { room.put_text(name) };
    // SAFETY: as above.
    unsafe { room.put(bits) };
    // SAFETY: that was all of it.
    unsafe { bytes.set_len(bytes.len() + length) };
}

/// Appends an entry of text.
#[inline]
pub(super) fn text(bytes: &mut Vec<u8>, key: Key<'_>, tag: u32, text: &str) {
    let key = key.fitting();
    let name = key.name().as_bytes();
    // 4 GiB in one value: an empty one stands for it.
    let (text, length) = u32::try_from(text.len()).map_or(("", 0), |length| (text, length));
    let head = layout::header(tag, &key, length);
    let length = WORD_BYTES + padded(name.len()) + padded(text.len());
    let room = Room::behind(bytes, length);
    // SAFETY: there is room for the head, the name and the text.
    let room = unsafe { room.put(head) };
    // SAFETY: as above.
    let room = unsafe { room.put_text(name) };
    // SAFETY: as above.
    unsafe { room.put_text(text.as_bytes()) };
    // SAFETY: that was all of it.
    unsafe { bytes.set_len(bytes.len() + length) };
}

/// Appends everything of an entry that stands before its payload.
#[inline]
pub(super) fn open<'a>(bytes: &mut Vec<u8>, key: Key<'a>) -> Open<'a> {
    let key = key.fitting();
    let name = key.name().as_bytes();
    let head = bytes.len();
    let payload = head + WORD_BYTES + padded(name.len());
    let room = Room::behind(bytes, payload - head);
    // SAFETY: there is room for the head and the name.
    let room = unsafe { room.put(0) };
    // SAFETY: as above.
    unsafe { room.put_text(name) };
    // SAFETY: that was all of it.
    unsafe { bytes.set_len(payload) };
    Open { key, head, payload }
}

/// Completes an entry, whose payload ends with the bytes.
#[inline]
pub(super) fn close(bytes: &mut Vec<u8>, open: Open<'_>, tag: u32) {
    let payload_bytes = bytes.len() - open.payload;
    let length = u32::try_from(payload_bytes).unwrap_or(0);
    if length as usize != payload_bytes {
        bytes.truncate(open.payload); // 4 GiB in one value: leave an empty one
    }
    let head = layout::header(tag, &open.key, length).to_le_bytes();
    bytes[open.head..open.head + WORD_BYTES].copy_from_slice(&head);
    // A whole word, of which only what is padding stays: a store instead of a call.
    let end = bytes.len() + layout::padding(length as usize);
    bytes.extend_from_slice(&[0; WORD_BYTES]);
    bytes.truncate(end);
}

const fn padded(len: usize) -> usize {
    len + layout::padding(len)
}

impl Room {
    /// Room for so many bytes behind those that are there.
    #[inline(always)]
    fn behind(bytes: &mut Vec<u8>, length: usize) -> Self {
        bytes.reserve(length);
        Self(bytes.spare_capacity_mut().as_mut_ptr().cast())
    }

    /// # Safety
    /// There is room for a word.
    #[inline(always)]
    unsafe fn put(self, word: u64) -> Self {
        // SAFETY: there is room, and any address will do.
        unsafe { self.0.cast::<u64>().write_unaligned(word.to_le()) };
        // SAFETY: at the most the end of the allocation.
        Self(unsafe { self.0.add(WORD_BYTES) })
    }

    /// # Safety
    /// There is room for the bytes, padded to whole words.
    #[inline(always)]
    unsafe fn put_text(mut self, text: &[u8]) -> Self {
        let (chunks, rest) = text.as_chunks::<WORD_BYTES>();
        if text.len() > SHORT_BYTES {
            let from = chunks.as_ptr().cast();
            // SAFETY: there is room, of which nobody else has a reference.
            unsafe { ptr::copy_nonoverlapping(from, self.0, size_of_val(chunks)) };
            // SAFETY: so many have been written.
            self.0 = unsafe { self.0.add(size_of_val(chunks)) };
        } else {
            for chunk in chunks {
                // SAFETY: the caller's promise.
                self = unsafe { self.put(u64::from_le_bytes(*chunk)) };
            }
        }
        if !rest.is_empty() {
            // SAFETY: the caller's promise: the rest takes a word.
            self = unsafe { self.put(last_word(text, rest)) };
        }
        self
    }
}

/// The last bytes of a text, fewer than a word, and zeroes behind them.
#[inline(always)]
fn last_word(text: &[u8], rest: &[u8]) -> u64 {
    if let Some(last) = text.last_chunk::<WORD_BYTES>() {
        // What stands before them goes out at the lower end.
        return u64::from_le_bytes(*last) >> (8 * (WORD_BYTES - rest.len()));
    }
    // Two loads that may overlap: then they agree.
    if let (Some(first), Some(last)) = (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4));
        return u64::from(u32::from_le_bytes(*first)) | last;
    }
    rest.iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Decoded, Values};

    #[test]
    fn names_and_texts_of_every_length_come_back_whole() {
        let all: String = ('a'..='z').cycle().take(3 * SHORT_BYTES).collect();
        for length in 0..all.len() {
            let (name, value) = all.split_at(length);
            let mut bytes = Vec::new();
            text(&mut bytes, Key::Named(name), layout::STR, value);
            word(&mut bytes, Key::Named(value), layout::INT, 7);
            text(&mut bytes, Key::Declared(3), layout::STR, name);
            assert_eq!(bytes.len() % WORD_BYTES, 0);
            let mut values = Values::new(&bytes);
            let found: Vec<_> = values.by_ref().map(|it| (it.key, it.value)).collect();
            let expected = [
                (Key::Named(name), Decoded::Str(value)),
                (Key::Named(value), Decoded::Int(7)),
                (Key::Declared(3), Decoded::Str(name)),
            ];
            assert_eq!(found, expected);
            assert!(values.rest().is_empty());
        }
    }

    #[test]
    fn what_stands_behind_a_text_is_zero() {
        for length in 1..WORD_BYTES {
            for before in ["", "12345678"] {
                let value = format!("{before}{}", &"abcdefg"[..length]);
                let mut bytes = Vec::new();
                text(&mut bytes, Key::Declared(0), layout::STR, &value);
                let end = WORD_BYTES + value.len();
                assert_eq!(&bytes[WORD_BYTES..end], value.as_bytes());
                assert!(bytes[end..].iter().all(|byte| *byte == 0));
            }
        }
    }
}
