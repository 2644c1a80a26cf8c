//! A look at a text before it is searched: most hold nothing that any rule could be about.
//!
//! It is one look at each byte by a table, and a few at what has a meaning. It may find a text worth
//! a search that holds nothing, and never the other way round: what the search finds begins with
//! signs or words that are looked for here.

use std::ops::Range;

use super::names::Names;
use super::pattern::Pattern;
use super::text::{self, WORD, looks};
use super::{token, url};

/// Signs, several for each byte.
type Signs = u8;
/// Before it stands a user, of a URL or of an address.
const AT: Signs = 1;
/// Between a name and its value.
const JOINT: Signs = 2;
/// What introduces a token has it: `Bearer`, `Basic`, `BEGIN`.
const B: Signs = 4;
const DIGIT: Signs = 8;
const PERCENT: Signs = 16;

const SIGNS: [Signs; 256] = {
    let mut signs = [0; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        signs[digit as usize] = DIGIT;
        digit += 1;
    }
    signs[b'@' as usize] = AT;
    signs[b'=' as usize] = JOINT;
    signs[b':' as usize] = JOINT;
    signs[b'\'' as usize] = JOINT;
    signs[b'%' as usize] = JOINT | PERCENT;
    signs[b'b' as usize] = B;
    signs[b'B' as usize] = B;
    signs
};

/// So many bytes are looked at together.
const BLOCK: usize = 8;

/// What makes a text worth a search, by the rules there are.
#[derive(Debug)]
pub(super) struct Screen {
    /// One of these is enough.
    alarming: Signs,
    looks_for_tokens: bool,
}

impl Screen {
    pub(super) fn new(names: &Names) -> Self {
        let alarms = [
            (Pattern::Userinfo, AT),
            (Pattern::Email, AT | PERCENT),
            (Pattern::Card, DIGIT),
            (Pattern::Ip, DIGIT),
        ];
        let rules = names.rules();
        let alarms = alarms.into_iter().filter(|(it, _)| rules.of(*it).is_some());
        Self {
            alarming: alarms.fold(0, |all, (_, signs)| all | signs),
            looks_for_tokens: rules.of(Pattern::Token).is_some(),
        }
    }

    /// False only if the search would find nothing.
    #[inline]
    pub(super) fn may_hold(&self, text: &str, names: &Names) -> bool {
        let bytes = text.as_bytes();
        looks(bytes.len() + BLOCK);
        let Some(last) = bytes.last_chunk::<BLOCK>() else {
            return self.is_alarmed(signs(bytes), bytes, 0..bytes.len(), names);
        };
        let (blocks, _) = bytes.as_chunks::<BLOCK>();
        let mut place = 0;
        for block in blocks {
            if self.is_alarmed(signs(block), bytes, place..place + BLOCK, names) {
                return true;
            }
            place += BLOCK;
        }
        // The last block may lie on the one before: what is seen twice is seen.
        self.is_alarmed(signs(last), bytes, bytes.len() - BLOCK..bytes.len(), names)
            || self.looks_for_tokens && bytes.len() >= token::LEAST && has_long_word(bytes)
    }

    /// True if the signs that the block has are enough to search the text.
    #[inline]
    fn is_alarmed(&self, seen: Signs, bytes: &[u8], block: Range<usize>, names: &Names) -> bool {
        seen & self.alarming != 0
            || seen & (JOINT | B) != 0 && self.has_beginning(bytes, block, names)
    }

    /// True if in the block a value may follow its name, or what introduces a token begins.
    #[inline(never)]
    fn has_beginning(&self, bytes: &[u8], mut block: Range<usize>, names: &Names) -> bool {
        looks(block.len());
        block.any(|at| match bytes[at] {
            b'b' | b'B' => self.looks_for_tokens && introduces(&bytes[at..]),
            b':' if is_hidden_user(&bytes[at..]) => true,
            b'=' | b':' | b'\'' | b'%' => may_end_name(&bytes[..at], names),
            _ => false,
        })
    }
}

