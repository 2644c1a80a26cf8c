//! Does the body set only attributes that the annotation declares?
//!
//! Looks at `set_attributes!(..)` and `otel_runtime::set_attribute("key", ..)` as written inside
//! the body, where they mean the function's own span. They mean another one inside of a function
//! with an annotation of its own, of what is given to `in_scope`, or of a future that goes on with
//! `in_span`, and after `enter`. What is kept in a variable may be called anywhere: it is left out
//! if the body opens a span by hand.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::LitStr;
use syn::parse::{ParseStream, Parser};

use super::contains_keyword;
use super::exit::{is_punct, is_word, trees};
use crate::parse::{Field, Key, SetCall};

/// The keys that are set in the body and that `declared` does not list.
pub(crate) fn undeclared_keys(body: TokenStream, declared: &[&str]) -> Vec<Key> {
    if !["set_attribute", "set_attributes"]
        .iter()
        .any(|word| contains_keyword(body.clone(), word))
    {
        return Vec::new();
    }
    let mut search = Search {
        opens_spans: opens_spans(&trees(body.clone())),
        keys: Vec::new(),
    };
    search.sequence(&trees(body));
    search
        .keys
        .retain(|key| !declared.contains(&key.text.as_str()));
    search.keys
}

struct Search {
    /// A span is opened by hand somewhere in the body.
    opens_spans: bool,
    /// What is set on the function's own span.
    keys: Vec<Key>,
}

/// The rest of a block belongs to another span.
struct Entered;

impl Search {
    fn sequence(&mut self, trees: &[TokenTree]) -> Option<Entered> {
        let mut at = 0;
        while at < trees.len() {
            let rest = &trees[at..];
            let before = at.checked_sub(1).map(|before| &trees[before]);
            let is_method = is_punct(before, '.');
            at += match &rest[0] {
                TokenTree::Punct(hash) if hash.as_char() == '#' && is_annotation(rest.get(1)) => {
                    to_group(rest, Delimiter::Brace)
                }
                TokenTree::Ident(word) if self.opens_spans && word == "fn" => {
                    to_group(rest, Delimiter::Brace)
                }
                TokenTree::Ident(word) if self.opens_spans && word == "let" => kept_length(rest),
                TokenTree::Ident(word) if is_method && word == "in_scope" => past_arguments(rest),
                TokenTree::Ident(word)
                    if is_method
                        && (word == "run" || word == "wrap")
                        && is_of_context(&trees[..at]) =>
                {
                    past_arguments(rest)
                }
                TokenTree::Ident(word) if is_method && word == "enter" => return Some(Entered),
                TokenTree::Ident(word)
                    if word == "set_attributes" && is_punct(rest.get(1), '!') =>
                {
                    self.call(rest.get(2));
                    3
                }
                TokenTree::Ident(word) if word == "otel_runtime" => {
                    self.function_call(rest);
                    1
                }
                TokenTree::Group(group) if !goes_on_elsewhere(rest) => {
                    let is_block = group.delimiter() == Delimiter::Brace;
                    let entered = self.sequence(&self::trees(group.stream()));
                    if !is_block && entered.is_some() {
                        return entered;
                    }
                    1
                }
                _ => 1,
            };
        }
        None
    }

    /// What stands in the parentheses of `set_attributes!`.
    fn call(&mut self, call: Option<&TokenTree>) {
        let Some(TokenTree::Group(call)) = call else {
            return;
        };
        let parser = |input: ParseStream<'_>| input.parse::<SetCall>();
        // The macro itself tells what is wrong.
        if let Ok(call) = parser.parse2(call.stream()) {
            let keys = call.fields.into_iter().map(|Field { key, .. }| key);
            self.keys.extend(keys);
        }
    }

    /// `otel_runtime::set_attribute("key", ..)`.
    fn function_call(&mut self, trees: &[TokenTree]) {
        let [_, colon, _, name, TokenTree::Group(arguments), ..] = trees else {
            return;
        };
        if !is_punct(Some(colon), ':') || !is_word(Some(name), "set_attribute") {
            return;
        }
        let key = |input: ParseStream<'_>| {
            let key: LitStr = input.parse()?;
            let _: TokenStream = input.parse()?;
            Ok(key)
        };
        if let Ok(key) = key.parse2(arguments.stream()) {
            self.keys.push(Key {
                text: key.value(),
                span: key.span(),
            });
        }
    }
}

/// True if the tokens open a span by hand.
fn opens_spans(trees: &[TokenTree]) -> bool {
    const METHODS: &[&str] = &["enter", "in_context", "in_scope", "in_span"];
    trees.iter().enumerate().any(|(at, tree)| match tree {
        TokenTree::Group(group) => opens_spans(&self::trees(group.stream())),
        TokenTree::Ident(word) => {
            METHODS.iter().any(|method| word == method)
                || word == "span" && is_punct(trees.get(at + 1), '!')
        }
        _ => false,
    })
}

