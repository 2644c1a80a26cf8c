//! IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::super::text::{ALNUM, DIGIT, HEX, Text};

/// `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`
const LONGEST: usize = 45;

/// Words before what looks like an address and is a version.
const VERSION: [&str; 4] = ["version", "ver", "release", "build"];

/// The address that begins here.
pub(in super::super) fn find(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    if text.is_before(start, ALNUM) || matches!(text.before(start), Some(b'.' | b'-' | b'_')) {
        return None;
    }
    let is_behind_colon = text.before(start) == Some(b':');
    let mut end = text.run_up_to(start, start + LONGEST + 1, HEX);
    if end - start > LONGEST || text.is(end, ALNUM) {
        // Another word goes on where it would end.
        return None;
    }
    let is_v4_with_port = |text: &str| text.find('.') < text.find(':') && text.contains('.');
    let whole = text.slice(start..end);
    if is_v4_with_port(whole)
        && let Some(colon) = whole.find(':')
    {
        end = start + colon;
    }
    // Sentences end in dots and colons.
    while end > start && matches!(text.at(end - 1), Some(b'.')) {
        end -= 1;
    }
    let is_one = |end: usize| {
        let address = text.slice(start..end);
        if address.contains(':') {
            !is_behind_colon && address.parse().is_ok_and(|it| is_told_v6(it, address))
        } else {
            address.parse().is_ok_and(is_told) && !is_version(text, start, end)
        }
    };
    if is_one(end) {
        return Some(start..end);
    }
    let shorter = end.checked_sub(1)?;
    (text.at(shorter) == Some(b':') && shorter > start && is_one(shorter)).then_some(start..shorter)
}

/// Those that every machine has say nothing.
const fn is_told(address: Ipv4Addr) -> bool {
    !address.is_loopback() && !address.is_unspecified() && !address.is_broadcast()
}

/// `bad::cafe` is a path in a program: an address has a digit.
fn is_told_v6(address: Ipv6Addr, text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    has_digit && !address.is_loopback() && !address.is_unspecified()
}

/// True for `Chrome/1.2.3.4`, `version 1.2.3.4` and `1.2.3.4-beta`.
fn is_version(text: Text<'_>, start: usize, end: usize) -> bool {
    if matches!(text.at(end), Some(b'-' | b'+' | b'_')) && text.is(end + 1, ALNUM) {
        return true;
    }
    match text.before(start) {
        Some(b'/') => {
            let word = text.run_back(start - 1, ALNUM, 32);
            // A product stands alone; what has a `/` before it as well is a path.
            word < start - 1
                && !text.is(word, DIGIT)
                && !matches!(text.before(word), Some(b'/' | b':' | b'.' | b'-' | b'_'))
        }
        Some(b' ' | b'=') => {
            let word = text.run_back(start - 1, ALNUM, 8);
            let name = text.slice(word..start - 1);
            VERSION.iter().any(|it| it.eq_ignore_ascii_case(name))
        }
        _ => false,
    }
}
