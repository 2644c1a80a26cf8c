//! What an annotation can stand on.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Token, Visibility};

use super::block::Block;
use super::function::{Function, is_function};

/// What an annotation can stand on.
pub(crate) enum Item {
    Function(Box<Function>),
    Block(Block),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        let _: Option<Token![default]> = ahead.parse()?;
        let _: Option<Token![unsafe]> = ahead.parse()?;
        let _: Option<Token![auto]> = ahead.parse()?;
        if ahead.peek(Token![impl]) || ahead.peek(Token![trait]) {
            return Ok(Self::Block(input.parse()?));
        }
        let starts_function = input.fork();
        let _ = starts_function.call(Attribute::parse_outer)?;
        let _: Visibility = starts_function.parse()?;
        if !is_function(&starts_function) {
            return Err(starts_function
                .error("an annotation stands on a function, an `impl` block or a `trait`"));
        }
        Ok(Self::Function(Box::new(input.parse()?)))
    }
}
