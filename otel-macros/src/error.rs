//! Everything wrong with an annotation, told at once.
//!
//! A message is lower case, quotes the input in backticks, says the rule and
//! then the fix, and points at the narrowest token.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned;

/// The messages collected so far; every phase adds to them and goes on.
#[derive(Default)]
pub(crate) struct Errors {
    first: Option<syn::Error>,
}

impl Errors {
    /// Adds a message that points at `span`.
    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds a message that points at all of `tokens`.
    pub(crate) fn on(&mut self, tokens: &impl Spanned, message: impl std::fmt::Display) {
        self.at(tokens.span(), message);
    }

    /// Adds what a parser found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.first {
            Some(first) => first.combine(error),
            None => self.first = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The value, if nothing is wrong.
    pub(crate) fn into_result<T>(self, value: T) -> syn::Result<T> {
        match self.first {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }

    /// One `compile_error!` for each message.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.first
            .map(syn::Error::into_compile_error)
            .unwrap_or_default()
    }
}

/// ``unknown option `nmae`; did you mean `name`? valid ones are ..``
pub(crate) fn unknown(what: &str, found: &str, valid: &[&str]) -> String {
    let nearest = nearest(found, valid)
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default();
    let list = valid
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let separator = if nearest.is_empty() { ";" } else { "" };
    format!("unknown {what} `{found}`{nearest}{separator} valid: {list}")
}

fn nearest<'a>(found: &str, valid: &[&'a str]) -> Option<&'a str> {
    valid
        .iter()
        .map(|name| (distance(&found.to_lowercase(), name), *name))
        .filter(|(distance, name)| *distance <= name.len().max(found.len()) / 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many characters must be inserted, removed, replaced or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, from) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, to_char) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(from != *to_char);
            let mut cost = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous == Some(*to_char) && from == to[column - 1] {
                cost = cost.min(before_last[column - 1] + 1);
            }
            current.push(cost);
        }
        before_last = std::mem::replace(&mut last, current);
        previous = Some(from);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_unless_all_are_far() {
        let valid = ["name", "kind", "fields", "target"];
        assert_eq!(nearest("nmae", &valid), Some("name"));
        assert_eq!(nearest("Kind", &valid), Some("kind"));
        assert_eq!(nearest("field", &valid), Some("fields"));
        assert_eq!(nearest("verbosity", &valid), None);
    }

    #[test]
    fn an_unknown_name_lists_the_valid_ones() {
        assert_eq!(
            unknown("option", "nmae", &["name", "kind"]),
            "unknown option `nmae`; did you mean `name`? valid: `name`, `kind`"
        );
        assert_eq!(
            unknown("option", "zzzzz", &["name"]),
            "unknown option `zzzzz`; valid: `name`"
        );
    }
}
