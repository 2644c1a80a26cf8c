//! Does a body mention a name?
//!
//! Where tokens cannot tell, the answer is yes: a name inside a text may be a
//! captured format argument.

use proc_macro2::{Ident, TokenStream, TokenTree};

/// True if the name may be used somewhere in the tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    let text = name.to_string();
    any(tokens, &mut |tree| match tree {
        TokenTree::Ident(word) => word == name,
        TokenTree::Literal(literal) => {
            let literal = literal.to_string();
            literal.contains('{') && literal.contains(&text)
        }
        _ => false,
    })
}

/// True if the name may be used somewhere in the tokens; the names of fields and methods are others.
pub(crate) fn uses(tokens: TokenStream, name: &Ident) -> bool {
    let mut dots = 0;
    tokens.into_iter().any(|tree| {
        let is_member = dots == 1;
        dots = match &tree {
            TokenTree::Punct(dot) if dot.as_char() == '.' => dots + 1,
            _ => 0,
        };
        match tree {
            TokenTree::Group(group) => uses(group.stream(), name),
            TokenTree::Ident(_) if is_member => false,
            tree => mentions(tree.into(), name),
        }
    })
}

/// True if the keyword stands somewhere in the tokens.
pub(crate) fn contains_keyword(tokens: TokenStream, keyword: &str) -> bool {
    any(
        tokens,
        &mut |tree| matches!(tree, TokenTree::Ident(word) if word == keyword),
    )
}

/// True if a `?` stands somewhere in the tokens.
pub(crate) fn contains_question_mark(tokens: TokenStream) -> bool {
    any(
        tokens,
        &mut |tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '?'),
    )
}

fn any(tokens: TokenStream, found: &mut impl FnMut(&TokenTree) -> bool) -> bool {
    tokens.into_iter().any(|tree| {
        found(&tree)
            || match tree {
                TokenTree::Group(group) => any(group.stream(), found),
                _ => false,
            }
    })
}
