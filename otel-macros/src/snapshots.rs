//! Expansions compared with what was accepted before, in `src/snapshots/`.
//!
//! `UPDATE=1 cargo test -p otel-macros` writes them anew; look at the diff.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use crate::parse::Annotation;

/// Expands every annotation in the input, formatted; a type derives `Label` if it says so, or else
/// `Classify`.
fn expansion(source: &str) -> String {
    let mut formatted = String::new();
    for item in syn::parse_str::<syn::File>(source).unwrap().items {
        let whole = quote::ToTokens::to_token_stream(&item);
        let tokens = match annotation(&item) {
            Some((annotation, options, item)) => {
                crate::annotated::expand(annotation, options, item)
            }
            None if derives_label(&item) => crate::label::expand(whole),
            None if matches!(item, syn::Item::Enum(_) | syn::Item::Struct(_)) => {
                crate::classify::expand(whole)
            }
            None => whole,
        };
        let file: syn::File =
            syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error} in {tokens}"));
        formatted.push_str(&prettyplease::unparse(&file));
    }
    formatted
}

fn derives_label(item: &syn::Item) -> bool {
    let syn::Item::Enum(item) = item else {
        return false;
    };
    item.attrs.iter().any(|attr| {
        attr.parse_args::<syn::Ident>()
            .is_ok_and(|name| name == "Label")
    })
}

/// The first annotation with its options, and the item without it.
fn annotation(item: &syn::Item) -> Option<(Annotation, TokenStream, TokenStream)> {
    let tokens = quote::ToTokens::to_token_stream(item);
    let mut trees = tokens.into_iter().peekable();
    let mut before = Vec::new();
    while let Some(tree) = trees.next() {
        if let TokenTree::Punct(hash) = &tree
            && hash.as_char() == '#'
            && let Some(TokenTree::Group(attr)) = trees.peek()
        {
            let mut inner = attr.stream().into_iter();
            let annotation = match inner.next() {
                Some(TokenTree::Ident(name)) if name == "traced" => Some(Annotation::Traced),
                Some(TokenTree::Ident(name)) if name == "metered" => Some(Annotation::Metered),
                Some(TokenTree::Ident(name)) if name == "db_query" => Some(Annotation::DbQuery),
                _ => None,
            };
            if let Some(annotation) = annotation {
                let options = match inner.next() {
                    Some(TokenTree::Group(options)) => options.stream(),
                    _ => TokenStream::new(),
                };
                trees.next();
                return Some((
                    annotation,
                    options,
                    before.into_iter().chain(trees).collect(),
                ));
            }
        }
        before.push(tree);
    }
    None
}

fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots");
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".in.rs"))
        // Statements are read with this feature only.
        .filter(|path| cfg!(feature = "sql") || !path.ends_with("db_query.in.rs"))
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn every_expansion_is_as_it_was_accepted() {
    let mut changed = Vec::new();
    for input in inputs() {
        let source = fs::read_to_string(&input).unwrap();
        let found = expansion(&source);
        let accepted = PathBuf::from(input.to_string_lossy().replace(".in.rs", ".out.rs"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&accepted, &found).unwrap();
        } else if fs::read_to_string(&accepted).unwrap_or_default() != found {
            changed.push(format!("{}:\n{found}", accepted.display()));
        }
    }
    assert!(
        changed.is_empty(),
        "set UPDATE=1 to accept:\n{}",
        changed.join("\n")
    );
}
