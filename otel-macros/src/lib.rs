//! The attribute macros of OtelKit; use them through the `otel-runtime` crate,
//! which documents them.
//!
//! Four phases, each a folder: `parse` reads tokens, `scan` answers questions
//! about a body without understanding it, `plan` checks the rules and decides,
//! `expand` writes. Whatever is wrong is told at once, and the user's item
//! always comes back out.

mod annotated;
mod classify;
mod error;
mod expand;
mod label;
mod manual;
mod metric;
mod parse;
mod plan;
mod scan;
#[cfg(test)]
mod snapshots;

use proc_macro::TokenStream;

use crate::parse::Annotation;

#[doc = include_str!("docs/traced.md")]
#[proc_macro_attribute]
pub fn traced(options: TokenStream, item: TokenStream) -> TokenStream {
    annotated::expand(Annotation::Traced, options.into(), item.into()).into()
}

#[doc = include_str!("docs/metered.md")]
#[proc_macro_attribute]
pub fn metered(options: TokenStream, item: TokenStream) -> TokenStream {
    annotated::expand(Annotation::Metered, options.into(), item.into()).into()
}

#[doc = include_str!("docs/db_query.md")]
#[proc_macro_attribute]
pub fn db_query(options: TokenStream, item: TokenStream) -> TokenStream {
    annotated::expand(Annotation::DbQuery, options.into(), item.into()).into()
}

#[doc = include_str!("docs/metric.md")]
#[proc_macro_attribute]
pub fn metric(options: TokenStream, item: TokenStream) -> TokenStream {
    metric::expand(options.into(), item.into()).into()
}

#[doc = include_str!("docs/span.md")]
#[proc_macro]
pub fn span(call: TokenStream) -> TokenStream {
    manual::span(call.into()).into()
}

#[doc = include_str!("docs/event.md")]
#[proc_macro]
pub fn event(call: TokenStream) -> TokenStream {
    manual::event(call.into()).into()
}

#[doc = include_str!("docs/set_attributes.md")]
#[proc_macro]
pub fn set_attributes(call: TokenStream) -> TokenStream {
    manual::set_attributes(call.into()).into()
}

#[doc = include_str!("docs/classify.md")]
#[proc_macro_derive(Classify, attributes(classify))]
pub fn classify(item: TokenStream) -> TokenStream {
    classify::expand(item.into()).into()
}

#[doc = include_str!("docs/label.md")]
#[proc_macro_derive(Label, attributes(label))]
pub fn label(item: TokenStream) -> TokenStream {
    label::expand(item.into()).into()
}
