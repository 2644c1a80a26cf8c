//! An `impl` block or trait, split into its members.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Generics, Signature, Token, Type, Visibility};

use super::function::is_function;

/// An `impl` block or trait.
pub(crate) struct Block {
    /// Everything before the braces.
    pub(crate) header: TokenStream,
    /// What methods are named after: the type's or trait's name.
    pub(crate) owner: Option<String>,
    pub(crate) members: Vec<Member>,
    /// The braces, for their span.
    pub(crate) braces: Group,
}

/// A member of a block.
pub(crate) enum Member {
    /// A function with a body.
    Method(Box<Method>),
    /// Anything else.
    Other(TokenStream),
}

/// A function of a block.
pub(crate) struct Method {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) sig: Signature,
    /// Everything after the attributes.
    pub(crate) rest: TokenStream,
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let owner = parse_owner(&input.fork());
        let mut header = TokenStream::new();
        let braces = loop {
            let tree: TokenTree = input.parse()?;
            match tree {
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Brace && input.is_empty() =>
                {
                    break group;
                }
                tree => header.extend([tree]),
            }
        };
        let members = (|input: ParseStream<'_>| {
            let mut members = Vec::new();
            while !input.is_empty() {
                members.push(input.parse()?);
            }
            Ok(members)
        })
        .parse2(braces.stream())?;
        Ok(Self {
            header,
            owner,
            members,
            braces,
        })
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![#]) && input.peek2(Token![!]) {
            return Ok(Self::Other(
                input
                    .call(Attribute::parse_inner)?
                    .iter()
                    .map(ToTokens::to_token_stream)
                    .collect(),
            ));
        }
        let attrs = input.call(Attribute::parse_outer)?;
        let mut rest = TokenStream::new();
        input.parse::<Visibility>()?.to_tokens(&mut rest);
        if is_function(input) {
            input
                .parse::<Option<Token![default]>>()?
                .to_tokens(&mut rest);
            let sig: Signature = input.parse()?;
            sig.to_tokens(&mut rest);
            let body: TokenTree = input.parse()?;
            let has_body = matches!(body, TokenTree::Group(_));
            rest.extend([body]);
            if has_body {
                return Ok(Self::Method(Box::new(Method { attrs, sig, rest })));
            }
        } else {
            loop {
                let tree: TokenTree = input.parse()?;
                let ends = match &tree {
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    TokenTree::Group(group) => {
                        group.delimiter() == Delimiter::Brace
                            && !input.peek(Token![;])
                            && !is_const_value(&rest)
                    }
                    _ => false,
                };
                rest.extend([tree]);
                if ends || input.is_empty() {
                    break;
                }
            }
        }
        let mut tokens: TokenStream = attrs.iter().map(ToTokens::to_token_stream).collect();
        tokens.extend(rest);
        Ok(Self::Other(tokens))
    }
}

/// True in `const X: T = if .. {`: a brace does not end it.
fn is_const_value(before: &TokenStream) -> bool {
    before
        .clone()
        .into_iter()
        .any(|tree| matches!(&tree, TokenTree::Ident(word) if *word == "const" || *word == "type"))
}

/// The last name of the type that is implemented, or the trait's.
fn parse_owner(input: ParseStream<'_>) -> Option<String> {
    input.call(Attribute::parse_outer).ok()?;
    input.parse::<Visibility>().ok()?;
    let _: Option<Token![default]> = input.parse().ok()?;
    let _: Option<Token![unsafe]> = input.parse().ok()?;
    let _: Option<Token![auto]> = input.parse().ok()?;
    if input.parse::<Option<Token![trait]>>().ok()?.is_some() {
        return Some(input.parse::<Ident>().ok()?.unraw().to_string());
    }
    let _: Token![impl] = input.parse().ok()?;
    if input.peek(Token![<]) && !is_qualified_path(input) {
        let _: Generics = input.parse().ok()?;
    }
    let _: Option<Token![const]> = input.parse().ok()?;
    let _: Option<Token![!]> = input.parse().ok()?;
    let mut implemented: Type = input.parse().ok()?;
    if input.parse::<Option<Token![for]>>().ok()?.is_some() {
        implemented = input.parse().ok()?;
    }
    type_name(&implemented)
}

/// True in `impl <T as Trait>::Type {`.
fn is_qualified_path(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Token![<]>().is_ok() && ahead.parse::<Type>().is_ok() && ahead.peek(Token![as])
}

fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.unraw().to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Group(group) => type_name(&group.elem),
        Type::Paren(paren) => type_name(&paren.elem),
        _ => None,
    }
}
