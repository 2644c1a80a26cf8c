//! Which names an instrument can have, by OpenTelemetry's [rules].
//!
//! [rules]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax

const LONGEST: usize = 255;

pub(super) fn is_valid(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_the_rules() {
        for name in ["a", "http.server.request_duration", "A-1/b"] {
            assert!(is_valid(name), "{name}");
        }
        let long = "x".repeat(256);
        for name in ["", "1a", "_a", "a b", "größe", long.as_str()] {
            assert!(!is_valid(name), "{name}");
        }
    }
}
