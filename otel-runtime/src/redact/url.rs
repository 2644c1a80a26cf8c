//! What a URL says of who asks.

use std::ops::Range;

use super::scan::mark;
use super::text::{AUTHORITY_END, Text};

/// What the conventions put in its place.
pub(super) const HIDDEN: &str = "REDACTED:REDACTED";

/// What stands before the last `@` of the authority that begins here.
pub(super) fn userinfo(text: Text<'_>, start: usize) -> Option<Range<usize>> {
    let authority_end = text.until(start, AUTHORITY_END);
    let at_sign = text.slice(start..authority_end).rfind('@')? + start;
    let is_hidden = at_sign == start
        || text.slice(start..at_sign) == HIDDEN
        || mark(text, start) == Some(at_sign);
    (!is_hidden).then_some(start..at_sign)
}
