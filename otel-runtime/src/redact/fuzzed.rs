//! What the fuzzer calls; compiled for it alone.

use super::redactor::Searched;
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

/// True if something is hidden that would not be if texts were searched without a look before, by
/// the rules that are in force without any and by tokens alone; or the other way round.
#[must_use]
pub fn is_overlooked(text: &str) -> bool {
    let tokens = Redaction::none().pattern(Pattern::Token, Redact::Mask);
    [Redaction::credentials(), tokens].iter().any(|rules| {
        let redactor = Redactor::new(rules);
        let thoroughly = match redactor.search_thoroughly(text, false) {
            Searched::Changed(text) => Some(text),
            Searched::Clean | Searched::Drop => None,
        };
        redactor.text(text) != thoroughly
    })
}
