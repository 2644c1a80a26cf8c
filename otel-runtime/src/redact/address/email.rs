//! E-mail addresses.

use std::ops::Range;

use super::super::text::{ALNUM, LOCAL, Text};

/// The standard's bounds.
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;

/// Endings of names of files, which `icon@2x.png` has for its domain's.
const FILES: [&str; 12] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "css", "js", "ts", "json",
];

/// The address around the `@`, or the `%40`, that stands here.
pub(in super::super) fn find(text: Text<'_>, at_sign: usize) -> Option<Range<usize>> {
    let domain = match text.at(at_sign)? {
        b'@' => at_sign + 1,
        _ if text.has(at_sign, "%40") => at_sign + 3,
        _ => return None,
    };
    let end = domain_end(text, domain)?;
    let mut start = text.run_back(at_sign, LOCAL, LONGEST_LOCAL);
    // Quotes and signs around it are not of it.
    while start < at_sign && matches!(text.at(start), Some(b'\'' | b'.' | b'-')) {
        start += 1;
    }
    (start < at_sign).then_some(start..end)
}

/// The end of the longest domain that begins here: labels between dots, and a last one of letters.
fn domain_end(text: Text<'_>, start: usize) -> Option<usize> {
    let limit = text.len().min(start + LONGEST_DOMAIN);
    let mut end = None;
    let mut label = start;
    loop {
        let label_end = label_end(text, label, limit);
        let last = text.slice(label..label_end);
        let is_first = label == start;
        if !is_first && is_top_level(last) {
            end = Some(label_end);
        }
        let goes_on = label_end > label && label_end < limit && text.at(label_end) == Some(b'.');
        if !goes_on {
            return end;
        }
        label = label_end + 1;
    }
}

fn label_end(text: Text<'_>, start: usize, limit: usize) -> usize {
    let mut end = start;
    while end < limit && (text.is(end, ALNUM) || text.at(end) == Some(b'-') && end > start) {
        end += 1;
    }
    // One that is cut at the limit ends where a character does; a dash is none's last.
    while end > start && (text.slice(start..end).is_empty() || text.at(end - 1) == Some(b'-')) {
        end -= 1;
    }
    end
}

fn is_top_level(label: &str) -> bool {
    let is_name = label.len() >= 2 && label.chars().all(char::is_alphabetic)
        || label.starts_with("xn--") && label.len() > 4;
    is_name && !FILES.iter().any(|file| file.eq_ignore_ascii_case(label))
}
