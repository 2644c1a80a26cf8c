//! Fields: `a.b = expr`, `a.b = %expr`, `%expr`, `?expr`, `name`, `a.b = _`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Member, Token};

use crate::error::Errors;

/// One field, as declared by an annotation or given to a macro.
pub(crate) struct Field {
    pub(crate) key: Key,
    pub(crate) value: FieldValue,
}

/// A key and where it stands.
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What a field says about its value.
pub(crate) enum FieldValue {
    /// The value of an expression.
    Given(Style, Box<Expr>),
    /// `a.b`, which is the value of that place if `a` is in scope, and else a bare key.
    Bare(Box<Expr>),
    /// `= _`: somebody sets it later.
    Late,
}

/// How a value is recorded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Typed,
    /// `%`: as `Display` formats it.
    Display,
    /// `?`: as `Debug` formats it.
    Debug,
}

impl Style {
    /// The sigil in front of an expression.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.parse::<Option<Token![%]>>()?.is_some() {
            Ok(Self::Display)
        } else if input.parse::<Option<Token![?]>>()?.is_some() {
            Ok(Self::Debug)
        } else {
            Ok(Self::Typed)
        }
    }
}

impl Field {
    /// All fields of a list; a key that comes twice is an error.
    pub(crate) fn parse_list(tokens: TokenStream, errors: &mut Errors) -> Vec<Self> {
        let parser = |input: ParseStream<'_>| Self::parse_until_end(input);
        let fields = parser.parse2(tokens).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        for (index, field) in fields.iter().enumerate() {
            if fields[..index]
                .iter()
                .any(|earlier| earlier.key.text == field.key.text)
            {
                let message = format!("`{}` is declared twice; remove one of them", field.key.text);
                errors.at(field.key.span, message);
            }
        }
        fields
    }

    /// The fields of a list as they are written, each with its key.
    pub(crate) fn split_list(tokens: TokenStream) -> syn::Result<Vec<(String, TokenStream)>> {
        split_keyed(tokens, |field: Self| field.key.text)
    }

    /// Fields separated by commas, up to the end of the input.
    pub(crate) fn parse_until_end(input: ParseStream<'_>) -> syn::Result<Vec<Self>> {
        let fields = input.parse_terminated(Self::parse, Token![,])?;
        Ok(fields.into_iter().collect())
    }
}

impl Parse for Field {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let style = Style::parse(input)?;
        if style != Style::Typed {
            let expr: Expr = input.parse()?;
            let Some(key) = place_key(&expr) else {
                return Err(syn::Error::new(
                    expr.span(),
                    "an expression needs a key before it: write `key = %expression`",
                ));
            };
            return Ok(Self {
                key,
                value: FieldValue::Given(style, Box::new(expr)),
            });
        }
        let place = input.fork();
        let key = Key::parse(input)?;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.peek(Token![_]) {
                let _: Token![_] = input.parse()?;
                return Ok(Self {
                    key,
                    value: FieldValue::Late,
                });
            }
            if input.is_empty() || input.peek(Token![,]) {
                let message = format!(
                    "`{0} =` needs a value after it; to set it later, write `{0} = _`",
                    key.text
                );
                return Err(syn::Error::new(key.span, message));
            }
            let style = Style::parse(input)?;
            if input.is_empty() || input.peek(Token![,]) {
                let message = format!("`{}` needs an expression after the sign", key.text);
                return Err(syn::Error::new(key.span, message));
            }
            let value = FieldValue::Given(style, input.parse()?);
            return Ok(Self { key, value });
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(
                "expected `=` and a value, or `,`; an expression needs a key before it: `key = expression`",
            ));
        }
        let value = match place.parse::<Expr>() {
            Ok(expr) => match place_key(&expr) {
                Some(_) => FieldValue::Bare(Box::new(expr)),
                None => FieldValue::Late,
            },
            Err(_) => FieldValue::Late,
        };
        let key = match &value {
            FieldValue::Bare(expr) => place_key(expr).unwrap_or(key),
            _ => key,
        };
        Ok(Self { key, value })
    }
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            if text.value().is_empty() {
                return Err(syn::Error::new(text.span(), "a key must not be empty"));
            }
            return Ok(Self {
                text: text.value(),
                span: text.span(),
            });
        }
        let expected = "expected a key such as `order.id` or `\"order-id\"`";
        let part = |input: ParseStream<'_>| {
            input
                .call(Ident::parse_any)
                .map_err(|error| syn::Error::new(error.span(), expected))
        };
        let first = part(input)?;
        let mut span = first.span();
        let mut text = first.unraw().to_string();
        while input.parse::<Option<Token![.]>>()?.is_some() {
            let next = part(input)?;
            span = span.join(next.span()).unwrap_or(span);
            text.push('.');
            text.push_str(&next.unraw().to_string());
        }
        Ok(Self { text, span })
    }
}

/// The entries of a list as they are written, each with its key.
pub(super) fn split_keyed<T: Parse>(
    tokens: TokenStream,
    key: impl Fn(T) -> String,
) -> syn::Result<Vec<(String, TokenStream)>> {
    let parser = |input: ParseStream<'_>| {
        let mut entries = Vec::new();
        while !input.is_empty() {
            let mut at = input.cursor();
            let entry: T = input.parse()?;
            let mut written = TokenStream::new();
            while at != input.cursor()
                && let Some((tree, next)) = at.token_tree()
            {
                written.extend([tree]);
                at = next;
            }
            entries.push((key(entry), written));
            if !input.is_empty() {
                let _: Token![,] = input.parse()?;
            }
        }
        Ok(entries)
    };
    parser.parse2(tokens)
}

/// The key that `a.b.c` stands for; `self.` is left out.
pub(super) fn place_key(expr: &Expr) -> Option<Key> {
    fn write(expr: &Expr, text: &mut String) -> Option<()> {
        match expr {
            Expr::Path(path) if path.qself.is_none() => {
                text.push_str(&path.path.get_ident()?.unraw().to_string());
            }
            Expr::Field(field) => {
                write(&field.base, text)?;
                if text == "self" {
                    text.clear();
                } else {
                    text.push('.');
                }
                match &field.member {
                    Member::Named(name) => text.push_str(&name.unraw().to_string()),
                    Member::Unnamed(index) => text.push_str(&index.index.to_string()),
                }
            }
            Expr::Group(group) => write(&group.expr, text)?,
            _ => return None,
        }
        Some(())
    }
    let mut text = String::new();
    write(expr, &mut text)?;
    Some(Key {
        text,
        span: expr.span(),
    })
}

/// The first name in `a.b.c`.
pub(crate) fn place_root(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => place_root(&field.base),
        Expr::Group(group) => place_root(&group.expr),
        _ => None,
    }
}

impl ToTokens for Key {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        LitStr::new(&self.text, self.span).to_tokens(tokens);
    }
}
