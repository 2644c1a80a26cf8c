//! The one walk through a text: word by word, asking at each what it could be the beginning of.
//!
//! A word is a run of letters, digits, `_` and `-`. All but its length is decided by the word and
//! the sign behind it, so that most of a text is passed at the price of one look at each byte. What
//! is asked beyond that is bounded by a constant, or covers what is found: the time is linear.

use std::ops::Range;

use super::address::{email, ip};
use super::assignment;
use super::card;
use super::names::Names;
use super::pattern::{Pattern, Redact};
use super::text::{DIGIT, HEX, PLAIN, Text, WORD, is};
use super::{token, url};

/// Something that is not to be seen as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Where it is, at boundaries of characters.
    pub(super) range: Range<usize>,
    /// The pattern; `None` for a value found by its name.
    pub(super) pattern: Option<Pattern>,
    pub(super) redact: Redact,
}

/// What stands where something has been redacted is no longer.
const LONGEST_MARK: usize = 48;
/// How everything begins that stands for something else.
pub(super) const MARK: &str = "[redacted";

/// The first thing after the floor of the text.
pub(super) fn find(text: Text<'_>, names: &Names) -> Option<Finding> {
    let rules = names.rules();
    let found = |pattern: Pattern, range: Range<usize>| {
        rules.of(pattern).map(|redact| Finding {
            range,
            pattern: Some(pattern),
            redact,
        })
    };
    let finds = |pattern: Pattern| rules.of(pattern).is_some();
    let [tokens, urls, emails, cards, ips] = Pattern::ALL.map(finds);
    let by_name = !rules.names().is_empty();
    let looks_at_digits = cards || ips;
    let mut at = text.floor();
    loop {
        let end = text.run(at, WORD);
        let sign = text.at(end);
        let length = end - at;
        if !looks_at_digits
            && length < token::LEAST
            && sign
                .is_some_and(|sign| is(sign, PLAIN) || sign == b' ' && is_no_end(text, length, end))
        {
            at = end + 1;
            continue;
        }
        if tokens
            && (length >= token::LEAST || is_short(sign, length))
            && let Some(range) = token::find(text, at..end)
        {
            return found(Pattern::Token, range);
        }
        if cards
            && length > 0
            && let Some(range) = card::find(text, at..end)
        {
            return found(Pattern::Card, range);
        }
        if ips
            && (sign == Some(b'.') && length <= 3 && text.is(at, DIGIT)
                || sign == Some(b':') && length <= 4 && text.is(at, HEX))
            && let Some(range) = ip::find(text, at)
        {
            return found(Pattern::Ip, range);
        }
        let sign = sign?;
        match sign {
            b'[' if text.has(end, MARK) => {
                if let Some(behind) = mark(text, end) {
                    at = behind;
                    continue;
                }
            }
            b':' if text.has(end, "://") => {
                if urls && let Some(range) = url::userinfo(text, end + 3) {
                    return found(Pattern::Userinfo, range);
                }
                at = end + 3;
                if text.has(at, url::HIDDEN) {
                    at += url::HIDDEN.len() + 1;
                }
                continue;
            }
            b'@' | b'%' if emails => {
                if let Some(range) = email::find(text, end) {
                    return found(Pattern::Email, range);
                }
            }
            _ => {}
        }
        if by_name
            && length > 0
            && assignment::may_follow(text, end, sign)
            && let Some((range, redact)) = assignment::find(text, at..end, names)
        {
            return Some(Finding {
                range,
                pattern: None,
                redact,
            });
        }
        at = end + 1;
    }
}

/// True if a space behind so short a word ends nothing that could be looked for.
fn is_no_end(text: Text<'_>, length: usize, end: usize) -> bool {
    !is_short(Some(b' '), length) && !assignment::may_follow(text, end, b' ')
}

/// Words that are followed by a token, or begin one that has dots: `Basic `, `SG.`, `-----BEGIN `.
const fn is_short(sign: Option<u8>, length: usize) -> bool {
    match sign {
        Some(b' ') => matches!(length, 5 | 6 | 10 | 11),
        Some(b'.') => matches!(length, 2..=4),
        _ => false,
    }
}

/// Behind the mark that begins here, if it is one.
pub(super) fn mark(text: Text<'_>, at: usize) -> Option<usize> {
    if !text.has(at, MARK) {
        return None;
    }
    let end = (at + MARK.len()..at + LONGEST_MARK).find(|index| {
        let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte == b':';
        !text.at(*index).is_some_and(is_inside)
    })?;
    (text.at(end) == Some(b']')).then_some(end + 1)
}
