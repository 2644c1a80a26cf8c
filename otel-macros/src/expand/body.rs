//! The user's body inside a closure or future of its own.

use proc_macro2::{Group, TokenStream};
use quote::quote_spanned;

use super::generated;
use super::site::Private;
use crate::plan::{Expected, Plan};

/// Takes the arguments along, binds again those that must be, and runs the body.
pub(super) fn captured(plan: &Plan, before: &TokenStream) -> TokenStream {
    let span = generated();
    let mentions = mentions(plan);
    let rebound: Vec<TokenStream> = plan
        .params
        .rebound(&plan.function)
        .map(|rebound| {
            let (attrs, pattern, name) = (rebound.attrs, &rebound.pattern, &rebound.name);
            let whole = rebound
                .is_partial
                .then(|| quote_spanned!(span=> #(#attrs)* let #name = #name;));
            quote_spanned!(span=> #whole #(#attrs)* let #pattern = #name;)
        })
        .collect();
    let body = unlinted(&plan.function.body);
    let body = if rebound.is_empty() {
        quote_spanned!(span=> #body)
    } else {
        // The arm of a `match` ends the life of temporaries: they must not outlive what was bound
        // just before, as they do not outlive arguments.
        quote_spanned!(span=> #(#rebound)* match () { () => #body })
    };
    quote_spanned!(span=> #mentions #before #body)
}

/// The body in its braces, but without a warning that they are superfluous.
///
/// The compiler warns if a block is nothing but an expression in braces that the user wrote.
/// Braces that it takes for generated have the edition of this crate; without a statement inside,
/// no rule depends on that.
pub(super) fn unlinted(body: &Group) -> Group {
    let has_statements = body.stream().into_iter().any(
        |tree| matches!(tree, proc_macro2::TokenTree::Punct(semicolon) if semicolon.as_char() == ';'),
    );
    let mut body = body.clone();
    if !has_statements {
        body.set_span(generated().located_at(body.span()));
    }
    body
}

/// `let _ = (&b, &a);`: captures whole variables, in the order in which they are to be dropped.
fn mentions(plan: &Plan) -> TokenStream {
    let span = generated();
    let captured: Vec<_> = plan.params.captured().collect();
    if captured.is_empty() {
        return TokenStream::new();
    }
    if captured.iter().all(|(attrs, _)| attrs.is_empty()) {
        let names = captured.iter().map(|(_, name)| name);
        return quote_spanned!(span=> let _ = (#(&#names,)*););
    }
    captured
        .iter()
        .map(|(attrs, name)| quote_spanned!(span=> #(#attrs)* let _ = &#name;))
        .collect()
}

/// Tells the compiler what type the block has, without running: `return` and the last
/// expression are then coerced as they are in the bare function.
pub(super) fn expectation(expected: &Expected, private: &Private) -> TokenStream {
    let span = generated();
    let value = match expected {
        Expected::Unknown => return TokenStream::new(),
        Expected::Unit => TokenStream::new(),
        Expected::Never => {
            quote_spanned!(span=> #private::probe::typed::<#private::core::convert::Infallible>())
        }
        Expected::Aliased { alias, .. } => {
            quote_spanned!(span=>
                #private::probe::typed::<<#alias as #private::core::future::Future>::Output>()
            )
        }
        Expected::Type(ty) => {
            // "expected because of this type" points at the type.
            let private = private.at(syn::spanned::Spanned::span(ty));
            let span = private.span();
            quote_spanned!(span=> #private::probe::typed::<#ty>())
        }
    };
    quote_spanned!(span=> if false { return #value; })
}

/// A block with statements before what it contains.
pub(super) fn prefixed(block: &Group, before: &TokenStream) -> TokenStream {
    let span = generated().located_at(block.span());
    let starts_with_attribute = block.stream().into_iter().next().is_some_and(
        |first| matches!(first, proc_macro2::TokenTree::Punct(hash) if hash.as_char() == '#'),
    );
    if before.is_empty() || starts_with_attribute {
        return quote_spanned!(span=> #block);
    }
    let block = unlinted(block);
    quote_spanned!(span=> { #before #block })
}
