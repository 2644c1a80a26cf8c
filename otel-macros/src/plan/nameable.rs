//! Types of a signature as they are named outside of it, in a `static`, which knows neither the
//! function's parameters nor its lifetimes.

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, GenericParam, Generics, PathArguments, Type};

use super::returned::ungrouped;

/// The type with its lifetimes left to inference; `None` if it hangs on a parameter.
pub(super) fn outside(ty: &Type, generics: &Generics) -> Option<Type> {
    let tokens = tokens_outside(ty.to_token_stream(), generics)?;
    syn::parse2(tokens).ok()
}

/// The tokens of a type or expression with their lifetimes left to inference, in the same way.
pub(super) fn tokens_outside(tokens: TokenStream, generics: &Generics) -> Option<TokenStream> {
    let mut written = TokenStream::new();
    let mut is_lifetime = false;
    for tree in tokens {
        let tree = match tree {
            TokenTree::Ident(word) if is_lifetime => lifetime(&word).into(),
            TokenTree::Ident(word) if is_bound(&word, generics) => return None,
            TokenTree::Group(group) => {
                let inner = tokens_outside(group.stream(), generics)?;
                let mut copy = Group::new(group.delimiter(), inner);
                copy.set_span(group.span());
                copy.into()
            }
            tree => tree,
        };
        is_lifetime = matches!(&tree, TokenTree::Punct(quote)
            if quote.as_char() == '\'' && quote.spacing() == Spacing::Joint);
        written.extend([tree]);
    }
    Some(written)
}

/// The type a function returns, as far as it says which errors there are.
pub(super) fn error_of(output: &Type, generics: &Generics) -> Option<Type> {
    let Type::Path(path) = ungrouped(output) else {
        return None;
    };
    let mut path = path.clone();
    // What an alias makes of a single type in it is not known; of two, the first is the value.
    if let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
        && let Some(GenericArgument::Type(value)) = arguments
            .args
            .iter_mut()
            .find(|argument| matches!(argument, GenericArgument::Type(_)))
        && outside(value, generics).is_none()
    {
        *value = syn::parse_quote!(());
    }
    let ty = Type::Path(path);
    if looks_like_parameter(ty.to_token_stream()) {
        return None;
    }
    outside(&ty, generics)
}

fn lifetime(word: &Ident) -> Ident {
    if word == "static" {
        word.clone()
    } else {
        Ident::new("_", word.span())
    }
}

/// True for what means nothing outside of the function.
fn is_bound(word: &Ident, generics: &Generics) -> bool {
    ["Self", "impl", "for", "_"]
        .iter()
        .any(|bound| word == bound)
        || generics.params.iter().any(|parameter| match parameter {
            GenericParam::Type(parameter) => parameter.ident == *word,
            GenericParam::Const(parameter) => parameter.ident == *word,
            GenericParam::Lifetime(_) => false,
        })
}

/// True if a name reads like a parameter, of an `impl` block that nobody shows to the macro:
/// `E`, `T2`.
fn looks_like_parameter(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => {
            let word = word.to_string();
            let (first, rest) = word.split_at(1);
            first.chars().all(|first| first.is_ascii_uppercase())
                && rest.chars().all(|digit| digit.is_ascii_digit())
        }
        TokenTree::Group(group) => looks_like_parameter(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
