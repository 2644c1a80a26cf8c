//! The places where control leaves a body: each `return`, each `?`, and its end.
//!
//! Closures, `async` blocks and functions inside the body have exits of their
//! own and are left alone. So are calls of macros, whose tokens may mean
//! anything; whether one of them seems to leave is told.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, ExprClosure};

/// Writes the exits of a body anew.
pub(crate) trait Exits: Sized {
    /// What takes the place of `return operand`; `word` is the `return`.
    fn at_return(walk: &mut Walk<Self>, word: &Ident, operand: &[TokenTree]) -> TokenStream;

    /// What is put between an operand and its `?`.
    fn at_question(&mut self) -> TokenStream;
}

/// A walk through the tokens of a body.
pub(crate) struct Walk<R> {
    pub(crate) exits: R,
    /// How many exits have been written anew.
    pub(crate) changes: usize,
    /// How many `?` have been found.
    pub(crate) questions: usize,
    /// A macro's tokens hold a `return`.
    pub(crate) hides_return: bool,
    /// A macro's tokens hold a `?`.
    pub(crate) hides_question: bool,
}

impl<R: Exits> Walk<R> {
    pub(crate) fn new(exits: R) -> Self {
        Self {
            exits,
            changes: 0,
            questions: 0,
            hides_return: false,
            hides_question: false,
        }
    }

    /// The tokens, with their exits written anew.
    pub(crate) fn tokens(&mut self, trees: &[TokenTree]) -> TokenStream {
        let mut written = TokenStream::new();
        let mut rest = trees;
        let mut before: Option<&TokenTree> = None;
        while let Some(tree) = rest.first() {
            let foreign = self.foreign(before, rest);
            let taken = if foreign > 0 {
                written.extend(rest[..foreign].iter().cloned());
                foreign
            } else {
                match tree {
                    TokenTree::Ident(word) if word == "return" => {
                        let operand = operand_length(&rest[1..]);
                        self.changes += 1;
                        written.extend(R::at_return(self, word, &rest[1..=operand]));
                        1 + operand
                    }
                    TokenTree::Punct(mark) if mark.as_char() == '?' && is_operand(before) => {
                        let inserted = self.exits.at_question();
                        self.questions += 1;
                        self.changes += usize::from(!inserted.is_empty());
                        written.extend(inserted);
                        written.extend([tree.clone()]);
                        1
                    }
                    TokenTree::Group(group) => {
                        let changes = self.changes;
                        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                        let inner = self.tokens(&inner);
                        let is_same = self.changes == changes;
                        written.extend([if is_same {
                            tree.clone()
                        } else {
                            regrouped(group, inner).into()
                        }]);
                        1
                    }
                    _ => {
                        written.extend([tree.clone()]);
                        1
                    }
                }
            };
            before = Some(&rest[taken - 1]);
            rest = &rest[taken..];
        }
        written
    }

    /// How many tokens at the beginning are no part of the body's own control flow.
    fn foreign(&mut self, before: Option<&TokenTree>, trees: &[TokenTree]) -> usize {
        let group = |index: usize, delimiter| matches!(trees.get(index), Some(TokenTree::Group(group)) if group.delimiter() == delimiter);
        match &trees[0] {
            TokenTree::Punct(hash) if hash.as_char() == '#' && group(1, Delimiter::Bracket) => 2,
            TokenTree::Punct(pipe) if pipe.as_char() == '|' => {
                if !is_operand(before) {
                    return closure_length(trees);
                }
                let is_or = pipe.spacing() == Spacing::Joint && is_punct(trees.get(1), '|');
                1 + usize::from(is_or)
            }
            TokenTree::Ident(word) if word == "async" => {
                let is_move = is_word(trees.get(1), "move");
                let block = 1 + usize::from(is_move);
                if group(block, Delimiter::Brace) {
                    block + 1
                } else {
                    closure_length(trees)
                }
            }
            TokenTree::Ident(word) if word == "move" || word == "static" => closure_length(trees),
            TokenTree::Ident(word)
                if word == "fn" && matches!(trees.get(1), Some(TokenTree::Ident(_))) =>
            {
                let is_end = |tree: &TokenTree| match tree {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    tree => is_punct(Some(tree), ';'),
                };
                trees
                    .iter()
                    .position(is_end)
                    .map_or(trees.len(), |end| end + 1)
            }
            TokenTree::Ident(_) if is_punct(trees.get(1), '!') => {
                let is_named = matches!(trees.get(2), Some(TokenTree::Ident(_)));
                let index = 2 + usize::from(is_named);
                let Some(TokenTree::Group(call)) = trees.get(index) else {
                    return 0;
                };
                self.hides_return |= super::contains_keyword(call.stream(), "return");
                self.hides_question |= super::contains_question_mark(call.stream());
                index + 1
            }
            _ => 0,
        }
    }
}

/// The group with other tokens between its delimiters.
pub(crate) fn regrouped(group: &Group, inner: TokenStream) -> Group {
    let mut regrouped = Group::new(group.delimiter(), inner);
    regrouped.set_span(group.span());
    regrouped
}

