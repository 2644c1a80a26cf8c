//! Does the body set only attributes that the annotation declares?
//!
//! Looks at `set_attributes!(..)` as written inside the body. Functions inside
//! that have an annotation of their own are left out, and so is everything if
//! a span is opened by hand, which may be the one that is meant.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser;

use crate::parse::{Field, Key, SetCall};

/// The keys that are set in the body and that `declared` does not list.
pub(crate) fn undeclared_keys(body: TokenStream, declared: &[&str]) -> Vec<Key> {
    let mut calls = Vec::new();
    if collect_calls(body, &mut calls).is_none() {
        return Vec::new();
    }
    calls
        .into_iter()
        .filter_map(|call| {
            let parser = |input: syn::parse::ParseStream<'_>| input.parse::<SetCall>();
            parser.parse2(call.stream()).ok() // the macro itself tells what is wrong
        })
        .flat_map(|call| call.fields)
        .map(|Field { key, .. }| key)
        .filter(|key| !declared.contains(&key.text.as_str()))
        .collect()
}

/// Collects what stands in the parentheses of each call; `None` if a span is opened by hand.
fn collect_calls(tokens: TokenStream, calls: &mut Vec<Group>) -> Option<()> {
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(hash) if hash.as_char() == '#' => {
                let is_annotation = matches!(
                    trees.peek(),
                    Some(TokenTree::Group(attr))
                        if attr.delimiter() == Delimiter::Bracket && is_traced(attr.stream())
                );
                if is_annotation {
                    trees.by_ref().find(|tree| {
                        matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
                    });
                }
            }
            TokenTree::Ident(word) => {
                let is_call =
                    matches!(trees.peek(), Some(TokenTree::Punct(bang)) if bang.as_char() == '!');
                if is_call && word == "span" {
                    return None;
                }
                if is_call && word == "set_attributes" {
                    let _ = trees.next();
                    if let Some(TokenTree::Group(call)) = trees.next() {
                        calls.push(call);
                    }
                }
            }
            TokenTree::Group(group) => collect_calls(group.stream(), calls)?,
            _ => {}
        }
    }
    Some(())
}

/// True in `traced`, `otel_runtime::traced(..)`.
fn is_traced(attr: TokenStream) -> bool {
    attr.into_iter()
        .take_while(|tree| !matches!(tree, TokenTree::Group(_)))
        .filter_map(|tree| match tree {
            TokenTree::Ident(word) => Some(word),
            _ => None,
        })
        .last()
        .is_some_and(|last| last == "traced")
}
