//! `server("db.example.com", 5432)`.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::super::option::{Form, RawOption};
use super::wrong_form;

/// Where the database is.
pub(crate) struct Server {
    pub(crate) address: Expr,
    pub(crate) port: Option<Expr>,
}

const FORM: &str = "`server(\"db.example.com\", 5432)`, the port left out if it is the usual one";

impl Server {
    pub(super) fn parse(option: RawOption) -> syn::Result<Self> {
        let span = option.span();
        let Form::List(list) = option.form else {
            return Err(wrong_form(span, "server", FORM));
        };
        let parts = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list)?;
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(address), port, None) => Ok(Self { address, port }),
            _ => Err(wrong_form(span, "server", FORM)),
        }
    }
}
