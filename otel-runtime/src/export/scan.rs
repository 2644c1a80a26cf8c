//! Finds what may not stand in a text as it is, eight bytes at a time.
//!
//! Most texts have nothing of the kind, and are copied in one piece.

/// Where the next byte is, at `from` or behind it, that is a control character, a quotation mark, a
/// backslash, or the beginning of a character that may have to be escaped; the text's length if
/// there is none.
#[inline]
pub(super) fn next_odd(text: &[u8], mut from: usize) -> usize {
    while let Some(word) = text.get(from..from + 8) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(word);
        let word = u64::from_le_bytes(bytes);
        let odd = below_space(word)
            | is_byte(word, b'"')
            | is_byte(word, b'\\')
            | is_byte(word, 0x7f)
            | is_byte(word, LEADS_C1)
            | is_byte(word, LEADS_FORMAT);
        if odd != 0 {
            return from + (odd.trailing_zeros() / 8) as usize;
        }
        from += 8;
    }
    let rest = text.get(from..).unwrap_or_default();
    let found = rest.iter().position(|byte| is_odd(*byte));
    found.map_or(text.len(), |index| from + index)
}

/// The first byte of U+0080 to U+00BF, of which the first half are control characters.
const LEADS_C1: u8 = 0xc2;
/// The first byte of U+2000 to U+2FFF, among which are what breaks lines and turns directions.
const LEADS_FORMAT: u8 = 0xe2;

const fn is_odd(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'"' | b'\\' | 0x7f | LEADS_C1 | LEADS_FORMAT)
}

const ONES: u64 = u64::MAX / 0xff;
const HIGH_BITS: u64 = ONES * 0x80;

/// The highest bit of the first byte that is below the space; what is above it may be wrong.
const fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * b' ' as u64) & !word & HIGH_BITS
}

/// The highest bit of the first byte that is this one; what is above it may be wrong.
const fn is_byte(word: u64, byte: u8) -> u64 {
    let zero_where_it_is = word ^ (ONES * byte as u64);
    zero_where_it_is.wrapping_sub(ONES) & !zero_where_it_is & HIGH_BITS
}

/// A character that begins at an odd byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) char: char,
    /// It moves the cursor, changes colours, breaks the line, or turns the direction of others.
    pub(super) is_harmful: bool,
}

/// The character of `text` that begins at `index`, where [`next_odd`] has found something.
#[inline]
pub(super) fn odd_at(text: &str, index: usize) -> Option<Odd> {
    let char = text.get(index..)?.chars().next()?;
    Some(Odd {
        char,
        is_harmful: is_harmful(char),
    })
}

pub(super) fn is_harmful(char: char) -> bool {
    char.is_control() || matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_odd_is_found_wherever_it_stands(text in any::<Vec<u8>>(), from in 0usize..20) {
            let from = from.min(text.len());
            let expected = text[from..].iter().position(|byte| is_odd(*byte));
            let expected = expected.map_or(text.len(), |index| from + index);
            prop_assert_eq!(next_odd(&text, from), expected);
        }

        #[test]
        fn every_harmful_character_begins_at_an_odd_byte(char in any::<char>()) {
            let text = char.to_string();
            prop_assert!(!is_harmful(char) || next_odd(text.as_bytes(), 0) == 0);
        }
    }

    #[test]
    fn every_byte_is_told_from_its_neighbours() {
        for byte in 0..=u8::MAX {
            for place in 0..9 {
                let mut text = [b'a'; 9];
                text[place] = byte;
                let expected = if is_odd(byte) { place } else { 9 };
                assert_eq!(next_odd(&text, 0), expected, "{byte} at {place}");
            }
        }
    }
}
