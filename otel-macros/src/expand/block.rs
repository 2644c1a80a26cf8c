//! An annotated `impl` block or trait, with an annotation on each method.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::quote_spanned;
use syn::LitStr;

use super::generated;
use crate::plan::{BlockPlan, MemberPlan};

/// The block, with the annotation on each method.
pub(crate) fn block(plan: &BlockPlan) -> TokenStream {
    let mut members = TokenStream::new();
    for member in &plan.members {
        members.extend(match member {
            MemberPlan::Untouched(tokens) => tokens.clone(),
            MemberPlan::Annotated {
                attrs,
                options,
                full_name,
                method,
                rest,
            } => {
                let full_name = full_name.as_ref().map(|name| {
                    let name = LitStr::new(name, method.span());
                    quote_spanned!(generated()=> name = #name)
                });
                let options = options
                    .iter()
                    .map(|option| quote_spanned!(generated()=> #option));
                let options = options.chain(full_name);
                let span = generated().located_at(method.span());
                let name = Ident::new(plan.annotation.name(), span);
                let annotation = match &plan.runtime {
                    Some(path) => quote_spanned!(span=> #[#path::#name(#(#options),*)]),
                    None => quote_spanned!(span=> #[::otel_runtime::#name(#(#options),*)]),
                };
                quote_spanned!(generated()=> #(#attrs)* #annotation #rest)
            }
        });
    }
    let mut braces = Group::new(Delimiter::Brace, members);
    braces.set_span(plan.braces.span());
    let header = &plan.header;
    quote_spanned!(generated()=> #header #braces)
}
