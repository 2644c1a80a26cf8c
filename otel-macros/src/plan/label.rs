//! What the values of a label are called.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Generics, Ident, Path};

use crate::error::Errors;
use crate::parse::{LabelType, LabelVariant};

/// Everything that expansion needs to know about a label.
pub(crate) struct LabelPlan {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) runtime: Option<Path>,
    /// Each variant, and what its value is called.
    pub(crate) values: Vec<(Ident, String)>,
}

impl LabelPlan {
    /// Checks the words against the type they stand on.
    pub(crate) fn new(parsed: LabelType, errors: &mut Errors) -> Self {
        if let Some((span, _)) = &parsed.words.rename {
            errors.at(
                *span,
                "`rename` names one value; move it to the variant it names",
            );
        }
        let is_empty = parsed.variants.as_ref().is_some_and(Vec::is_empty);
        if is_empty {
            errors.on(
                &parsed.ident,
                format!(
                    "`{}` has no value for a metric to be divided by; give it a variant",
                    parsed.ident
                ),
            );
        }
        let mut named: HashMap<String, Ident> = HashMap::new();
        let mut values = Vec::new();
        for variant in parsed.variants.into_iter().flatten() {
            let (value, span) = value(&variant, errors);
            if let Some(first) = named.insert(value.clone(), variant.ident.clone()) {
                errors.at(
                    span,
                    format!("`{first}` is called `{value}` already; give one of them another name: `#[label(rename = \"..\")]`"),
                );
            }
            values.push((variant.ident, value));
        }
        Self {
            ident: parsed.ident,
            generics: parsed.generics,
            runtime: parsed.words.runtime.map(|(_, path)| path),
            values,
        }
    }
}

/// What the variant's value is called, and which token says so.
fn value(variant: &LabelVariant, errors: &mut Errors) -> (String, Span) {
    if let Some(field) = variant.field {
        errors.at(
            field,
            format!("`{}` has a field, whose values nobody knows at compile time; write a variant for each value, or remove the field", variant.ident),
        );
    }
    if let Some((span, _)) = &variant.words.runtime {
        errors.at(*span, "`runtime` belongs on the type; move it there");
    }
    match &variant.words.rename {
        Some((_, text)) => (text.value(), text.span()),
        None => (
            snake_case(&variant.ident.unraw().to_string()),
            variant.ident.span(),
        ),
    }
}

/// `InStore` becomes `in_store`, `HTTPServer` `http_server`, `Http2` `http2`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                let ends_acronym = letters.peek().is_some_and(|next| next.is_lowercase());
                before != '_' && (!before.is_uppercase() || ends_acronym)
            });
        if begins_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
        before = Some(letter);
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn words_are_told_apart_by_their_capitals() {
        for (name, expected) in [
            ("Free", "free"),
            ("InStore", "in_store"),
            ("HTTPServer", "http_server"),
            ("Http2", "http2"),
            ("V2Beta", "v2_beta"),
            ("TCP", "tcp"),
            ("A_B", "a_b"),
            ("ÄrgerÜber", "ärger_über"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
    }
}
