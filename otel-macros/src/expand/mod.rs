//! The third phase: the plan written down as Rust.
//!
//! Generated names have the span of the macro's definition, so that no name
//! of the user's is taken or meant by mistake, and everything else is reached
//! through one absolute path into the runtime. The user's tokens go out as they
//! came in.

mod block;
mod body;
mod future;
mod manual;
mod outcome;
mod site;
mod sync;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::FnArg;

use crate::plan::{Plan, Shape};

pub(crate) use block::{check_defaults, distribute};
pub(crate) use manual::{event, set_attributes, span};
pub(crate) use site::Private;

/// The annotated function with its span around the body.
pub(crate) fn function(plan: &Plan) -> TokenStream {
    let private = Private::new(plan.site.runtime.as_ref());
    let statements = match &plan.shape {
        Shape::Plain => sync::plain(plan, &private),
        Shape::Observed { output, .. } => sync::observed(plan, &private, output),
        Shape::Tracked { output, .. } => sync::tracked(plan, &private, output),
        Shape::Async(expected) => future::async_fn(plan, &private, expected),
        Shape::Future { expected, boxed } => future::returned(plan, &private, expected, *boxed),
        Shape::Stream { item, boxed } => future::stream(plan, &private, item, *boxed),
    };
    let function = &plan.function;
    let mut tokens = TokenStream::new();
    for attr in &function.attrs {
        attr.to_tokens(&mut tokens);
    }
    function.vis.to_tokens(&mut tokens);
    function.default.to_tokens(&mut tokens);
    signature(plan, &mut tokens);
    let inner_attrs = &function.inner_attrs;
    let span = Span::mixed_site().located_at(function.body.span());
    tokens.extend(quote_spanned!(span=> { #inner_attrs #statements }));
    tokens
}

/// The signature as it was, but for patterns that are bound inside.
fn signature(plan: &Plan, tokens: &mut TokenStream) {
    let mut sig = plan.function.sig.clone();
    for (index, arg) in sig.inputs.iter_mut().enumerate() {
        let renamed: FnArg = plan.params.signature_arg(index, arg);
        *arg = renamed;
    }
    sig.to_tokens(tokens);
}

/// A name that only generated code can mention.
fn hidden(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// The span of generated code.
fn generated() -> Span {
    Span::mixed_site()
}
