//! `#[derive(Label)]`: the type, its variants, and the words of `#[label(..)]`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Expr, Generics, Ident, Lit, LitStr, Meta, Path};

use super::classify::{once, value, wrong_form};
use super::option::RawOption;
use crate::error::{Errors, unknown};

/// A type that derives `Label`.
pub(crate) struct LabelType {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) words: LabelWords,
    /// None where the type is no enum.
    pub(crate) variants: Option<Vec<LabelVariant>>,
}

pub(crate) struct LabelVariant {
    pub(crate) ident: Ident,
    pub(crate) words: LabelWords,
    /// Where its first field is.
    pub(crate) field: Option<Span>,
}

/// What `#[label(..)]` says.
#[derive(Default)]
pub(crate) struct LabelWords {
    pub(crate) rename: Option<(Span, LitStr)>,
    /// Where `otel_runtime` is.
    pub(crate) runtime: Option<(Span, Path)>,
}

/// The words, for messages.
const WORDS: &[&str] = &["rename", "runtime"];

impl LabelType {
    pub(crate) fn parse(input: DeriveInput, errors: &mut Errors) -> Self {
        let words = LabelWords::of(&input.attrs, errors);
        let variants = match input.data {
            Data::Enum(data) => Some(
                data.variants
                    .into_iter()
                    .map(|variant| LabelVariant {
                        words: LabelWords::of(&variant.attrs, errors),
                        field: variant.fields.iter().next().map(Spanned::span),
                        ident: variant.ident,
                    })
                    .collect(),
            ),
            Data::Struct(data) => {
                refuse(data.struct_token.span, "struct", errors);
                None
            }
            Data::Union(data) => {
                refuse(data.union_token.span, "union", errors);
                None
            }
        };
        Self {
            ident: input.ident,
            generics: input.generics,
            words,
            variants,
        }
    }
}

fn refuse(span: Span, what: &str, errors: &mut Errors) {
    errors.at(
        span,
        format!("`Label` needs an enum, whose values are known at compile time, and this is a {what}; list the values as variants"),
    );
}

impl LabelWords {
    fn of(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut words = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("label")) {
            let Meta::List(list) = &attr.meta else {
                errors.on(
                    attr,
                    "write what the value is called: `#[label(rename = \"in-store\")]`",
                );
                continue;
            };
            for option in RawOption::parse_all(list.tokens.clone(), errors) {
                if let Err(error) = words.interpret(option) {
                    errors.push(error);
                }
            }
        }
        words
    }

    fn interpret(&mut self, option: RawOption) -> syn::Result<()> {
        let span = option.span();
        match option.name.to_string().as_str() {
            "rename" => {
                let form = "a text: `rename = \"in-store\"`";
                let text = match value(option, form)? {
                    Expr::Lit(literal) => match literal.lit {
                        Lit::Str(text) => text,
                        _ => return Err(wrong_form(span, "rename", form)),
                    },
                    _ => return Err(wrong_form(span, "rename", form)),
                };
                if text.value().is_empty() {
                    return Err(syn::Error::new(text.span(), "`rename` must not be empty"));
                }
                once(&mut self.rename, (span, text), span, "rename")
            }
            "runtime" => {
                let form = "the path of the crate: `runtime = my_crate::otel_runtime`";
                let Expr::Path(path) = value(option, form)? else {
                    return Err(wrong_form(span, "runtime", form));
                };
                once(&mut self.runtime, (span, path.path), span, "runtime")
            }
            name => Err(syn::Error::new(span, unknown("word", name, WORDS))),
        }
    }
}
