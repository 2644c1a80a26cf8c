//! What the fuzzer calls; compiled for it alone.

use super::{Pattern, Redact, Redaction, Redactor};

/// The text with everything hidden that any rule can find; `None` if there is nothing.
#[must_use]
pub fn redacted(text: &str, hash: bool) -> Option<String> {
    let redact = if hash { Redact::Hash } else { Redact::Mask };
    let rules = Pattern::ALL
        .into_iter()
        .fold(Redaction::credentials(), |rules, pattern| {
            rules.pattern(pattern, redact)
        });
    Redactor::new(&rules.hash_key([7; 16])).text(text)
}
