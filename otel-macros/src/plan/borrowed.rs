//! Errors behind `dyn` that may hold a borrow.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// True if the type has a `dyn` in it that need not be `'static`.
///
/// What such an error is cannot be asked, and the compiler, which chooses an implementation
/// without regard to lifetimes, would choose that of a `'static` one and complain later.
pub(super) fn is_dyn_borrowed(ty: &Type) -> bool {
    let mut seen = Seen::default();
    seen.look(ty.to_token_stream());
    seen.dynamic && seen.borrow
}

#[derive(Default)]
struct Seen {
    dynamic: bool,
    borrow: bool,
}

impl Seen {
    fn look(&mut self, tokens: TokenStream) {
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Ident(ident) => self.dynamic |= ident == "dyn",
                TokenTree::Punct(punct) if punct.as_char() == '&' => self.borrow = true,
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let is_static =
                        matches!(trees.peek(), Some(TokenTree::Ident(name)) if name == "static");
                    self.borrow |= !is_static;
                }
                TokenTree::Group(group) => self.look(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dyn_is_borrowed_if_it_may_not_be_static() {
        for (ty, is_borrowed) in [
            ("Box<dyn Error>", false),
            ("Box<dyn Error + Send + 'static>", false),
            ("Result<&'a str, Error>", false),
            ("Result<(), Box<dyn Error + 'a>>", true),
            ("(Box<dyn Error + '_>,)", true),
            ("&dyn Error", true),
        ] {
            let parsed = syn::parse_str(ty).unwrap();
            assert_eq!(is_dyn_borrowed(&parsed), is_borrowed, "{ty}");
        }
    }
}
