//! What each variant of an error type means.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Generics, Ident, Member, Path, Type};

use super::borrowed::is_dyn_borrowed;
use crate::error::Errors;
use crate::parse::{Body, ErrorField, ErrorType, RetryWord, Word, Words};

/// Everything that expansion needs to know about an error type.
pub(crate) struct ClassifyPlan {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) runtime: Option<Path>,
    pub(crate) arms: Vec<Arm>,
}

/// A variant, or the whole of a struct.
pub(crate) struct Arm {
    /// `None`: the struct itself.
    pub(crate) variant: Option<Ident>,
    pub(crate) meaning: Meaning,
}

/// Where the meaning comes from.
pub(crate) enum Meaning {
    /// The words say it.
    Own {
        class: &'static str,
        code: Code,
        tweaks: Tweaks,
    },
    /// The error in this field says it.
    Source {
        member: Member,
        ty: Box<Type>,
        /// The type depends on a parameter, which must classify itself then.
        is_generic: bool,
        /// The type may be asked what it means.
        is_asked: bool,
        tweaks: Tweaks,
    },
    /// A function says it.
    With(Path),
}

/// `error.type`.
pub(crate) enum Code {
    /// The name of the variant or type.
    Name(Ident),
    Given(Box<Expr>),
}

/// What is said beyond class and code.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tweaks {
    pub(crate) retry: Option<RetryWord>,
    pub(crate) fault: Option<&'static str>,
    pub(crate) severity: Option<&'static str>,
    pub(crate) expected: bool,
}

impl ClassifyPlan {
    /// Checks the words against the type they stand on.
    pub(crate) fn new(parsed: ErrorType, errors: &mut Errors) -> Self {
        let ErrorType {
            ident,
            generics,
            words,
            body,
        } = parsed;
        let arms = match body {
            Body::Struct(fields) => vec![Arm {
                variant: None,
                meaning: meaning(&words, None, &fields, &ident, &generics, errors),
            }],
            Body::Enum(variants) => {
                check_defaults(&words, errors);
                let mut arms = Vec::new();
                for variant in variants {
                    if let Some((span, _)) = &variant.words.runtime {
                        errors.at(*span, "`runtime` belongs on the type; move it there");
                    }
                    let meaning = meaning(
                        &variant.words,
                        Some(&words),
                        &variant.fields,
                        &variant.ident,
                        &generics,
                        errors,
                    );
                    arms.push(Arm {
                        variant: Some(variant.ident),
                        meaning,
                    });
                }
                arms
            }
        };
        Self {
            ident,
            generics,
            runtime: words.runtime.map(|(_, path)| path),
            arms,
        }
    }
}

/// On an enum, the type's words hold for every variant that says nothing else.
fn check_defaults(words: &Words, errors: &mut Errors) {
    if let Some((span, _)) = &words.code {
        errors.at(
            *span,
            "`code` names one variant; move it to the variant it names",
        );
    }
    if let Some(span) = words.source {
        errors.at(
            span,
            "`source` concerns one variant; move it to the variants that wrap an error",
        );
    }
    check_with(words, errors);
}

/// What a variant's own words mean, with the type's for what they leave open.
fn meaning(
    words: &Words,
    defaults: Option<&Words>,
    fields: &[ErrorField],
    name: &Ident,
    generics: &Generics,
    errors: &mut Errors,
) -> Meaning {
    check_with(words, errors);
    if let Some((_, function)) = &words.with {
        return Meaning::With(function.clone());
    }
    if let Some((_, function)) = defaults.and_then(|defaults| defaults.with.as_ref()) {
        for span in words.own().chain(words.source) {
            errors.at(
                span,
                "the function in `with` says what every variant means; remove this, or `with`",
            );
        }
        return Meaning::With(function.clone());
    }
    let tweaks = Tweaks::of(words, defaults);
    if let Some(span) = words.source {
        let contradicting = [
            words.class.map(|word| (word.span, "class")),
            words.code.as_ref().map(|(span, _)| (*span, "code")),
        ];
        for (span, what) in contradicting.into_iter().flatten() {
            errors.at(
                span,
                format!("`source` takes the {what} of the wrapped error, and this is another; remove one of them"),
            );
        }
        if let Some(field) = source(fields, span, name, errors) {
            return Meaning::Source {
                member: field.member.clone(),
                ty: Box::new(field.ty.clone()),
                is_generic: mentions_parameter(&field.ty, generics),
                is_asked: !is_dyn_borrowed(&field.ty) || mentions_parameter(&field.ty, generics),
                tweaks,
            };
        }
    }
    let class = words
        .class
        .or(defaults.and_then(|defaults| defaults.class))
        .map_or("Unknown", |word: Word| word.variant);
    let code = match &words.code {
        Some((_, code)) => Code::Given(Box::new(code.clone())),
        None => Code::Name(name.clone()),
    };
    Meaning::Own {
        class,
        code,
        tweaks,
    }
}

/// A function says everything.
fn check_with(words: &Words, errors: &mut Errors) {
    if words.with.is_some() {
        for span in words.own().chain(words.source) {
            errors.at(
                span,
                "the function in `with` says everything; remove this, or `with`",
            );
        }
    }
}

/// The field that holds the wrapped error: the marked one, the one called `source`, the only one.
fn source<'a>(
    fields: &'a [ErrorField],
    asked: Span,
    name: &Ident,
    errors: &mut Errors,
) -> Option<&'a ErrorField> {
    let mut marked = fields.iter().filter(|field| field.is_source);
    if let Some(field) = marked.next() {
        if let Some(second) = marked.next() {
            errors.on(
                &second.ty,
                "an error has one source, and this is the second; remove one of the marks",
            );
        }
        return Some(field);
    }
    let named = fields
        .iter()
        .find(|field| matches!(&field.member, Member::Named(name) if name == "source"));
    match (named, fields) {
        (Some(field), _) | (None, [field]) => Some(field),
        (None, []) => {
            errors.at(
                asked,
                format!("`{name}` wraps no error to take the class of; give it a field, or write its class"),
            );
            None
        }
        (None, _) => {
            errors.at(
                asked,
                format!("`{name}` has more than one field; write `#[source]` on the wrapped error, or `#[classify(source)]` without `thiserror`"),
            );
            None
        }
    }
}

impl Tweaks {
    fn of(words: &Words, defaults: Option<&Words>) -> Self {
        let variant = |word: Word| word.variant;
        Self {
            retry: (words.retry.or(defaults.and_then(|defaults| defaults.retry)))
                .map(|(_, retry)| retry),
            fault: (words.fault.or(defaults.and_then(|defaults| defaults.fault))).map(variant),
            severity: (words
                .severity
                .or(defaults.and_then(|defaults| defaults.severity)))
            .map(variant),
            expected: words.expected.is_some()
                || defaults.is_some_and(|defaults| defaults.expected.is_some()),
        }
    }
}

/// True if the type names one of the type parameters.
fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    fn mentions(tokens: TokenStream, generics: &Generics) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Ident(ident) => generics
                .type_params()
                .any(|parameter| parameter.ident == ident),
            TokenTree::Group(group) => mentions(group.stream(), generics),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    mentions(ty.to_token_stream(), generics)
}
