//! A text that is searched: bytes, their classes, and runs of them.
//!
//! Everything that looks at a byte does so here, so that a test can count how often it happens.

use std::ops::Range;

/// Classes of bytes, several for each.
pub(super) type Class = u16;
/// What names, identifiers and most tokens consist of.
pub(super) const WORD: Class = 1;
pub(super) const DIGIT: Class = 2;
/// Hexadecimal digits and what IPv6 puts between them.
pub(super) const HEX: Class = 4;
/// Letters and digits, and bytes of letters beyond ASCII.
pub(super) const ALNUM: Class = 8;
/// What stands before the `@` of an address.
pub(super) const LOCAL: Class = 16;
/// What ends a value that is not in quotes.
pub(super) const STOP: Class = 32;
/// What ends the authority of a URL.
pub(super) const AUTHORITY_END: Class = 64;
/// Base64, plain or for URLs, and the dots between its parts.
pub(super) const TOKEN68: Class = 128;
/// Signs that are no part of anything that is looked for.
pub(super) const PLAIN: Class = 256;

const CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        let is_alnum = b.is_ascii_alphanumeric();
        let mut class = 0;
        if is_alnum || b == b'_' || b == b'-' {
            class |= WORD;
        }
        if b.is_ascii_digit() {
            class |= DIGIT;
        }
        if b.is_ascii_hexdigit() || b == b':' || b == b'.' {
            class |= HEX;
        }
        if is_alnum || b >= 0x80 {
            class |= ALNUM;
        }
        if is_alnum || b >= 0x80 || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'') {
            class |= LOCAL;
        }
        if b <= b' ' || b == 0x7f || matches!(b, b'&' | b';' | b',' | b'"' | b'\'' | b'`') {
            class |= STOP;
        }
        if matches!(b, b'<' | b'>' | b'(' | b')' | b'{' | b'}' | b'|' | b'\\') {
            class |= STOP;
        }
        if b <= b' ' || matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>') {
            class |= AUTHORITY_END;
        }
        if is_alnum || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=') {
            class |= TOKEN68;
        }
        if class & WORD == 0 && b != b' ' && !matches!(b, b'.' | b':' | b'=' | b'@' | b'%' | b'[') {
            class |= PLAIN;
        }
        if matches!(b, b'"' | b'\'' | b'\\') {
            class &= !PLAIN;
        }
        classes[byte] = class;
        byte += 1;
    }
    classes
}

/// A text, from the end of what was found last: nothing before it is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    text: &'a str,
    floor: usize,
}

impl<'a> Text<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, floor: 0 }
    }

    /// What follows `floor` is searched as if nothing stood before it.
    pub(super) const fn after(self, floor: usize) -> Self {
        Self { floor, ..self }
    }

    pub(super) const fn floor(self) -> usize {
        self.floor
    }

    pub(super) const fn len(self) -> usize {
        self.text.len()
    }

    /// The byte here; `None` at the end.
    #[inline]
    pub(super) fn at(self, index: usize) -> Option<u8> {
        look();
        self.text.as_bytes().get(index).copied()
    }

    /// The byte before this place.
    #[inline]
    pub(super) fn before(self, index: usize) -> Option<u8> {
        if index > self.floor {
            self.at(index - 1)
        } else {
            None
        }
    }

    #[inline]
    pub(super) fn is(self, index: usize, class: Class) -> bool {
        self.at(index).is_some_and(|byte| is(byte, class))
    }

    #[inline]
    pub(super) fn is_before(self, index: usize, class: Class) -> bool {
        self.before(index).is_some_and(|byte| is(byte, class))
    }

    /// The first place from `index` on whose byte is not of the class.
    #[inline]
    pub(super) fn run(self, index: usize, class: Class) -> usize {
        self.run_up_to(index, self.len(), class)
    }

    /// As [`run`](Self::run), but not beyond `end`.
    #[inline]
    pub(super) fn run_up_to(self, index: usize, end: usize, class: Class) -> usize {
        self.passed(index, end, |byte| !is(byte, class))
    }

    /// The first place from `index` up to `end` that is the one looked for.
    #[inline]
    fn passed(self, index: usize, end: usize, is_end: impl Fn(u8) -> bool) -> usize {
        let end = end.min(self.len());
        let rest = self.text.as_bytes().get(index..end).unwrap_or_default();
        let passed = rest.iter().position(|byte| is_end(*byte));
        looks(passed.map_or(rest.len(), |passed| passed + 1));
        passed.map_or(end.max(index), |passed| index + passed)
    }

    /// Behind the spaces that stand here, a few at most.
    pub(super) fn run_of_spaces(self, index: usize) -> usize {
        const FEW: usize = 4;
        let mut index = index;
        let end = index + FEW;
        while index < end && self.at(index) == Some(b' ') {
            index += 1;
        }
        index
    }

    /// The first place from `index` on whose byte is of the class, or the end.
    pub(super) fn until(self, index: usize, class: Class) -> usize {
        self.passed(index, self.len(), |byte| is(byte, class))
    }

    /// The first place so that all before `index` are of the class, at most so many.
    pub(super) fn run_back(self, index: usize, class: Class, most: usize) -> usize {
        let least = index.saturating_sub(most).max(self.floor);
        let mut start = index;
        while start > least && self.is_before(start, class) {
            start -= 1;
        }
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        start
    }

    /// True if these bytes stand here.
    #[inline]
    pub(super) fn has(self, index: usize, bytes: &str) -> bool {
        looks(bytes.len());
        self.text.as_bytes()[index.min(self.len())..].starts_with(bytes.as_bytes())
    }

    /// Where these bytes stand next.
    pub(super) fn find(self, index: usize, bytes: &str) -> Option<usize> {
        let found = self.text.get(index..)?.find(bytes);
        looks(found.unwrap_or(self.len() - index) + bytes.len());
        Some(index + found?)
    }

    pub(super) fn slice(self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }
}

#[inline]
pub(super) const fn is(byte: u8, class: Class) -> bool {
    CLASSES[byte as usize] & class != 0
}

#[cfg(all(test, not(loom)))]
thread_local! {
    static LOOKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// How many bytes this thread has looked at.
#[cfg(all(test, not(loom)))]
pub(super) fn looks_so_far() -> u64 {
    LOOKS.get()
}

#[inline(always)]
fn look() {
    looks(1);
}

#[inline(always)]
pub(super) fn looks(_bytes: usize) {
    #[cfg(all(test, not(loom)))]
    LOOKS.set(LOOKS.get() + _bytes as u64);
}