/// True at a group after which `.in_span(..)` or `.in_context(..)` comes, perhaps after other
/// methods.
fn goes_on_elsewhere(trees: &[TokenTree]) -> bool {
    let mut rest = &trees[1..];
    loop {
        rest = match rest {
            [TokenTree::Punct(dot), TokenTree::Ident(method), after @ ..]
                if dot.as_char() == '.' =>
            {
                if method == "in_span" || method == "in_context" {
                    return true;
                }
                after
            }
            [TokenTree::Group(group), after @ ..]
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                after
            }
            _ => return false,
        };
    }
}

/// True if the statement so far names a context.
fn is_of_context(before: &[TokenTree]) -> bool {
    before
        .iter()
        .rev()
        .take_while(|tree| !is_punct(Some(tree), ';'))
        .any(|tree| {
            matches!(tree, TokenTree::Ident(word) if word.to_string().to_lowercase().contains("context"))
        })
}

/// The length of `let name = || ..;` or `let name = async ..;`; 1 at another `let`.
fn kept_length(trees: &[TokenTree]) -> usize {
    let is_end = |tree: &&TokenTree| is_punct(Some(tree), ';');
    let end = trees
        .iter()
        .position(|tree| is_end(&tree))
        .unwrap_or(trees.len());
    let value = trees[..end]
        .iter()
        .position(|tree| is_punct(Some(tree), '='));
    let first = value.and_then(|equals| trees.get(equals + 1));
    let is_kept = is_punct(first, '|') || ["async", "move"].iter().any(|word| is_word(first, word));
    if is_kept { end } else { 1 }
}

/// The length of a method's name, its type arguments and its arguments.
fn past_arguments(trees: &[TokenTree]) -> usize {
    let types = match is_punct(trees.get(1), ':') {
        true => trees.iter().position(|tree| is_punct(Some(tree), '>')),
        false => None,
    };
    let types = types.unwrap_or(0);
    types + to_group(&trees[types..], Delimiter::Parenthesis)
}

/// The length up to the next group of this kind, with it.
fn to_group(trees: &[TokenTree], delimiter: Delimiter) -> usize {
    let is_end = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter);
    trees
        .iter()
        .position(is_end)
        .map_or(trees.len(), |end| end + 1)
}

/// True at the brackets of `#[traced]` and `#[otel_runtime::traced(..)]`.
fn is_annotation(brackets: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(attr)) = brackets else {
        return false;
    };
    attr.delimiter() == Delimiter::Bracket
        && attr
            .stream()
            .into_iter()
            .take_while(|tree| !matches!(tree, TokenTree::Group(_)))
            .filter(|tree| matches!(tree, TokenTree::Ident(_)))
            .last()
            .is_some_and(|last| is_word(Some(&last), "traced"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(body: &str, expected: &[&str]) {
        let keys = undeclared_keys(body.parse().unwrap(), &["declared"]);
        let found: Vec<&str> = keys.iter().map(|key| key.text.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn keys_of_the_functions_own_span_are_found() {
        finds("set_attributes!(a = 1, declared = 2, %b.c);", &["a", "b.c"]);
        finds(
            "otel_runtime::set_attribute(\"a\", 1); set_attribute(\"b\", 1);",
            &["a"],
        );
        finds("if x { || set_attributes!(a = 1) }", &["a"]);
        finds("pool.run(|| set_attributes!(a = 1));", &["a"]);
        finds("fn f() { set_attributes!(a = 1) }", &["a"]);
    }

    #[test]
    fn a_span_by_hand_hides_only_what_belongs_to_it() {
        finds(
            "let mut s = span!(\"s\"); set_attributes!(a = 1); s.in_scope(|| set_attributes!(b = 1)); set_attributes!(c = 1);",
            &["a", "c"],
        );
        finds(
            "set_attributes!(a = 1); { let _inside = s.enter(); set_attributes!(b = 1); } set_attributes!(c = 1);",
            &["a", "c"],
        );
        finds(
            "set_attributes!(a = 1); let _inside = Some(s.enter()); set_attributes!(b = 1);",
            &["a"],
        );
        finds(
            "async { set_attributes!(b = 1) }.boxed().in_span(s).await; set_attributes!(a = 1);",
            &["a"],
        );
        finds(
            "Box::pin(async { set_attributes!(b = 1) }).in_context(c).await;",
            &[],
        );
        finds("s.in_scope::<()>(|| set_attributes!(b = 1));", &[]);
        finds("Context::NONE.run(|| set_attributes!(b = 1));", &[]);
    }

    #[test]
    fn what_may_be_called_in_a_span_by_hand_is_left_out() {
        finds(
            "let work = move || set_attributes!(b = 1); s.in_scope(work); set_attributes!(a = 1);",
            &["a"],
        );
        finds("fn f() { set_attributes!(b = 1) } s.in_scope(f);", &[]);
        finds("let work = || set_attributes!(a = 1); work();", &["a"]);
    }

    #[test]
    fn functions_with_an_annotation_of_their_own_are_left_out() {
        finds(
            "#[traced(fields(b = _))] fn f() { set_attributes!(b = 1) } set_attributes!(a = 1);",
            &["a"],
        );
    }
}
