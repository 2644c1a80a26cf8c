//! Values in texts that stand behind their names: `password=hunter2`, `"token": "abc"`,
//! `?api_key=abc&`, `PASSWORD 'hunter2'`.

use std::ops::Range;

use super::names::Names;
use super::pattern::Redact;
use super::scan::mark;
use super::text::{STOP, Text, WORD};

/// The most of a name that is looked at: its last words are what matters.
const LONGEST_NAME: usize = 64;

/// Names that messages use for other things: `unexpected token: ;`, `PWD=/home`.
const EVERYDAY: [&str; 8] = [
    "token",
    "secret",
    "cookie",
    "credential",
    "credentials",
    "pwd",
    "jwt",
    "sig",
];

/// What stands for a value, in statements and where somebody else has redacted.
const STANDS_FOR_VALUE: [&str; 12] = [
    "?",
    "null",
    "none",
    "nil",
    "true",
    "false",
    "undefined",
    "redacted",
    "masked",
    "hidden",
    "filtered",
    "string",
];

/// Authentication schemes: what follows them is the value.
const SCHEMES: [&str; 6] = ["bearer", "basic", "token", "digest", "negotiate", "apikey"];

/// How a value is joined to its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `name=value`
    Equals,
    /// `name: value`
    Colon,
    /// `"name": value`
    Quoted,
    /// `name 'value'`
    Beside,
}

/// True if the sign behind a word that ends here can be followed by its value.
#[inline]
pub(super) fn may_follow(text: Text<'_>, end: usize, sign: u8) -> bool {
    match sign {
        b'=' | b':' | b'"' | b'\'' | b'\\' | b'%' => true,
        b' ' => matches!(text.at(end + 1), Some(b'=' | b':' | b'\'' | b' ')),
        _ => false,
    }
}

/// The value of the name that the word is, if a rule is about it.
pub(super) fn find(
    text: Text<'_>,
    word: Range<usize>,
    names: &Names,
) -> Option<(Range<usize>, Redact)> {
    let (joint, behind) = joint(text, word.end)?;
    let start = word.start.max(word.end.saturating_sub(LONGEST_NAME));
    let name = text.slice(start..word.end).trim_end_matches(['_', '-']);
    let redact = names.rule_of(name)?;
    if redact == Redact::Keep {
        return None;
    }
    let value = value(text, behind)?;
    let is_everyday = EVERYDAY.iter().any(|it| it.eq_ignore_ascii_case(name));
    let is_plausible = match joint {
        Joint::Equals => !is_everyday || text.at(value.start) != Some(b'/'),
        Joint::Colon => !is_everyday || !matches!(text.before(value.start), Some(b' ' | b'`')),
        Joint::Quoted => true,
        Joint::Beside => !is_everyday,
    };
    (is_plausible && !stands_for_value(text, &value)).then_some((value, redact))
}

/// What joins a name that ends here with its value, and where that may begin.
fn joint(text: Text<'_>, end: usize) -> Option<(Joint, usize)> {
    let quote = match text.at(end)? {
        b'"' | b'\'' => Some(end + 1),
        b'\\' if matches!(text.at(end + 1), Some(b'"' | b'\'')) => Some(end + 2),
        b'%' => return text.has(end, "%3D").then_some((Joint::Equals, end + 3)),
        _ => None,
    };
    let behind = text.run_of_spaces(quote.unwrap_or(end));
    let joint = match (text.at(behind)?, quote) {
        (b'=' | b':', Some(_)) => Joint::Quoted,
        (b'=', None) => Joint::Equals,
        (b':', None) => Joint::Colon,
        (b'\'', None) if behind > end => return Some((Joint::Beside, behind)),
        _ => return None,
    };
    // `==` compares, `::` is a path; `=>` and `:=` are others' ways to write it.
    let behind = match (text.at(behind)?, text.at(behind + 1)) {
        (b'=', Some(b'=')) | (b':', Some(b':')) => return None,
        (b'=', Some(b'>')) | (b':', Some(b'=')) => behind + 2,
        _ => behind + 1,
    };
    Some((joint, text.run_of_spaces(behind)))
}

/// The value that begins here, without its quotes; what is not closed goes on to the end.
fn value(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let start = if text.has(start, "Some(") {
        start + 5
    } else {
        start
    };
    let start = match (text.at(start)?, text.at(start + 1)) {
        (b'[', Some(b'"' | b'\'' | b'\\')) => start + 1,
        _ => start,
    };
    let range = match text.at(start)? {
        quote @ (b'"' | b'\'' | b'`') => {
            let inside = start + 1;
            inside..closing(text, inside, quote)
        }
        b'\\' if matches!(text.at(start + 1), Some(b'"' | b'\'')) => {
            let inside = start + 2;
            let quote = text.slice(start..inside);
            inside..text.find(inside, quote).unwrap_or(text.len())
        }
        _ => start..unquoted(text, start),
    };
    (!range.is_empty()).then_some(range)
}

fn closing(text: Text<'_>, inside: usize, quote: u8) -> usize {
    let mut at = inside;
    while let Some(byte) = text.at(at) {
        if byte == quote {
            return at;
        }
        at += if byte == b'\\' { 2 } else { 1 };
    }
    text.len()
}

fn unquoted(text: Text<'_>, start: usize) -> usize {
    let end = text.until(start, STOP);
    let is_scheme = |word: &str| SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(word));
    if text.at(end) == Some(b' ') && is_scheme(text.slice(start..end)) {
        let next = text.run_of_spaces(end);
        return text.until(next, STOP);
    }
    end
}

/// True for what has no value in it: `$1`, `:id`, `***`, `None`.
fn stands_for_value(text: Text<'_>, range: &Range<usize>) -> bool {
    if mark(text, range.start).is_some() {
        return true;
    }
    let value = text.slice(range.clone());
    match value.as_bytes() {
        [b'$' | b':' | b'@', name @ ..] if name.len() <= 4 => {
            return text.run(range.start + 1, WORD) == range.end;
        }
        [b'%', _] => return true,
        [b'*' | b'x' | b'X' | b'.' | b'-', ..] => {
            let first = value.as_bytes()[0];
            return value.bytes().all(|byte| byte == first);
        }
        _ => {}
    }
    let word = value.trim_matches('.');
    STANDS_FOR_VALUE
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}