/// Parses at the beginning of the tokens; how many of them it takes.
pub(super) fn leading<T>(
    trees: &[TokenTree],
    parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> Option<(T, usize)> {
    let tokens: TokenStream = trees.iter().cloned().collect();
    let parser = |input: ParseStream<'_>| {
        let parsed = parser(input)?;
        let rest: TokenStream = input.parse()?;
        Ok((parsed, rest.into_iter().count()))
    };
    let (parsed, rest) = parser.parse2(tokens).ok()?;
    Some((parsed, trees.len().checked_sub(rest)?))
}

fn operand_length(trees: &[TokenTree]) -> usize {
    let operand = |input: ParseStream<'_>| {
        if Expr::peek(input) {
            Expr::parse(input)?;
        }
        Ok(())
    };
    leading(trees, operand).map_or(0, |((), length)| length)
}

/// The length of a closure; zero if the tokens are the beginning of a pattern, or of none.
fn closure_length(trees: &[TokenTree]) -> usize {
    let Some((_, length)) = leading(trees, ExprClosure::parse) else {
        return 0;
    };
    let after = trees.get(length);
    let is_pattern = is_punct(after, '=') || is_punct(after, '|') || is_word(after, "if");
    if is_pattern { 0 } else { length }
}

/// True if an operator after this token would be a binary or postfix one.
fn is_operand(tree: Option<&TokenTree>) -> bool {
    const PREFIXES: &[&str] = &[
        "as", "break", "dyn", "else", "if", "impl", "in", "let", "match", "move", "mut", "ref",
        "return", "static", "unsafe", "while",
    ];
    match tree {
        None => false,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '?',
        Some(TokenTree::Ident(word)) => !PREFIXES.iter().any(|prefix| word == prefix),
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
    }
}

pub(super) fn is_punct(tree: Option<&TokenTree>, character: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

pub(super) fn is_word(tree: Option<&TokenTree>, text: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(word)) if word == text)
}

/// The tokens as a list.
pub(crate) fn trees(tokens: impl ToTokens) -> Vec<TokenTree> {
    tokens.into_token_stream().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    struct Marks;

    impl Exits for Marks {
        fn at_return(walk: &mut Walk<Self>, _: &Ident, operand: &[TokenTree]) -> TokenStream {
            let operand = walk.tokens(operand);
            quote!(LEAVE(#operand))
        }

        fn at_question(&mut self) -> TokenStream {
            quote!(.ASK())
        }
    }

    #[track_caller]
    fn becomes(body: &str, expected: &str) {
        let body: TokenStream = body.parse().unwrap();
        let expected: TokenStream = expected.parse().unwrap();
        let found = Walk::new(Marks).tokens(&trees(body));
        assert_eq!(found.to_string(), expected.to_string());
    }

    #[test]
    fn a_return_takes_its_whole_operand() {
        becomes(
            "if a { return b::<C, D>(x) + 1; } e",
            "if a { LEAVE(b::<C, D>(x) + 1); } e",
        );
        becomes(
            "match a { 1 => return, _ => return Err(b), }",
            "match a { 1 => LEAVE(), _ => LEAVE(Err(b)), }",
        );
        becomes("return f(a?)", "LEAVE(f(a.ASK()?))");
    }

    #[test]
    fn every_question_mark_after_an_operand_is_found() {
        becomes("a?.b(c?)?;", "a.ASK()?.b(c.ASK()?).ASK()?;");
        becomes("let x = { f()? };", "let x = { f().ASK()? };");
        becomes(
            "if a || b? || c | d? {}",
            "if a || b.ASK()? || c | d.ASK()? {}",
        );
        becomes(
            "match x { | A | B if c? => d?, | _ => e }",
            "match x { | A | B if c.ASK()? => d.ASK()?, | _ => e }",
        );
    }

    #[test]
    fn what_has_exits_of_its_own_is_left_alone() {
        for body in [
            "a.map(|x| x?)",
            "let f = |x: u8| { return x; }; f",
            "a.map(move |_| -> Option<u8> { b? })",
            "let f = || a?; g",
            "x(|| return 1, || b?)",
            "async { a? }",
            "async move { return a; }",
            "fn inner<T: ?Sized>() -> R { return a?; }",
            "impl<T: ?Sized> A for B { fn c() { d? } }",
            "let a: &(dyn B + ?Sized) = c;",
        ] {
            becomes(body, body);
        }
    }

    #[test]
    fn a_closure_ends_where_its_body_ends() {
        becomes("f(|x| x?, y?)", "f(|x| x?, y.ASK()?)");
        becomes("let f = |x| x?; y?", "let f = |x| x?; y.ASK()?");
    }

    #[test]
    fn exits_that_a_macro_may_hide_are_told() {
        let mut walk = Walk::new(Marks);
        let body: TokenStream = "m!(a?); n! { return b } c != d".parse().unwrap();
        assert_eq!(
            walk.tokens(&trees(body.clone())).to_string(),
            body.to_string()
        );
        assert!(walk.hides_return && walk.hides_question);
    }
}
