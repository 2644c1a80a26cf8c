//! The rules, tried on what is and what only looks like it.

mod corpus;
mod cost;
mod properties;
#[cfg(any(feature = "testing", feature = "terminal"))]
mod spans;

use super::{Pattern, Redact, Redaction, Redactor};

/// Everything that can be found, masked.
fn everything() -> Redactor {
    redactor(Redact::Mask)
}

fn redactor(redact: Redact) -> Redactor {
    let rules = Pattern::ALL
        .into_iter()
        .fold(Redaction::credentials(), |rules, pattern| {
            rules.pattern(pattern, redact)
        });
    Redactor::new(&rules.hash_key([7; 16]))
}
