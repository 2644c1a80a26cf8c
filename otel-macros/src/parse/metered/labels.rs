//! `labels(key = expr, key: Type = expr, key = open(expr, max = 100), place.in.scope)`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Token, Type};

use super::super::field::{Key, place_key, split_keyed};
use super::open::Open;
use crate::error::Errors;

/// A label of the metrics of a call.
pub(crate) struct Label {
    pub(crate) key: Key,
    /// What its type is said to be.
    pub(crate) ty: Option<Type>,
    pub(crate) value: LabelValue,
}

/// What a label is made of.
pub(crate) enum LabelValue {
    /// A value of a type that says which values there are.
    Known(Expr),
    /// A value of which that is not known.
    Open(Open),
}

impl Label {
    pub(super) fn parse_list(tokens: TokenStream, errors: &mut Errors) -> Vec<Self> {
        let parser = Punctuated::<Self, Token![,]>::parse_terminated;
        let labels: Vec<Self> = match parser.parse2(tokens) {
            Ok(labels) => labels.into_iter().collect(),
            Err(error) => {
                errors.push(error);
                Vec::new()
            }
        };
        for (index, label) in labels.iter().enumerate() {
            let text = &label.key.text;
            if labels[..index].iter().any(|other| other.key.text == *text) {
                let message = format!("the label `{text}` is given twice; remove one of them");
                errors.at(label.key.span, message);
            }
        }
        labels
    }

    /// The labels of a list as they are written, each with its key.
    pub(crate) fn split_list(tokens: TokenStream) -> syn::Result<Vec<(String, TokenStream)>> {
        split_keyed(tokens, |label: Self| label.key.text)
    }
}

impl Parse for Label {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let place = input.fork();
        let key: Key = input.parse()?;
        let ty = match input.parse::<Option<Token![:]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() || input.peek(Token![,]) {
                let message = format!("`{} =` needs a value after it", key.text);
                return Err(syn::Error::new(key.span, message));
            }
            let value: Expr = input.parse()?;
            let value = match (Open::parse(&value).transpose()?, &ty) {
                (None, _) => LabelValue::Known(value),
                (Some(open), None) => LabelValue::Open(open),
                (Some(_), Some(ty)) => {
                    let message = format!(
                        "the type of an open label is not asked for: `{} = open(..)`",
                        key.text
                    );
                    return Err(syn::Error::new_spanned(ty, message));
                }
            };
            return Ok(Self { key, ty, value });
        }
        if ty.is_some() {
            let message = format!("`{0}` needs a value: `{0}: Type = expression`", key.text);
            return Err(syn::Error::new(key.span, message));
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected `=` and the label's value: `key = expression`"));
        }
        let value: Expr = place
            .parse()
            .ok()
            .filter(|value| place_key(value).is_some())
            .ok_or_else(|| {
                let message = format!("`{0}` needs a value: `{0} = expression`", key.text);
                syn::Error::new(key.span, message)
            })?;
        Ok(Self {
            key: place_key(&value).unwrap_or(key),
            ty,
            value: LabelValue::Known(value),
        })
    }
}