#[inline(always)]
fn signs(bytes: &[u8]) -> Signs {
    let signs = bytes.iter().map(|byte| SIGNS[usize::from(*byte)]);
    signs.fold(0, |all, signs| all | signs)
}

/// True if the name of a rule may end here, before a sign that joins it to its value.
fn may_end_name(bytes: &[u8], names: &Names) -> bool {
    /// What stands between a name and the sign is shorter.
    const FEW: usize = 8;
    let is_between = |byte: &u8| matches!(byte, b' ' | b'"' | b'\'' | b'\\' | b'_' | b'-');
    let between = bytes.iter().rev().take(FEW).take_while(|it| is_between(it));
    let between = between.count();
    looks(between + 3);
    if between == FEW {
        return true;
    }
    match bytes[..bytes.len() - between] {
        [.., before, last] => names.may_end_in(before, last),
        _ => false,
    }
}

/// True if here begins what introduces a token, with the space behind it.
fn introduces(bytes: &[u8]) -> bool {
    const INTRODUCTIONS: [&[u8]; 3] = [b"bearer ", b"basic ", b"BEGIN "];
    let begins_with = |word: &&[u8]| {
        let begin = bytes.get(..word.len());
        looks(word.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    matches!(bytes, [_, b'e' | b'E' | b'a' | b'A', ..]) && INTRODUCTIONS.iter().any(begins_with)
}

/// Behind it the search goes on in the middle of a word.
fn is_hidden_user(bytes: &[u8]) -> bool {
    let behind = bytes.strip_prefix(b"://");
    behind.is_some_and(|behind| behind.starts_with(url::HIDDEN.as_bytes()))
}

/// True if there is a word as long as a token, which begins as one, or stands behind a dot as the
/// rest of one.
///
/// Where a word ends early, those are passed that would have had to begin in it.
fn has_long_word(bytes: &[u8]) -> bool {
    let is_word = |byte: u8| text::is(byte, WORD);
    // Where a word begins, if there is one.
    let mut start = 0;
    while let Some(word) = bytes.get(start..start + token::LEAST) {
        let tail = word.iter().rev().take_while(|byte| is_word(**byte)).count();
        looks(tail + 1);
        if tail < word.len() {
            start += word.len() - tail;
            continue;
        }
        if token::may_begin(word[0]) || start > 0 && bytes[start - 1] == b'.' {
            return true;
        }
        let rest = &bytes[start + word.len()..];
        let rest = rest.iter().take_while(|byte| is_word(**byte)).count();
        looks(rest + 1);
        start += word.len() + rest + 1;
    }
    false
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::Redaction;
    use super::*;

    #[test]
    fn what_a_service_says_is_not_searched() {
        let names = Names::new(Redaction::credentials());
        let screen = Screen::new(&names);
        for text in [
            "",
            "GET",
            "/api/v1/orders/81723/items",
            "/api/v1/orders/550e8400-e29b-41d4-a716-446655440000",
            "page=2&limit=20",
            "http",
            "shop.example.com",
            "10.1.2.3",
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "SELECT id, name FROM users WHERE tenant = $1",
            "connection reset by peer (os error 104)",
        ] {
            assert!(!screen.may_hold(text, &names), "{text}");
        }
    }

    #[test]
    fn long_words_are_found_wherever_they_are() {
        let long = "s".repeat(token::LEAST);
        for before in [
            "",
            "/",
            "a/",
            "abcdefghijklmno/",
            "abcdefghijklmnopq/",
            "://",
        ] {
            for behind in ["", ".", "abc", "/abcdefgh"] {
                let text = format!("{before}{long}{behind}");
                assert!(has_long_word(text.as_bytes()), "{text}");
                let text = format!("{before}{}", &long[1..]);
                assert!(!has_long_word(text.as_bytes()), "{text}");
            }
        }
        assert!(has_long_word(b"SG.0123456789abcdef"));
        assert!(!has_long_word(b"SG/0123456789abcdef"));
    }
}
