//! The options as written: `flag`, `name = expression` or `name(..)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Token};

use crate::error::Errors;

/// One option, before anybody asked what it means.
#[derive(Clone)]
pub(crate) struct RawOption {
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

/// How an option is written.
#[derive(Clone)]
pub(crate) enum Form {
    Flag,
    Value(Box<Expr>),
    List(TokenStream),
}

impl RawOption {
    /// All options between the parentheses of the attribute; a broken one does not hide the next.
    pub(crate) fn parse_all(tokens: TokenStream, errors: &mut Errors) -> Vec<Self> {
        let mut options = Vec::new();
        let parsed = (|input: ParseStream<'_>| {
            while !input.is_empty() {
                match Self::parse(input) {
                    Ok(option) => options.push(option),
                    Err(error) => {
                        errors.push(error);
                        skip_to_comma(input)?;
                    }
                }
                if !input.is_empty() {
                    let comma: syn::Result<Token![,]> = input.parse();
                    if comma.is_err() {
                        errors.at(input.span(), "expected `,` between two options");
                        skip_to_comma(input)?;
                        let _: Option<Token![,]> = input.parse()?;
                    }
                }
            }
            Ok(())
        })
        .parse2(tokens);
        if let Err(error) = parsed {
            errors.push(error);
        }
        options
    }

    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = match input.call(Ident::parse_any) {
            Ok(name) => name,
            Err(_) => {
                return Err(
                    input.error("expected the name of an option, such as `name` or `fields`")
                );
            }
        };
        let form = if input.peek(Token![=]) {
            let _: Token![=] = input.parse()?;
            if input.is_empty() || input.peek(Token![,]) {
                let message = format!("`{name} =` needs a value after it");
                return Err(syn::Error::new(name.span(), message));
            }
            Form::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Form::List(list.parse()?)
        } else {
            Form::Flag
        };
        Ok(Self { name, form })
    }

    pub(crate) fn span(&self) -> Span {
        self.name.span()
    }
}

impl ToTokens for RawOption {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        match &self.form {
            Form::Flag => {}
            Form::Value(value) => {
                <Token![=]>::default().to_tokens(tokens);
                value.to_tokens(tokens);
            }
            Form::List(list) => {
                syn::token::Paren::default().surround(tokens, |inner| list.to_tokens(inner));
            }
        }
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _: TokenTree = input.parse()?;
    }
    Ok(())
}
