//! What the annotation of an `impl` block or trait means for each of its members.
//!
//! A method takes over the block's options. Its own win; fields and links join,
//! and of two fields with the same key the method's wins. Options about the
//! returned value go where there is such a value.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Attribute, Meta, Path, Signature};

use super::returned::{Returned, Spelling};
use crate::error::Errors;
use crate::parse::{
    Annotation, Block, Field, Form, Label, Member, Method, RawOption, argument_names,
};
use crate::scan;

/// An annotated block.
pub(crate) struct BlockPlan {
    /// What each method gets.
    pub(crate) annotation: Annotation,
    /// The crate that the generated code names, if not `::otel_runtime`.
    pub(crate) runtime: Option<Path>,
    /// Everything before the braces.
    pub(crate) header: TokenStream,
    pub(crate) members: Vec<MemberPlan>,
    /// The braces, for their span.
    pub(crate) braces: Group,
}

/// A member of an annotated block.
pub(crate) enum MemberPlan {
    /// A method that gets an annotation.
    Annotated {
        attrs: Vec<Attribute>,
        options: Vec<RawOption>,
        /// The span's name, unless an option says it.
        full_name: Option<String>,
        method: Ident,
        rest: TokenStream,
    },
    /// Anything else, as it was.
    Untouched(TokenStream),
}

impl BlockPlan {
    /// Distributes the options of the block to its methods.
    pub(crate) fn new(
        annotation: Annotation,
        block: Block,
        defaults: &[RawOption],
        runtime: Option<Path>,
        errors: &mut Errors,
    ) -> Self {
        let owner = block.owner.as_deref();
        let members = block.members.into_iter().map(|member| match member {
            Member::Other(tokens) => MemberPlan::Untouched(tokens),
            Member::Method(method) => MemberPlan::new(annotation, *method, owner, defaults, errors),
        });
        Self {
            annotation,
            members: members.collect(),
            runtime,
            header: block.header,
            braces: block.braces,
        }
    }
}

