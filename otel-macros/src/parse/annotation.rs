//! Which annotation it is, and the others if several stand on one item.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// An annotation of functions and blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Annotation {
    Traced,
    Metered,
    DbQuery,
}

/// An annotation that was taken off an item.
pub(crate) struct Taken {
    /// All of it.
    pub(crate) attribute: TokenStream,
    /// By what name it went.
    pub(crate) path: TokenStream,
    pub(crate) options: TokenStream,
}

impl Annotation {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Traced => "traced",
            Self::Metered => "metered",
            Self::DbQuery => "db_query",
        }
    }

    /// Those with which this one can be stacked.
    pub(crate) const fn others(self) -> [Self; 2] {
        match self {
            Self::Traced => [Self::Metered, Self::DbQuery],
            Self::Metered => [Self::Traced, Self::DbQuery],
            Self::DbQuery => [Self::Traced, Self::Metered],
        }
    }

    /// Takes this annotation off an item, if it carries it.
    pub(crate) fn take_off(self, item: TokenStream) -> (Option<Taken>, TokenStream) {
        let mut taken = None;
        let mut without = TokenStream::new();
        let mut trees = item.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let is_hash = matches!(&tree, TokenTree::Punct(hash) if hash.as_char() == '#');
            match trees.peek() {
                Some(TokenTree::Group(attr))
                    if is_hash && attr.delimiter() == Delimiter::Bracket =>
                {
                    match self.options_of(attr.stream()) {
                        Some((path, options)) if taken.is_none() => {
                            let attribute = [tree].into_iter().chain(trees.next()).collect();
                            taken = Some(Taken {
                                attribute,
                                path,
                                options,
                            });
                        }
                        _ => {
                            without.extend([tree]);
                            without.extend(trees.next());
                        }
                    }
                }
                _ => {
                    // What follows are no attributes of the item.
                    without.extend([tree]);
                    without.extend(trees);
                    break;
                }
            }
        }
        (taken, without)
    }

    /// The path and the options in `path::to::name(options)`; `None` if it is another attribute.
    fn options_of(self, attr: TokenStream) -> Option<(TokenStream, TokenStream)> {
        let (mut path, mut last) = (TokenStream::new(), None);
        for tree in attr {
            match tree {
                TokenTree::Ident(word) => {
                    last = Some(word == self.name());
                    path.extend([TokenTree::from(word)]);
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' => {
                    path.extend([TokenTree::from(colon)]);
                }
                // What a macro's fragment stands for is in an invisible group.
                TokenTree::Group(fragment)
                    if fragment.delimiter() == Delimiter::None && last.is_none() =>
                {
                    return self.options_of(fragment.stream());
                }
                TokenTree::Group(options)
                    if options.delimiter() == Delimiter::Parenthesis && last == Some(true) =>
                {
                    return Some((path, options.stream()));
                }
                _ => return None,
            }
        }
        (last == Some(true)).then(|| (path, TokenStream::new()))
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Group;
    use quote::quote;

    use super::*;

    #[test]
    fn the_other_annotation_is_taken_off_by_whatever_path_it_goes() {
        let taken = |item: TokenStream| {
            let (taken, item) = Annotation::Metered.take_off(item);
            (
                taken.map(|taken| (taken.path.to_string(), taken.options.to_string())),
                item.to_string(),
            )
        };
        let item = quote!(
            fn f() {}
        );
        let bare = item.to_string();
        assert_eq!(
            taken(quote!(#[metered] #item)),
            (Some(("metered".into(), String::new())), bare.clone())
        );
        assert_eq!(
            taken(quote!(#[::otel_runtime::metered(a = 1)] #item)),
            (
                Some((":: otel_runtime :: metered".into(), "a = 1".into())),
                bare.clone()
            )
        );
        let mut fragment = quote!(#);
        let inner = Group::new(Delimiter::None, quote!(metered(a = 1)));
        fragment.extend([TokenTree::from(Group::new(
            Delimiter::Bracket,
            TokenTree::from(inner).into(),
        ))]);
        assert_eq!(
            taken(quote!(#fragment #item)),
            (Some(("metered".into(), "a = 1".into())), bare)
        );
        for other in [
            quote!(#[inline] #[doc = "metered"] #item),
            quote!(#[cfg_attr(x, metered)] #item),
            quote!(#[metered::other] #item),
            quote!(
                fn f() {
                    #[metered]
                    fn g() {}
                }
            ),
        ] {
            assert_eq!(taken(other.clone()), (None, other.to_string()));
        }
    }
}
