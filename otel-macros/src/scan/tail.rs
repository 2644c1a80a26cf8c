//! The last expression of a body, where it makes a future.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A body in two parts: what runs at once, and the future at its end.
pub(crate) struct Tail {
    /// The statements before it.
    pub(crate) eager: TokenStream,
    /// `Box::pin` and what else stands before the parentheses; empty for a bare future.
    pub(crate) wrapper: TokenStream,
    /// The future; for `async move {..}.method()` only the block.
    pub(crate) future: TokenStream,
    /// `async` and `move`, and the block, if the future is written as one.
    pub(crate) block: Option<(TokenStream, Group)>,
    /// `.method()` after the block.
    pub(crate) chain: TokenStream,
    /// The parentheses of the wrapper, for their span.
    pub(crate) parens: Option<Group>,
}

/// Finds `async {..}`, `async {..}.method()` or `Box::pin(..)` at the end of a body.
pub(crate) fn split_tail(body: TokenStream) -> Option<Tail> {
    let trees: Vec<TokenTree> = body.into_iter().collect();
    let start = tail_start(&trees);
    let (eager, tail) = trees.split_at(start);
    let eager: TokenStream = eager.iter().cloned().collect();
    if let Some((block, chain)) = async_block(tail) {
        return Some(Tail {
            eager,
            wrapper: TokenStream::new(),
            future: tail[..tail.len() - chain.len()].iter().cloned().collect(),
            block: Some(block),
            chain: chain.iter().cloned().collect(),
            parens: None,
        });
    }
    let (TokenTree::Group(parens), wrapper) = tail.split_last()? else {
        return None;
    };
    if parens.delimiter() != Delimiter::Parenthesis || !is_box_pin(wrapper) {
        return None;
    }
    let mut inner: Vec<TokenTree> = parens.stream().into_iter().collect();
    if matches!(inner.last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',') {
        inner.pop();
    }
    let (block, chain) = match async_block(&inner) {
        Some((block, chain)) => (Some(block), chain.to_vec()),
        None => (None, Vec::new()),
    };
    inner.truncate(inner.len() - chain.len());
    Some(Tail {
        eager,
        wrapper: wrapper.iter().cloned().collect(),
        future: inner.into_iter().collect(),
        block,
        chain: chain.into_iter().collect(),
        parens: Some(parens.clone()),
    })
}

/// Where the last expression begins: after the last `;` or closing brace that ends a statement.
fn tail_start(trees: &[TokenTree]) -> usize {
    let is_end = |index: usize| match &trees[index] {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            // `async {..}.method()` and `Foo {..}.x` go on after their braces, `let .. else {..};`
            // and `match {..}` do not.
            !matches!(
                trees.get(index + 1),
                Some(TokenTree::Punct(next)) if matches!(next.as_char(), '.' | '?' | ';' | ',')
            ) && !matches!(trees.get(index + 1), Some(TokenTree::Ident(word)) if word == "else")
                && !begins_async(&trees[..index])
        }
        _ => false,
    };
    (0..trees.len().saturating_sub(1))
        .rev()
        .find(|index| is_end(*index))
        .map_or(0, |index| index + 1)
}

/// True if the tokens end in `async` or `async move`.
fn begins_async(trees: &[TokenTree]) -> bool {
    let word = |tree: Option<&TokenTree>, text: &str| matches!(tree, Some(TokenTree::Ident(word)) if word == text);
    match trees {
        [before @ .., last] if word(Some(last), "move") => word(before.last(), "async"),
        _ => word(trees.last(), "async"),
    }
}

type AsyncBlock = (TokenStream, Group);

/// `async {..}` or `async move {..}` at the beginning, and the method calls after it.
fn async_block(trees: &[TokenTree]) -> Option<(AsyncBlock, &[TokenTree])> {
    let words = trees
        .iter()
        .take_while(|tree| matches!(tree, TokenTree::Ident(_)))
        .count();
    let (keywords, rest) = trees.split_at(words);
    if !begins_async(keywords) || keywords.len() > 2 {
        return None;
    }
    let (TokenTree::Group(block), chain) = rest.split_first()? else {
        return None;
    };
    let is_chain =
        chain.is_empty() || matches!(&chain[0], TokenTree::Punct(dot) if dot.as_char() == '.');
    if block.delimiter() != Delimiter::Brace || !is_chain {
        return None;
    }
    Some(((keywords.iter().cloned().collect(), block.clone()), chain))
}

/// True in `Box::pin`, `std::boxed::Box::pin`, `::std::boxed::Box::pin`.
fn is_box_pin(trees: &[TokenTree]) -> bool {
    let mut words = Vec::new();
    for tree in trees {
        match tree {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Punct(colon) if colon.as_char() == ':' => {}
            _ => return false,
        }
    }
    words.ends_with(&["Box".to_owned(), "pin".to_owned()]) && words[0] != "return"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(body: &str) -> Option<(String, String, String)> {
        let tail = split_tail(body.parse().unwrap())?;
        Some((
            tail.eager.to_string(),
            tail.future.to_string(),
            tail.chain.to_string(),
        ))
    }

    #[test]
    fn the_future_at_the_end_is_found() {
        let found = |eager: &str, future: &str, chain: &str| {
            Some((eager.to_owned(), future.to_owned(), chain.to_owned()))
        };
        assert_eq!(split("async move { 1 }"), found("", "async move { 1 }", ""));
        assert_eq!(
            split("let a = 1 ; async { a }"),
            found("let a = 1 ;", "async { a }", "")
        );
        assert_eq!(
            split("if a { b () } Box :: pin (c)"),
            found("if a { b () }", "c", "")
        );
        assert_eq!(
            split("fn g () { } async move { 1 } . boxed ()"),
            found("fn g () { }", "async move { 1 }", ". boxed ()")
        );
    }

    #[test]
    fn other_ends_are_left_alone() {
        assert_eq!(split("other (async move { 1 })"), None);
        assert_eq!(split("let a = async { 1 } ; a"), None);
        assert_eq!(split("if a { async { 1 } } else { b }"), None);
        assert_eq!(split(""), None);
    }
}
