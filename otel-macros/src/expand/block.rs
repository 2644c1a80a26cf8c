//! An annotated `impl` block or trait: the annotation goes to each method.

use proc_macro2::{Group, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, LitStr, Meta, Path};

use super::generated;
use crate::error::Errors;
use crate::parse::{Block, Form, Member, RawOption};

/// Options that each method takes over, unless it says otherwise.
///
/// Those about the returned value go to methods that return one, `busy` to those that are
/// `async`.
const FOR_RESULTS: &[&str] = &["ret", "err", "ok_if", "expected", "none"];

/// The block, with `#[traced(..)]` on each method.
pub(crate) fn distribute(
    block: Block,
    defaults: &[RawOption],
    runtime: Option<&Path>,
    errors: &mut Errors,
) -> TokenStream {
    let mut members = TokenStream::new();
    for member in block.members {
        match member {
            Member::Other(tokens) => members.extend(tokens),
            Member::Method {
                attrs,
                name,
                returns,
                is_async,
                constness,
                rest,
            } => {
                let own = attrs.iter().find(|attr| is_annotation(attr));
                let options = own.map_or_else(Vec::new, own_options);
                let is_skipped = options.iter().any(|option| option.name == "skip");
                let decides_itself = attrs.iter().any(is_conditional_annotation);
                if let Some(keyword) = &constness
                    && !is_skipped
                    && own.is_none()
                {
                    let message = format!(
                        "a `const fn` cannot be observed, because it may run in the compiler; add \
                         `#[traced(skip)]` to `{name}`"
                    );
                    errors.at(keyword.span, message);
                }
                let others = attrs.iter().filter(|attr| !is_annotation(attr));
                let wanted = !is_skipped && !decides_itself && constness.is_none();
                let annotation = wanted.then(|| {
                    let kept = defaults.iter().filter(|default| {
                        let for_result = FOR_RESULTS.iter().any(|option| default.name == option);
                        !options.iter().any(|option| option.name == default.name)
                            && (!for_result || returns)
                            && (default.name != "busy" || is_async)
                    });
                    let mut all: Vec<TokenStream> = options
                        .iter()
                        .chain(kept)
                        .map(ToTokens::to_token_stream)
                        .collect();
                    let is_named = options.iter().any(|option| option.name == "name");
                    if let (Some(owner), false) = (&block.owner, is_named) {
                        let full = LitStr::new(&format!("{owner}::{name}"), name.span());
                        all.push(quote_spanned!(generated()=> name = #full));
                    }
                    let span = generated().located_at(name.span());
                    match runtime {
                        Some(path) => quote_spanned!(span=> #[#path::traced(#(#all),*)]),
                        None => quote_spanned!(span=> #[::otel_runtime::traced(#(#all),*)]),
                    }
                });
                members.extend(quote_spanned!(generated()=> #(#others)* #annotation #rest));
            }
        }
    }
    let mut braces = Group::new(proc_macro2::Delimiter::Brace, members);
    braces.set_span(block.braces.span());
    let header = block.header;
    quote_spanned!(generated()=> #header #braces)
}

/// True for `#[traced]` and `#[otel_runtime::traced(..)]`.
fn is_annotation(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "traced")
}

/// True for `#[cfg_attr(.., traced(..))]`.
fn is_conditional_annotation(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg_attr")
        && crate::scan::mentions(
            attr.to_token_stream(),
            &proc_macro2::Ident::new("traced", generated()),
        )
}

/// The method's own options; it tells itself what is wrong with them.
fn own_options(attr: &Attribute) -> Vec<RawOption> {
    match &attr.meta {
        Meta::List(list) => RawOption::parse_all(list.tokens.clone(), &mut Errors::default()),
        _ => Vec::new(),
    }
}

/// What cannot be said of all methods at once.
pub(crate) fn check_defaults(defaults: &[RawOption], errors: &mut Errors) {
    for option in defaults {
        let name = option.name.to_string();
        if matches!(name.as_str(), "name" | "args") {
            let message =
                format!("`{name}` cannot be the same for every method; write it on the method");
            errors.at(option.span(), message);
        }
        if name == "skip" && matches!(option.form, Form::Flag) {
            errors.at(
                option.span(),
                "`skip` is for single methods; remove the annotation of the block",
            );
        }
    }
}
