//! A function, with its body left as the tokens it is made of.
//!
//! The body is neither understood nor printed again: that keeps the user's
//! spans and grouping, and costs no compile time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Token, Visibility};

/// An annotated function.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) default: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// `#![..]` at the beginning of the body.
    pub(crate) inner_attrs: TokenStream,
    /// The body in its braces, without inner attributes.
    pub(crate) body: Group,
    /// The paths of the annotations that were taken off, if it carried several.
    pub(crate) stacked: Vec<TokenStream>,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let default = input.parse()?;
        let sig: Signature = input.parse()?;
        if input.peek(Token![;]) {
            let _: Token![;] = input.parse()?;
            let message = format!(
                "`{}` has no body to observe; annotate the functions that implement it",
                sig.ident
            );
            return Err(syn::Error::new(sig.ident.span(), message));
        }
        let body = parse_body(input)?;
        let (inner_attrs, body) = split_inner_attrs(&body);
        Ok(Self {
            attrs,
            vis,
            default,
            sig,
            inner_attrs,
            body,
            stacked: Vec::new(),
        })
    }
}

impl Function {
    /// True if `#[track_caller]` applies, also under a condition.
    pub(crate) fn tracks_caller(&self) -> bool {
        self.attrs.iter().any(|attr| {
            attr.path().is_ident("track_caller")
                || attr.path().is_ident("cfg_attr")
                    && attr.to_token_stream().to_string().contains("track_caller")
        })
    }
}

/// True if what follows are the qualifiers of a function and `fn`.
pub(super) fn is_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let qualifiers = |ahead: ParseStream<'_>| -> syn::Result<()> {
        let _: Option<Token![default]> = ahead.parse()?;
        let _: Option<Token![const]> = ahead.parse()?;
        let _: Option<Token![async]> = ahead.parse()?;
        let _: Option<Token![unsafe]> = ahead.parse()?;
        let _: Option<syn::Abi> = ahead.parse()?;
        Ok(())
    };
    qualifiers(&ahead).is_ok() && ahead.peek(Token![fn])
}

/// The braces of the body, also where a macro's fragment wraps them in an invisible group.
fn parse_body(input: ParseStream<'_>) -> syn::Result<Group> {
    let expected = "expected the function's body in braces";
    let mut tree: TokenTree = input.parse().map_err(|_| input.error(expected))?;
    loop {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return Ok(group),
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                let mut inner = group.stream().into_iter();
                match (inner.next(), inner.next()) {
                    (Some(only), None) => tree = only,
                    _ => return Err(syn::Error::new(group.span(), expected)),
                }
            }
            other => return Err(syn::Error::new(other.span(), expected)),
        }
    }
}

fn split_inner_attrs(body: &Group) -> (TokenStream, Group) {
    let mut inner = TokenStream::new();
    let mut trees = body.stream().into_iter().peekable();
    let mut rest = trees.clone();
    while let (
        Some(TokenTree::Punct(hash)),
        Some(TokenTree::Punct(bang)),
        Some(TokenTree::Group(group)),
    ) = (trees.next(), trees.next(), trees.next())
    {
        if hash.as_char() != '#' || bang.as_char() != '!' || group.delimiter() != Delimiter::Bracket
        {
            break;
        }
        inner.extend([
            TokenTree::Punct(hash),
            TokenTree::Punct(bang),
            TokenTree::Group(group),
        ]);
        rest = trees.clone();
    }
    if inner.is_empty() {
        return (inner, body.clone());
    }
    let mut without = Group::new(Delimiter::Brace, rest.collect());
    without.set_span(body.span());
    (inner, without)
}
