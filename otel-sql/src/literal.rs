//! Where a value in quotes ends. `None`: nowhere.

/// The end of what begins with a quote at `start`: at the same quote, unless that is doubled, or
/// escaped by `\` if that `escapes`.
pub(crate) fn end_of_quoted(bytes: &[u8], start: usize, escapes: bool) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if escapes => at += 2,
            byte if byte == quote => {
                if bytes.get(at + 1) != Some(&quote) {
                    return Some(at + 1);
                }
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// The end of `$tag$..$tag$`, whose tag with its dollars has so many bytes.
pub(crate) fn end_of_dollar_quoted(bytes: &[u8], start: usize, tag: usize) -> Option<usize> {
    let inside = start + tag;
    let tag = &bytes[start..inside];
    let mut at = inside;
    loop {
        // Each dollar is looked at once: a tag has none but its first and last byte.
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'$')?;
        if bytes[at..].starts_with(tag) {
            return Some(at + tag.len());
        }
        at += 1;
    }
}

/// The end of the `'[..]'` of Oracle's `q'[..]'`, whose first quote is at `start`.
pub(crate) fn end_of_oracle_quoted(bytes: &[u8], start: usize) -> Option<usize> {
    let close = match *bytes.get(start + 1)? {
        b'[' => b']',
        b'{' => b'}',
        b'(' => b')',
        b'<' => b'>',
        other => other,
    };
    let end = bytes
        .get(start + 2..)?
        .windows(2)
        .position(|pair| pair == [close, b'\''])?;
    Some(start + 2 + end + 2)
}

/// True for what, right before a quote, is part of the value: `E'..'`, `x'..'`, `_utf8'..'`.
pub(crate) fn is_prefix(word: &[u8]) -> bool {
    let one = |letter: &u8| b"ebxnrq".contains(&letter.to_ascii_lowercase());
    match word {
        [letter] => one(letter),
        [b'_', ..] => true,
        word => word.eq_ignore_ascii_case(b"nq"),
    }
}

/// True for `q` and `nq`.
pub(crate) fn is_quoting_prefix(word: &[u8]) -> bool {
    word.eq_ignore_ascii_case(b"q") || word.eq_ignore_ascii_case(b"nq")
}
