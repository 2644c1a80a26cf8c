//! Texts that cannot move the cursor, change colours, or turn the direction of others.

use super::scan::{next_odd, odd_at};

/// Appends a text, with what would do harm escaped.
pub(super) fn put_harmless(out: &mut Vec<u8>, text: &str) {
    let mut from = 0;
    let mut index = next_odd(text.as_bytes(), 0);
    while let Some(odd) = odd_at(text, index) {
        let next = index + odd.char.len_utf8();
        if odd.is_harmful {
            out.extend_from_slice(&text.as_bytes()[from..index]);
            out.extend(odd.char.escape_default().map(|char| char as u8));
            from = next;
        }
        index = next_odd(text.as_bytes(), next);
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
}
