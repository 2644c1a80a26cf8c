//! The third phase: the plan written down as Rust.
//!
//! Generated names have the span of the macro's definition, so that no name
//! of the user's is taken or meant by mistake, and everything else is reached
//! through one absolute path into the runtime. The user's tokens go out as they
//! came in.

mod block;
mod body;
mod classify;
mod future;
mod label;
mod manual;
mod metering;
mod metric;
mod outcome;
mod query;
mod site;
mod sync;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::FnArg;

use crate::plan::{Plan, Shape};

pub(crate) use block::block;
pub(crate) use classify::classify;
pub(crate) use label::label;
pub(crate) use manual::{event, set_attributes, span};
pub(crate) use metric::metric;
pub(crate) use site::Private;

/// The annotated function with its span around the body.
pub(crate) fn function(plan: &Plan) -> TokenStream {
    let private = Private::new(plan.site.runtime.as_ref());
    let statements = match &plan.shape {
        Shape::Plain => sync::plain(plan, &private),
        Shape::Observed { output, .. } => sync::observed(plan, &private, output),
        Shape::Tracked { output, fallible } => sync::tracked(plan, &private, output, *fallible),
        Shape::Async(expected) => future::async_fn(plan, &private, expected),
        Shape::Future { expected, boxed } => {
            future::returned(plan, &private, expected, boxed.as_deref())
        }
        Shape::Stream { boxed, .. } => future::stream(plan, &private, boxed.as_deref()),
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
    let used = function.stacked.iter().map(used);
    let query = plan.site.query.as_ref().and_then(query::constant);
    let mut body = Group::new(
        Delimiter::Brace,
        quote!(#inner_attrs #(#used)* #query #statements),
    );
    // The item's span ends here; were it not the user's, some lints would not look at the item.
    body.set_span(function.body.span());
    body.to_tokens(&mut tokens);
    tokens
}

/// Uses an annotation that was taken off: else the compiler would say that its import is not.
fn used(annotation: &TokenStream) -> TokenStream {
    quote_spanned! {generated()=>
        use #annotation as _;
    }
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

/// A name of generated code.
///
/// Variables cannot be mentioned by the user, but a constant of the same name would be meant
/// where a variable is to be bound: hence the prefix.
fn hidden(name: &str) -> Ident {
    match name.strip_prefix("__") {
        Some(name) => Ident::new(&format!("__otelkit_{name}"), Span::mixed_site()),
        None => Ident::new(name, Span::mixed_site()),
    }
}

/// The span of generated code.
fn generated() -> Span {
    Span::mixed_site()
}
