//! Names that other libraries give, made to keep OpenTelemetry's [rules].
//!
//! [rules]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax

use std::borrow::Cow;
use std::collections::HashSet;

use crate::diagnostics;
use crate::site::Level;

const LONGEST: usize = 255;

/// Names of which it was told that they were changed.
#[derive(Debug, Default)]
pub(super) struct Told(HashSet<String>);

impl Told {
    pub(super) fn once(&mut self, given: &str, valid: &str) {
        const MOST: usize = 100;
        if self.0.len() < MOST && self.0.insert(given.to_owned()) {
            let line = format_args!(
                "the metric `{given}` is exported as `{valid}`: names consist of letters, digits, `_`, `.`, `-` and `/`, and begin with a letter"
            );
            diagnostics::tell_later(Level::Warn, &line);
        }
    }
}

/// The name if it is valid, or what it becomes.
pub(super) fn valid(given: &str) -> Cow<'_, str> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let begins_well = given.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well && given.len() <= LONGEST && given.chars().all(is_allowed) {
        return Cow::Borrowed(given);
    }
    let mut valid = String::new();
    if !begins_well {
        valid.push_str("m_");
    }
    let replaced = given.replace("::", ".");
    valid.extend(
        replaced
            .chars()
            .map(|c| if is_allowed(c) { c } else { '_' }),
    );
    valid.truncate(LONGEST);
    Cow::Owned(valid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_changed_only_where_they_must_be() {
        for (given, expected) in [
            ("http_requests_total", "http_requests_total"),
            ("a.b-c/d", "a.b-c/d"),
            ("my::queue size", "my.queue_size"),
            ("9lives", "m_9lives"),
            ("größe", "gr__e"),
            ("", "m_"),
            ("_private", "m__private"),
        ] {
            assert_eq!(valid(given), expected);
        }
        let long = "x".repeat(300);
        assert_eq!(valid(&long).len(), LONGEST);
    }
}
