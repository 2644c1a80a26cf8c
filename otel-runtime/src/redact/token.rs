//! Tokens that can be told by how they begin, and what follows the name of an authentication scheme.

use std::ops::Range;

use super::text::{TOKEN68, Text, WORD};

/// How tokens begin, how long they are at least, and whether one without a digit is none: words
/// that people write can begin so as well.
const PREFIXES: [(&str, usize, bool); 66] = [
    ("AGE-SECRET-KEY-1", 40, false),
    ("AIza", 35, false),
    ("ATATT3", 40, false),
    ("ATCTT3", 40, false),
    ("CFPAT-", 30, false),
    ("GOCSPX-", 24, false),
    ("LTAI", 16, true),
    ("PMAK-", 24, true),
    ("dapi", 32, true),
    ("dckr_pat_", 20, false),
    ("doo_v1_", 32, false),
    ("dop_v1_", 32, false),
    ("dor_v1_", 32, false),
    ("figd_", 30, false),
    ("gh", 30, false),
    ("github_pat_", 30, false),
    ("glagent-", 24, true),
    ("glc_", 24, true),
    ("gldt-", 20, true),
    ("glpat-", 20, false),
    ("glrt-", 20, true),
    ("glsa_", 24, false),
    ("gsk_", 30, true),
    ("hf_", 30, true),
    ("key-", 36, true),
    ("lin_api_", 30, false),
    ("nfp_", 30, true),
    ("npm_", 30, true),
    ("pypi-", 40, true),
    ("r8_", 30, true),
    ("rk_live_", 20, false),
    ("rk_test_", 20, false),
    ("rubygems_", 40, false),
    ("shpat_", 30, false),
    ("shpca_", 30, false),
    ("shppa_", 30, false),
    ("shpss_", 30, false),
    ("sk-", 24, true),
    ("sk_live_", 20, false),
    ("sk_test_", 20, false),
    ("sntrys_", 30, true),
    ("sq0atp-", 24, false),
    ("sq0csp-", 24, false),
    ("tfp_", 30, true),
    ("whsec_", 24, true),
    ("xai-", 30, true),
    ("xapp-", 20, true),
    ("xoxa-", 16, true),
    ("xoxb-", 16, true),
    ("xoxe-", 16, true),
    ("xoxo-", 16, true),
    ("xoxp-", 16, true),
    ("xoxr-", 16, true),
    ("xoxs-", 16, true),
    ("AKIA", 20, false),
    ("ASIA", 20, false),
    ("ABIA", 20, false),
    ("ACCA", 20, false),
    ("A3T", 20, true),
    ("pscale_tkn_", 30, false),
    ("pscale_pw_", 30, false),
    ("sbp_", 30, true),
    ("sb_secret_", 24, false),
    ("pat-na1-", 30, true),
    ("EZAK", 40, true),
    ("AQICAH", 40, true),
];

/// How tokens begin that have dots, and how much there is behind the first one at least.
const DOTTED: [(&str, usize); 5] = [
    ("SG", 16),
    ("ya29", 20),
    ("hvs", 20),
    ("hvb", 20),
    ("hvr", 20),
];

/// No token that stands alone is shorter.
pub(super) const LEAST: usize = 16;

/// The first bytes of those in `PREFIXES`.
const FIRSTS: [bool; 256] = {
    let mut firsts = [false; 256];
    let mut place = 0;
    while place < PREFIXES.len() {
        firsts[PREFIXES[place].0.as_bytes()[0] as usize] = true;
        place += 1;
    }
    firsts
};

/// True for the first byte of a word that may be a token by itself: what `PREFIXES` has, and a JSON
/// object in base64.
pub(super) const fn may_begin(first: u8) -> bool {
    FIRSTS[first as usize] || first == b'e'
}

/// The token that begins with the word, or follows it.
pub(super) fn find(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let first = text.at(word.start)?;
    match text.at(word.end) {
        Some(b' ') if text.at(word.end - 1) == Some(b'N') => {
            return private_key(text, word.end.saturating_sub("-----BEGIN".len()));
        }
        Some(b' ') if matches!(first | 0x20, b'b') && word.len() < 7 => {
            return authentication(text, word);
        }
        Some(b'.') => {
            if let Some(range) = jwt(text, &word).or_else(|| dotted(text, &word)) {
                return Some(range);
            }
        }
        _ => {}
    }
    if word.len() < LEAST || !FIRSTS[usize::from(first)] {
        return None;
    }
    let begins = |prefix: &str| prefix.as_bytes()[0] == first && text.has(word.start, prefix);
    let fits = |(prefix, least, needs_digit): &(&str, usize, bool)| {
        word.len() >= *least
            && begins(prefix)
            && (!needs_digit || has_digit(text, word.start + prefix.len()..word.end))
            && match *prefix {
                "gh" => is_github(text, word.start),
                "AKIA" | "ASIA" | "ABIA" | "ACCA" | "A3T" => is_aws(text, &word),
                _ => true,
            }
    };
    PREFIXES.iter().any(fits).then_some(word)
}