impl MemberPlan {
    fn new(
        annotation: Annotation,
        method: Method,
        owner: Option<&str>,
        defaults: &[RawOption],
        errors: &mut Errors,
    ) -> Self {
        let Method { attrs, sig, rest } = method;
        let name = sig.ident.clone();
        let (own, attrs): (Vec<Attribute>, Vec<Attribute>) =
            (attrs.into_iter()).partition(|attr| is_annotation(attr, annotation));
        let options = own.first().map_or_else(Vec::new, own_options);
        let is_skipped = is_given(&options, "skip");
        let decides_itself = (attrs.iter()).any(|attr| is_conditional_annotation(attr, annotation));
        if let Some(keyword) = &sig.constness
            && !is_skipped
        {
            let message = format!(
                "a `const fn` cannot be observed, because it may run in the compiler; add \
                 `#[{}(skip)]` to `{name}`",
                annotation.name()
            );
            errors.at(keyword.span, message);
        }
        if is_skipped || decides_itself || sig.constness.is_some() {
            return Self::Untouched(quote!(#(#attrs)* #rest));
        }
        // The name of metrics is another matter, and a query is named by its statement.
        let asks = (attrs.iter()).any(|attr| is_annotation(attr, Annotation::DbQuery));
        let is_named = annotation == Annotation::Metered || asks || is_given(&options, "name");
        Self::Annotated {
            full_name: owner
                .filter(|_| !is_named)
                .map(|owner| format!("{owner}::{name}")),
            options: joined(options, defaults, &sig),
            attrs,
            method: name,
            rest,
        }
    }
}

/// The method's own options and those that it takes over.
fn joined(own: Vec<RawOption>, defaults: &[RawOption], sig: &Signature) -> Vec<RawOption> {
    let mut options = own;
    let returned = Returned::of(sig);
    let spelling = returned.value.spelling();
    for default in defaults {
        let is_wanted = match default.name.to_string().as_str() {
            "fields" | "labels" => {
                join_keyed(&mut options, default);
                false
            }
            "links" => {
                join_links(&mut options, default);
                false
            }
            "ret" => spelling != Spelling::Nothing,
            "err" if matches!(default.form, Form::Flag) => {
                matches!(spelling, Spelling::Result | Spelling::Unknown)
            }
            "err" | "ok_if" | "expected" => spelling == Spelling::Result,
            "none" => spelling == Spelling::Option,
            "busy" => returned.is_polled(),
            "parent" => !is_given(&options, "root"),
            "root" => !is_given(&options, "parent"),
            _ => true,
        };
        if is_wanted && !options.iter().any(|option| option.name == default.name) {
            options.push(default.clone());
        }
    }
    options
}

/// Adds the block's fields or labels, but for keys that the method says itself.
fn join_keyed(options: &mut Vec<RawOption>, default: &RawOption) {
    let Some(inherited) = written_keyed(default) else {
        return;
    };
    let own = options
        .iter()
        .position(|option| option.name == default.name);
    let mut fields = match own.map(|own| written_keyed(&options[own])) {
        None => Vec::new(),
        Some(Some(fields)) => fields,
        Some(None) => return, // the method tells itself what is wrong
    };
    let captured = options.iter().filter_map(|option| match &option.form {
        Form::List(list) if option.name == "args" => argument_names.parse2(list.clone()).ok(),
        _ => None,
    });
    let captured: Vec<String> = captured
        .flatten()
        .map(|(_, name)| syn::ext::IdentExt::unraw(&name).to_string())
        .collect();
    let is_new =
        |key: &String| !captured.contains(key) && !fields.iter().any(|(own, _)| own == key);
    let mut all: Vec<(String, TokenStream)> = inherited;
    all.retain(|(key, _)| is_new(key));
    all.append(&mut fields);
    let all = all.iter().map(|(_, field)| field);
    let name = own.map_or(&default.name, |own| &options[own].name).clone();
    let form = Form::List(quote!(#(#all),*));
    set(options, own, RawOption { name, form });
}

/// Adds the block's links.
fn join_links(options: &mut Vec<RawOption>, default: &RawOption) {
    let own = options.iter().position(|option| option.name == "links");
    let Some(index) = own else {
        return options.push(default.clone());
    };
    let (inherited, links) = (links_of(default), links_of(&options[index]));
    let name = options[index].name.clone();
    let form = Form::List(quote!(#inherited, #links));
    set(options, own, RawOption { name, form });
}

fn set(options: &mut Vec<RawOption>, index: Option<usize>, option: RawOption) {
    match index {
        Some(index) => options[index] = option,
        None => options.push(option),
    }
}

fn is_given(options: &[RawOption], name: &str) -> bool {
    options.iter().any(|option| option.name == name)
}

/// The fields or labels of an option, each with its key and as it is written.
fn written_keyed(option: &RawOption) -> Option<Vec<(String, TokenStream)>> {
    match &option.form {
        Form::List(list) if option.name == "labels" => Label::split_list(list.clone()).ok(),
        Form::List(list) => Field::split_list(list.clone()).ok(),
        _ => None,
    }
}

/// The links of an option as a list without a comma at its end.
fn links_of(option: &RawOption) -> TokenStream {
    match &option.form {
        Form::Value(value) => value.to_token_stream(),
        Form::List(list) => {
            let mut trees: Vec<_> = list.clone().into_iter().collect();
            if matches!(trees.last(), Some(proc_macro2::TokenTree::Punct(comma)) if comma.as_char() == ',')
            {
                trees.pop();
            }
            trees.into_iter().collect()
        }
        Form::Flag => TokenStream::new(),
    }
}

/// True for `#[traced]` and `#[otel_runtime::traced(..)]`.
fn is_annotation(attr: &Attribute, annotation: Annotation) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == annotation.name())
}

/// True for `#[cfg_attr(.., traced(..))]`.
fn is_conditional_annotation(attr: &Attribute, annotation: Annotation) -> bool {
    let name = Ident::new(annotation.name(), Span::call_site());
    attr.path().is_ident("cfg_attr") && scan::mentions(attr.to_token_stream(), &name)
}

/// The method's own options; it tells itself what is wrong with them.
fn own_options(attr: &Attribute) -> Vec<RawOption> {
    match &attr.meta {
        Meta::List(list) => RawOption::parse_all(list.tokens.clone(), &mut Errors::default()),
        _ => Vec::new(),
    }
}

/// What cannot be said of all methods at once.
pub(crate) fn check_defaults(annotation: Annotation, defaults: &[RawOption], errors: &mut Errors) {
    let singular: &[&str] = match annotation {
        Annotation::Traced => &["name", "args"],
        Annotation::Metered => &["counter", "up_down", "histogram"],
        Annotation::DbQuery => &[],
    };
    for option in defaults {
        let name = option.name.to_string();
        if singular.contains(&name.as_str()) {
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