/// `gho_`, `ghp_`, `ghr_`, `ghs_`, `ghu_`.
fn is_github(text: Text<'_>, at: usize) -> bool {
    matches!(text.at(at + 2), Some(b'o' | b'p' | b'r' | b's' | b'u'))
        && text.at(at + 3) == Some(b'_')
}

fn is_aws(text: Text<'_>, word: &Range<usize>) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    word.len() == 20 && word.clone().all(|at| text.at(at).is_some_and(is_part))
}

fn has_digit(text: Text<'_>, range: Range<usize>) -> bool {
    range
        .take(64)
        .any(|at| text.at(at).is_some_and(|byte| byte.is_ascii_digit()))
}

/// Three or five parts, of which the first one is a JSON object in base64.
fn jwt(text: Text<'_>, word: &Range<usize>) -> Option<Range<usize>> {
    if word.len() < 12 || !text.has(word.start, "eyJ") {
        return None;
    }
    let payload = text.run(word.end + 1, WORD);
    if payload - word.end < 9 || text.at(payload) != Some(b'.') {
        return None;
    }
    let mut end = text.run(payload + 1, WORD);
    for _ in 0..2 {
        if text.at(end) == Some(b'.') && text.is(end + 1, WORD) {
            end = text.run(end + 1, WORD);
        }
    }
    Some(word.start..end)
}

fn dotted(text: Text<'_>, word: &Range<usize>) -> Option<Range<usize>> {
    let known = DOTTED
        .iter()
        .find(|(prefix, _)| prefix.len() == word.len() && text.has(word.start, prefix));
    let (_, least) = known?;
    let mut end = text.run(word.end + 1, WORD);
    let is_long = end - word.end > *least;
    if text.at(end) == Some(b'.') && text.is(end + 1, WORD) {
        end = text.run(end + 1, WORD);
    }
    (is_long && has_digit(text, word.end..end)).then_some(word.start..end)
}

/// What follows `Bearer ` or `Basic `, if it is what has to follow.
fn authentication(text: Text<'_>, word: Range<usize>) -> Option<Range<usize>> {
    let name = text.slice(word.clone());
    let start = text.run_of_spaces(word.end);
    let end = text.run(start, TOKEN68);
    // A sentence may end behind it.
    let end = match text.before(end) {
        Some(b'.') if end > start => end - 1,
        _ => end,
    };
    let range = start..end;
    let is_one = if name.eq_ignore_ascii_case("bearer") {
        range.len() >= 20 || range.len() >= 8 && has_digit(text, range.clone())
    } else if name.eq_ignore_ascii_case("basic") {
        range.len() >= 4 && is_user_and_password(text.slice(range.clone()))
    } else {
        false
    };
    is_one.then_some(range)
}

/// True if this is base64 of something with a colon in it.
fn is_user_and_password(token: &str) -> bool {
    let sextet = |byte: u8| {
        Some(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        })
    };
    let padding = token.bytes().rev().take_while(|byte| *byte == b'=').count();
    let content = &token.as_bytes()[..token.len() - padding];
    if padding > 2 || content.len() % 4 == 1 || padding > 0 && !token.len().is_multiple_of(4) {
        return false;
    }
    let mut has_colon = false;
    for four in content.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let sextet = match four.get(place) {
                Some(byte) => match sextet(*byte) {
                    Some(sextet) => sextet,
                    None => return false,
                },
                None => 0,
            };
            bits = bits << 6 | u32::from(sextet);
        }
        has_colon |= bits.to_be_bytes()[1..].contains(&b':');
    }
    has_colon
}

/// `-----BEGIN RSA PRIVATE KEY-----` to the line that ends it, or to the end of the text.
fn private_key(text: Text<'_>, at: usize) -> Option<Range<usize>> {
    const BEGIN: &str = "-----BEGIN ";
    const LONGEST_TITLE: usize = 40;
    if !text.has(at, BEGIN) {
        return None;
    }
    let title = at + BEGIN.len();
    let behind = (title..title + LONGEST_TITLE).find(|index| text.has(*index, "PRIVATE KEY"))?;
    let Some(end) = text.find(behind, "-----END ") else {
        return Some(at..text.len());
    };
    let end = text.find(end + 9, "-----").map_or(text.len(), |it| it + 5);
    Some(at..end)
}
